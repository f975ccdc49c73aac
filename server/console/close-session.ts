import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import { requireDriver } from './require-driver.ts';
import type { ConsoleServices } from './services.ts';

/** Hang a shell up, or forget one that has ended. Throws `not_found` and `forbidden`. */
export async function closeSession(
  services: ConsoleServices,
  actor: Actor,
  input: { session: string },
): Promise<{ session: string }> {
  const session = services.sessions.find(input.session);
  if (!session) throw new AppError('not_found', `there is no shell ${input.session}`, { field: ['session'] });
  await requireDriver(services, actor, session.guestId);
  if (!session.exit) await services.platform.runtime.closeSession(session.id);
  await services.sessions.forget(session.id);
  return { session: session.id };
}
