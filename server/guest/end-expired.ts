import type { Actor } from '../platform.ts';
import { dayOf } from './expiry-schema.ts';
import type { GuestRecord } from './record.ts';
import type { GuestServices } from './services.ts';
import { stopGuest } from './stop-guest.ts';

/** ms between two looks: what is chosen for a day begins within a minute of it. */
const EVERY_MS = 60_000;
const BY: Actor = { kind: 'policy' };

/**
 * Do what was chosen for guests that have expired by `now` (ms since 1970), once for each day that was set: who starts one again has decided. What
 * cannot be done now, because something else is at work, is tried again the next time.
 */
export async function endExpired(services: GuestServices, now: number): Promise<void> {
  const { guests, operations, log } = services;
  const today = dayOf(now);
  for (const { id } of guests.all()) {
    const record = guests.find(id);
    if (!record || !isDue(record, today) || operations.current(id)) continue;
    try {
      await end(services, record);
      if (guests.find(id)) await guests.update(id, { expiryDone: record.expires });
    } catch (error) {
      log.error('cannot end a guest that has expired', { guest: record.name, error });
    }
  }
}

function isDue({ expires, atExpiry, expiryDone }: GuestRecord, today: string): boolean {
  return expires !== null && atExpiry !== 'nothing' && expires <= today && expiryDone !== expires;
}

async function end(services: GuestServices, { id, state }: GuestRecord): Promise<void> {
  if (state === 'running' || state === 'frozen' || state === 'scheduled')
    await stopGuest(services, BY, { guest: id, wait: true });
}

/** Look now and each minute, until the returned function is called. */
export function watchExpiry(services: GuestServices): () => void {
  let looking = Promise.resolve();
  const look = () => {
    looking = looking.then(() => endExpired(services, Date.now()));
  };
  look();
  const timer = setInterval(look, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
