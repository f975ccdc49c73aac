import { covers, type Grant } from '../access/may.ts';
import { readRights, readRoles } from '../access/read-grants.ts';
import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import type { GuestServices } from './services.ts';

/**
 * Whoever has a role for a tag has it for each guest that gets the tag, so giving it takes what the role allows: nobody gives more than they
 * have themselves. `where`: the guest by its id, or the project in which it is made. Throws `forbidden` on `field`.
 */
export async function requireTaggable(
  services: Pick<GuestServices, 'db' | 'guests'>,
  actor: Actor,
  of: { tags: readonly string[]; where: { guest: string } | { project: string }; field: string },
): Promise<void> {
  const { db, guests } = services;
  const { tags, where, field } = of;
  if (tags.length === 0 || actor.kind !== 'user') return;
  const named = { where: { tag: { in: [...tags] } }, select: { tag: true, role: true } };
  const given = [...(await db.grant.findMany(named)), ...(await db.setupLink.findMany(named))];
  if (given.length === 0) return;
  const rights = await readRights(db, actor, guests.guestsOf);
  const roles = await readRoles(db, [...new Set(given.map(({ role }) => role ?? ''))]);
  for (const { tag, role } of given) {
    const permissions = roles.get(role ?? '') ?? new Set();
    const project = 'project' in where ? { name: where.project, guests: new Set<string>() } : null;
    const grant: Grant = { permissions, guest: 'guest' in where ? where.guest : null, project };
    if (!covers(rights, [grant]))
      throw new AppError(
        'forbidden',
        `the tag ${tag} is not yours to give: somebody has the role ${role} for its guests, which allows more than you may there`,
        { field: [field] },
      );
  }
}
