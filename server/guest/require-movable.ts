import { covers } from '../access/may.ts';
import { readRights, readRoles } from '../access/read-grants.ts';
import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import type { GuestServices } from './services.ts';
import { patched, settingsOf } from './settings.ts';
import { requireVolumeRight } from './volume-right.ts';

/** What a role for a project allows of each of its guests; the rest is of the project or of more. */
const OF_A_GUEST = /^(guest|console)\./;

/**
 * Whoever has a role for a project has it for each guest that comes into it, the mover too, so moving takes what these roles allow of the
 * guest: nobody gives more than they have themselves. Its volumes come along, so it takes the right to these too. Throws `forbidden`, on
 * field `project` or that of the mount.
 */
export async function requireMovable(
  services: Pick<GuestServices, 'db' | 'guests' | 'volumes'>,
  actor: Actor,
  { id, project }: { id: string; project: string },
): Promise<void> {
  if (actor.kind !== 'user') return;
  const { db, guests } = services;
  const record = guests.get(id);
  const settings = settingsOf(record);
  // What comes back when a change on trial ends comes along too.
  const back = record.revert ? [patched(settings, record.revert.back)] : [];
  for (const one of [settings, ...back])
    await requireVolumeRight(services, actor, null, one, record.installation);
  const named = { where: { project }, select: { role: true } };
  const given = [...(await db.grant.findMany(named)), ...(await db.setupLink.findMany(named))];
  const roles = await readRoles(db, [...new Set(given.map(({ role }) => role ?? ''))]);
  const rights = await readRights(db, actor, guests.guestsOf);
  for (const [role, all] of roles) {
    const permissions = new Set([...all].filter((name) => OF_A_GUEST.test(name)));
    if (covers(rights, [{ permissions, guest: id }])) continue;
    throw new AppError(
      'forbidden',
      `the guest is not yours to bring into project ${project}: somebody has the role ${role} there, which allows more than you may with it`,
      { field: ['project'] },
    );
  }
}
