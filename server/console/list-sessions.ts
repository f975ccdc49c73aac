import type { SessionView } from './schema.ts';
import type { ConsoleServices } from './services.ts';

/** The shells of a guest, oldest first, with those that ended a short while ago. Throws `not_found`. */
export async function listSessions(
  services: ConsoleServices,
  input: { guest: string },
): Promise<SessionView[]> {
  return services.sessions.list(await services.guests.find(input.guest));
}
