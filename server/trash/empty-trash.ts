import { AppError } from '../errors/app-error.ts';
import { errorBody } from '../errors/error-body.ts';
import type { GuestRecord } from '../guest/record.ts';
import type { GuestServices } from '../guest/services.ts';
import type { Actor } from '../platform.ts';
import { deleteTrashed } from './delete-trashed.ts';
import type { EmptiedGuest } from './schema.ts';

/** Guests whose files go at the same time. */
const AT_ONCE = 4;

/** Delete all for good that are in the trash and in reach, each by an operation of its own; resolves when all have ended. */
export async function emptyTrash(
  services: GuestServices,
  actor: Actor,
  { project, reach = 'everything' }: { project?: string; reach?: 'everything' | ReadonlySet<string> },
): Promise<EmptiedGuest[]> {
  const all = services.guests
    .trashed()
    .filter(({ id }) => reach === 'everything' || reach.has(id))
    .filter((record) => project === undefined || record.project === project);
  return deleteAllTrashed(services, actor, all);
}

/** These of the trash, a few at a time; each is told of, whatever became of the others. */
export async function deleteAllTrashed(
  services: GuestServices,
  actor: Actor,
  records: readonly GuestRecord[],
): Promise<EmptiedGuest[]> {
  const waiting = [...records.entries()];
  const results: EmptiedGuest[] = [];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [at, record] = next;
      const { id, name } = record;
      const error = await deleteAsMeant(services, actor, record).then(
        () => null,
        (thrown: unknown) => {
          const { code, message } = errorBody(thrown);
          return { code, message };
        },
      );
      results[at] = { id, name, error };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

/** One that came back while it waited for its turn, and perhaps was deleted anew, is not what was meant. Throws `not_found`. */
async function deleteAsMeant(
  services: GuestServices,
  actor: Actor,
  { id, name, trash }: GuestRecord,
): Promise<void> {
  if (services.guests.getTrashed(id).trash?.at !== trash?.at)
    throw new AppError('not_found', `guest ${name} was restored meanwhile, and put into the trash again`);
  await deleteTrashed(services, actor, { guest: id, wait: true });
}
