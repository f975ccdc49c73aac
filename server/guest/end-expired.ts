import type { Actor } from '../platform.ts';
import { trashGuest } from '../trash/trash-guest.ts';
import { dayOf } from './expiry-schema.ts';
import type { GuestRecord } from './record.ts';
import { RetryLater } from './retry-later.ts';
import type { GuestServices } from './services.ts';
import { stopGuest } from './stop-guest.ts';

/** ms between two looks: what is chosen for a day begins within a minute of it. */
const EVERY_MS = 60_000;
const BY: Actor = { kind: 'policy' };

/**
 * Do what was chosen for guests that have expired by `now` (ms since 1970), once for each day that was set: who starts one again has decided. What
 * cannot be done now, because something else is at work, is tried again the next time; what has failed, when `later` says so.
 */
export async function endExpired(
  services: GuestServices,
  now: number,
  later = new RetryLater(),
): Promise<void> {
  const { database, guests, operations, log } = services;
  // Nothing is begun that cannot be written down.
  if (database.awaySince() !== null) return;
  const today = dayOf(now);
  const due = guests
    .all()
    .filter((record) => isDue(record, today) && !operations.current(record.id))
    .filter(({ id }) => later.may(id));
  // All at once: one that takes its time holds up no other.
  await Promise.all(
    due.map(async (record) => {
      try {
        await end(services, record);
        if (guests.findAny(record.id)) await guests.update(record.id, { expiryDone: record.expires });
        later.done(record.id);
      } catch (error) {
        later.failed(record.id);
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
  const later = new RetryLater();
  // It never rejects; one that is still at work is left to it.
  const look = () => void endExpired(services, Date.now(), later);
  look();
  const timer = setInterval(look, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
