import type { Db } from '../db/client.ts';
import type { Actor } from '../platform.ts';
import { type Grant, narrow, type ProjectReach, type Rights, type TagReach } from './may.ts';
import { BUILT_IN_ROLES, PERMISSION_NAMES, type Permission } from './schema.ts';

/** The client or a transaction of it. */
export type Reader = Pick<Db, 'user' | 'role' | 'grant' | 'apiToken'>;

/** The ids of a project's guests, or of those with a tag, as they come and go. */
export type GuestsIn = (of: { project: string } | { tag: string }) => ReadonlySet<string>;

/** What a role of this name allows, when it is one that is always there; null otherwise. Pure. */
export function builtIn(name: string): readonly Permission[] | null {
  return Object.hasOwn(BUILT_IN_ROLES, name)
    ? BUILT_IN_ROLES[name as keyof typeof BUILT_IN_ROLES].permissions
    : null;
}

/** The names among them that are permissions: a row may be older than the code. Pure. */
export function permissionsOf(names: readonly string[]): Permission[] {
  return PERMISSION_NAMES.filter((name) => names.includes(name));
}

/** What roles of these names allow; those that are not there allow nothing. */
export async function readRoles(
  db: Reader,
  names: readonly string[],
): Promise<Map<string, ReadonlySet<Permission>>> {
  const custom = names.filter((name) => builtIn(name) === null);
  const rows =
    custom.length === 0
      ? []
      : await db.role.findMany({
          where: { name: { in: custom } },
          select: { name: true, permissions: true },
        });
  const found = new Map<string, ReadonlySet<Permission>>();
  for (const { name, permissions } of rows) found.set(name, new Set(permissionsOf(permissions)));
  for (const name of names) {
    const permissions = builtIn(name);
    if (permissions) found.set(name, new Set(permissions));
  }
  return found;
}

/** What a person may do; nothing when the person is disabled or gone. */
export async function readGrants(db: Reader, userId: string, guestsIn: GuestsIn): Promise<Grant[]> {
  return grantsOf(db, { userId, user: { disabledAt: null } }, guestsIn);
}

/** The grants that are found, each with what its role allows; a role that is not there allows nothing. */
export async function grantsOf(
  db: Reader,
  where: { userId: string; user?: { disabledAt: null } },
  guestsIn: GuestsIn,
): Promise<Grant[]> {
  const rows = await db.grant.findMany({
    where,
    select: { role: true, guestId: true, project: true, tag: true },
  });
  const roles = await readRoles(db, [...new Set(rows.map(({ role }) => role))]);
  return rows.flatMap(({ role, guestId, project, tag }) => {
    const permissions = roles.get(role);
    if (!permissions) return [];
    const within = { project: projectReach(project, guestsIn), tag: tagReach(tag, guestsIn) };
    return [{ permissions, guest: guestId, ...within }];
  });
}

/** For a grant; null for none. */
export function projectReach(name: string | null, guestsIn: GuestsIn): ProjectReach | null {
  return name === null ? null : { name, guests: guestsIn({ project: name }) };
}

/** For a grant; null for none. */
export function tagReach(name: string | null, guestsIn: GuestsIn): TagReach | null {
  return name === null ? null : { name, guests: guestsIn({ tag: name }) };
}

/** What an actor may do at this moment. */
export async function readRights(db: Reader, actor: Actor, guestsIn: GuestsIn): Promise<Rights> {
  if (actor.kind !== 'user') return { unlimited: true };
  const grants = await readGrants(db, actor.id, guestsIn);
  if (!actor.token) return { unlimited: false, grants };
  return { unlimited: false, grants: await grantsOfToken(db, actor.token.id, grants, guestsIn) };
}

/** What of its user's grants a token has at this moment; nothing when it is over or gone. */
async function grantsOfToken(
  db: Reader,
  id: string,
  grants: readonly Grant[],
  guestsIn: GuestsIn,
): Promise<Grant[]> {
  const token = await db.apiToken.findFirst({
    where: { id, expiresAt: { gt: new Date() } },
    select: { role: true, permissions: true, project: true },
  });
  if (!token) return [];
  const { role, project } = token;
  const named = new Set(permissionsOf(token.permissions));
  const permissions =
    role === null ? named : ((await readRoles(db, [role])).get(role) ?? new Set<Permission>());
  return narrow(grants, { permissions, project: projectReach(project, guestsIn) });
}
