import type { Db } from '../db/client.ts';
import type { Actor } from '../platform.ts';
import type { Grant, Rights } from './may.ts';
import { BUILT_IN_ROLES, PERMISSION_NAMES, type Permission } from './schema.ts';

/** The client or a transaction of it. */
export type Reader = Pick<Db, 'user' | 'role' | 'grant'>;

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
export async function readGrants(db: Reader, userId: string): Promise<Grant[]> {
  const rows = await db.grant.findMany({
    where: { userId, user: { disabledAt: null } },
    select: { role: true, guestId: true },
  });
  const roles = await readRoles(db, [...new Set(rows.map(({ role }) => role))]);
  return rows.flatMap(({ role, guestId }) => {
    const permissions = roles.get(role);
    return permissions ? [{ permissions, guest: guestId }] : [];
  });
}

/** What an actor may do at this moment. */
export async function readRights(db: Reader, actor: Actor): Promise<Rights> {
  if (actor.kind !== 'user') return { unlimited: true };
  return { unlimited: false, grants: await readGrants(db, actor.id) };
}
