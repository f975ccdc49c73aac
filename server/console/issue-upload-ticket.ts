import type { z } from 'zod';
import { AppError } from '../errors/app-error.ts';
import { requireEnter } from './open-shell.ts';
import { requireDriver } from './require-driver.ts';
import type { UploadTicket, uploadInput } from './schema.ts';
import type { ConsoleServices } from './services.ts';
import type { TicketHolder } from './tickets.ts';

/**
 * A ticket that brings one file into the directory which a shell is in. Throws `not_found`, `forbidden` (who may only watch), and
 * `illegal_state`.
 */
export async function issueUploadTicket(
  services: ConsoleServices,
  holder: TicketHolder,
  input: z.output<typeof uploadInput>,
): Promise<UploadTicket> {
  const session = services.sessions.find(input.session);
  if (!session || session.exit)
    throw new AppError('not_found', `there is no shell ${input.session}`, { field: ['session'] });
  await requireDriver(services, holder.actor, session.guestId);
  requireEnter(await services.guests.find(session.guestId));
  const folder = await services.platform.runtime.workdirOf(session.id);
  const purpose = { type: 'upload', guestId: session.guestId, request: input } as const;
  return { ticket: services.tickets.issue(holder, purpose), folder };
}
