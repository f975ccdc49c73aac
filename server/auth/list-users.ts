import type { Db } from '../db/client.ts';
import type { UserRow } from './schema.ts';

const COLUMNS = { id: true, username: true, name: true, privileged: true, createdAt: true } as const;

/** Every user, by name. */
export async function listUsers(db: Db): Promise<UserRow[]> {
  const rows = await db.user.findMany({ select: COLUMNS, orderBy: { username: 'asc' } });
  return rows.map(({ username, createdAt, ...row }) => ({
    ...row,
    username: username ?? row.id,
    createdAt: createdAt.toISOString(),
  }));
}
