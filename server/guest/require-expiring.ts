import { may } from '../access/may.ts';
import { readRights } from '../access/read-grants.ts';
import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import type { GuestWords } from './record-schema.ts';
import type { GuestServices } from './services.ts';

/**
 * That a guest is deleted on a day is asked of the server by who sets the day or the deed, so it takes the right to delete it. `where`: the
 * guest by its id, or the project in which it is made. Throws `forbidden` on `atExpiry`.
 */
export async function requireExpiring(
  services: Pick<GuestServices, 'db' | 'guests'>,
  actor: Actor,
  of: Pick<GuestWords, 'expires' | 'atExpiry'> & { where: { guest: string } | { project: string } },
): Promise<void> {
  const { expires, atExpiry, where } = of;
  if (expires === null || atExpiry !== 'delete' || actor.kind !== 'user') return;
  const rights = await readRights(services.db, actor, services.guests.guestsOf);
  if (may(rights, 'guest.delete', where)) return;
  throw new AppError(
    'forbidden',
    `you may not delete guests (guest.delete) there, so nothing deletes one for you on a day: choose stop, or root grants it by berth user grant ${actor.username} ROLE`,
    { field: ['atExpiry'] },
  );
}
