import { RetryLater } from '../guest/retry-later.ts';
import type { GuestServices } from '../guest/services.ts';
import type { Actor } from '../platform.ts';
import { deleteAllTrashed } from './empty-trash.ts';

/** ms between two looks: what is due goes within a minute. */
const EVERY_MS = 60_000;
/** ms that the wall clock may gain between two looks: as much as what is due may be early or late. */
const JUMP_MS = 60_000;
const BY: Actor = { kind: 'policy' };

/** Delete for good what the trash has kept for its time by `now` (ms since 1970). `later`: what has failed. */
export async function endTrashed(
  services: GuestServices,
  now: number,
  later = new RetryLater(),
): Promise<void> {
  const { database, guests, operations, log } = services;
  // Nothing is begun that cannot be written down.
  if (database.awaySince() !== null) return;
  const due = guests
    .trashed()
    .filter(({ id, trash }) => trash && Date.parse(trash.until) <= now && !operations.current(id))
    .filter(({ id }) => later.may(id));
  const results = await deleteAllTrashed(services, BY, due);
  for (const [at, { id, name, error }] of results.entries()) {
    later.done(id);
    // One that came back meanwhile is none that has failed.
    if (error === null || guests.findAny(id)?.trash?.at !== due[at]?.trash?.at) continue;
    later.failed(id);
    log.error('cannot delete a guest whose time in the trash is over', { guest: name, error: error.message });
  }
}

/**
 * Looks at the trash when it is called with what the clocks say, ms: by the wall (since 1970), and of the time that really passed. What is
 * deleted for good on the word of a clock that has just jumped ahead is lost: that look is skipped. So is one while another is at work.
 */
export function trashLooks(
  services: GuestServices,
  start: { wall: number; steady: number },
): (now: { wall: number; steady: number }) => Promise<void> {
  const later = new RetryLater();
  let last = start;
  let isLooking = false;
  return async (now) => {
    const gained = now.wall - last.wall - (now.steady - last.steady);
    last = now;
    if (isLooking) return;
    if (gained > JUMP_MS) {
      services.log.warn('the clock has jumped ahead: nothing in the trash is deleted for now', {
        ms: gained,
      });
      return;
    }
    isLooking = true;
    // It never rejects: each failure is told by itself.
    await endTrashed(services, now.wall, later).finally(() => {
      isLooking = false;
    });
  };
}

/** Look each minute, first in a minute, when the clock of a host that has just booted is set; until the returned function is called. */
export function watchTrash(services: GuestServices): () => void {
  const clocks = () => ({ wall: Date.now(), steady: performance.now() });
  const look = trashLooks(services, clocks());
  const timer = setInterval(() => void look(clocks()), EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
