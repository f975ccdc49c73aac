import type { Actor } from '../platform.ts';
import { trashGuest } from '../trash/trash-guest.ts';
import { dayOf } from './expiry-schema.ts';
import type { GuestRecord } from './record.ts';
import type { GuestServices } from './services.ts';
import { stopGuest } from './stop-guest.ts';

/** ms between two looks: what is chosen for a day begins within a minute of it. */
const EVERY_MS = 60_000;
/** ms until what has failed is tried again: each time is an operation, and an alarm. */
const AGAIN_MS = 900_000;
const BY: Actor = { kind: 'policy' };

/**
 * Do what was chosen for guests that have expired by `now` (ms since 1970), once for each day that was set: who starts one again has decided. What
 * cannot be done now, because something else is at work, is tried again the next time; what has failed, not before what `later` says (by the
 * guest's id, performance.now()).
 */
export async function endExpired(
  services: GuestServices,
  now: number,
  later: Map<string, number> = new Map(),
): Promise<void> {
  const { database, guests, operations, log } = services;
  // Nothing is begun that cannot be written down.
  if (database.awaySince() !== null) return;
  const today = dayOf(now);
  const due = guests
    .all()
    .filter((record) => isDue(record, today) && !operations.current(record.id))
    .filter(({ id }) => (later.get(id) ?? 0) <= performance.now());
  // All at once: one that takes its time holds up no other.
  await Promise.all(
    due.map(async (record) => {
      try {
        await end(services, record);
        if (guests.findAny(record.id)) await guests.update(record.id, { expiryDone: record.expires });
        later.delete(record.id);
      } catch (error) {
        later.set(record.id, performance.now() + AGAIN_MS);
        log.error('cannot end a guest that has expired', { guest: record.name, error });
      }
    }),
  );
}

function isDue({ expires, atExpiry, expiryDone }: GuestRecord, today: string): boolean {
  return expires !== null && atExpiry !== 'nothing' && expires <= today && expiryDone !== expires;
}

async function end(services: GuestServices, { id, state, atExpiry }: GuestRecord): Promise<void> {
  if (atExpiry === 'delete') {
    await trashGuest(services, BY, { guest: id, force: true, wait: true, orDelete: true });
    return;
  }
  if (state === 'running' || state === 'frozen' || state === 'scheduled')
    await stopGuest(services, BY, { guest: id, wait: true });
}

/** Look now and each minute, until the returned function is called. */
export function watchExpiry(services: GuestServices): () => void {
  const later = new Map<string, number>();
  // It never rejects; one that is still at work is left to it.
  const look = () => void endExpired(services, Date.now(), later);
  look();
  const timer = setInterval(look, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
