import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import { willHaveHostsRoot } from './judge-change.ts';
import { ownRange } from './own-range.ts';
import { isolationInForce } from './pending-restart.ts';
import { hasHostsRoot, isPrivileged, onlyFor } from './privileges.ts';
import type { GuestRecord } from './record.ts';
import type { GuestServices } from './services.ts';

/**
 * Throws `forbidden` when an actor may not have a terminal or run a command in a guest: whoever is root in one that has ids
 * of the host beyond its own has powers over the host, so only who may make such a guest may enter it. Starting and stopping
 * it, which run what is set, are anybody's. Throws `not_found`.
 */
export async function requireEntry(
  services: Pick<GuestServices, 'db' | 'guests' | 'instance'>,
  actor: Actor,
  ref: string,
): Promise<void> {
  const record = services.guests.get(ref);
  if (await mayEnter(services, actor, record)) return;
  throw new AppError('forbidden', `entering the privileged guest ${record.name} ${onlyFor(actor)}`, {
    field: ['guest'],
  });
}

/** The same as a question, also of one in the trash: who may read what was in its terminals. */
export async function mayEnter(
  services: Pick<GuestServices, 'db' | 'instance'>,
  actor: Actor,
  record: GuestRecord,
): Promise<boolean> {
  // What it runs with counts, not what it will, but for what comes by itself.
  const inForce = record.run ? isolationInForce(record) : record.isolation;
  const own = ownRange(services, record);
  if (!hasHostsRoot(inForce, own) && !(record.revert && willHaveHostsRoot(record, own))) return true;
  return isPrivileged(services, actor);
}
