import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import { requireDriver } from './require-driver.ts';
import type { ConsoleServices } from './services.ts';

/** Give a shell a name that people know it by, or take it away. Throws `not_found` and `forbidden`. */
export async function renameSession(
  services: ConsoleServices,
  actor: Actor,
  input: { session: string; name: string | null },
): Promise<{ session: string; name: string | null }> {
  const session = services.sessions.find(input.session);
  if (!session) throw new AppError('not_found', `there is no shell ${input.session}`, { field: ['session'] });
  await requireDriver(services, actor, session.guestId);
  await services.sessions.rename(input.session, input.name);
  services.desk.tellPeople(input.session);
  return input;
}
