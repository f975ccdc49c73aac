import type { SessionView } from './schema.ts';
import type { ConsoleServices } from './services.ts';
import type { SessionMemory } from './session-book.ts';

function viewOf({ desk }: ConsoleServices, memory: SessionMemory, guest: string): SessionView {
  return { ...memory, guest, ...desk.glance(memory.id) };
}

/** The shells of a guest, oldest first, with those that ended a short while ago. Throws `not_found`. */
export async function listSessions(
  services: ConsoleServices,
  input: { guest: string },
): Promise<SessionView[]> {
  const guest = await services.guests.find(input.guest);
  return (await services.sessions.list(guest.id)).map((memory) => viewOf(services, memory, guest.name));
}

/** The shells of all guests that run and are in reach, oldest first. */
export async function listAllSessions(
  services: ConsoleServices,
  reach: 'everything' | ReadonlySet<string> = 'everything',
): Promise<SessionView[]> {
  const living = (await services.sessions.list()).filter(
    ({ exit, guestId }) => exit === null && (reach === 'everything' || reach.has(guestId)),
  );
  const views = living.map(async (memory) => {
    // A guest that is being deleted takes its shells with it.
    const guest = await services.guests.find(memory.guestId).catch(() => null);
    return guest && viewOf(services, memory, guest.name);
  });
  return (await Promise.all(views)).filter((view) => view !== null);
}
