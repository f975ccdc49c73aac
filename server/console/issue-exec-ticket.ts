import type { z } from 'zod';
import { execEnvironment } from './environment.ts';
import { requireEnter } from './open-shell.ts';
import { requireDriver } from './require-driver.ts';
import type { ConsoleTicket, execInput } from './schema.ts';
import type { ConsoleServices } from './services.ts';
import type { TicketHolder } from './tickets.ts';

/** A ticket that runs one command in a running guest when it is used. Throws `not_found`, `forbidden`, `illegal_state`. */
export async function issueExecTicket(
  services: ConsoleServices,
  holder: TicketHolder,
  input: z.output<typeof execInput>,
): Promise<ConsoleTicket> {
  const guest = await services.guests.find(input.guest);
  await requireDriver(services, holder.actor, guest.id);
  requireEnter(guest);
  const request = {
    command: input.command,
    user: input.user ?? 'root',
    environment: execEnvironment(input.environment),
    workdir: input.workdir ?? null,
  };
  const ticket = services.tickets.issue(holder, { type: 'exec', guestId: guest.id, request });
  return { ticket, session: 'exec' };
}
