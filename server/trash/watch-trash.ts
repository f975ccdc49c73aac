import type { GuestServices } from '../guest/services.ts';
import type { Actor } from '../platform.ts';
import { deleteAllTrashed } from './empty-trash.ts';

/** ms between two looks: what is due goes within a minute. */
const EVERY_MS = 60_000;
/** ms until what could not be deleted is tried again: each time is an operation, and an alarm. */
const AGAIN_MS = 900_000;
const BY: Actor = { kind: 'policy' };

/** Delete for good what the trash has kept for its time by `now` (ms since 1970). `later`: by the guest's id, what has failed (performance.now()). */
export async function endTrashed(
  services: GuestServices,
  now: number,
  later: Map<string, number> = new Map(),
): Promise<void> {
  const { database, guests, operations, log } = services;
  // Nothing is begun that cannot be written down.
  if (database.awaySince() !== null) return;
  const due = guests
    .trashed()
    .filter(({ id, trash }) => trash && Date.parse(trash.until) <= now && !operations.current(id))
    .filter(({ id }) => (later.get(id) ?? 0) <= performance.now());
  for (const { id, name, error } of await deleteAllTrashed(services, BY, due)) {
    later.delete(id);
    if (error === null) continue;
    later.set(id, performance.now() + AGAIN_MS);
    log.error('cannot delete a guest whose time in the trash is over', { guest: name, error: error.message });
  }
}

/** Look now and each minute, until the returned function is called. */
export function watchTrash(services: GuestServices): () => void {
  const later = new Map<string, number>();
  // It never rejects: each failure is told by itself.
  const look = () => void endTrashed(services, Date.now(), later);
  look();
  const timer = setInterval(look, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
