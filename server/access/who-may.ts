import type { Db } from '../db/client.ts';
import { readRoles } from './read-grants.ts';
import type { Permission } from './schema.ts';

/** Names of people that a refusal has. */
const MOST_NAMES = 3;

/** Who has a permission everywhere, by user name, those first who have had a role the longest. At most a few. */
export async function whoMay(db: Db, permission: Permission): Promise<string[]> {
  const rows = await db.grant.findMany({
    where: { guestId: null, project: null, tag: null, user: { disabledAt: null } },
    select: { role: true, user: { select: { username: true } } },
    orderBy: { createdAt: 'asc' },
  });
  const roles = await readRoles(db, [...new Set(rows.map(({ role }) => role))]);
  const names = rows.flatMap(({ role, user }) =>
    roles.get(role)?.has(permission) && user.username ? [user.username] : [],
  );
  return [...new Set(names)].slice(0, MOST_NAMES);
}
