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
      const [at, { id, name }] = next;
      const error = await deleteTrashed(services, actor, { guest: id, wait: true }).then(
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
