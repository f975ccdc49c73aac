import { auditQueries } from '../audit/current-call.ts';
import type { Db } from '../db/client.ts';
import { AppError } from '../errors/app-error.ts';
import type { EventBus } from '../platform.ts';
import type { UserRow } from './schema.ts';

/**
 * Grant a user what reaches the host (server/guest/privileges.ts), or take it away. Who loses it is signed out everywhere
 * within a second, so that no terminal stays open that could not be opened any more. Throws `not_found` on field `username`.
 */
export async function setPrivileged(
  { db, events }: { db: Db; events: EventBus },
  input: { username: string; privileged: boolean },
): Promise<UserRow> {
  const { username, privileged } = input;
  const user = await db.user.findUnique({
    where: { username },
    select: { id: true, name: true, createdAt: true },
  });
  if (!user) {
    throw new AppError('not_found', `there is no user ${username}: see berth user ls`, {
      field: ['username'],
    });
  }
  await db.$transaction([
    db.user.update({ where: { id: user.id }, data: { privileged } }),
    // Who reaches the host is linked with a provider by themselves alone (match-person.ts).
    ...(privileged
      ? [db.account.deleteMany({ where: { userId: user.id, providerId: { not: 'credential' } } })]
      : []),
    ...(privileged ? [] : [db.session.deleteMany({ where: { userId: user.id } })]),
    ...auditQueries(db, { type: 'user', id: user.id, name: username }),
  ]);
  events.publish({ type: 'people.changed' });
  return { ...user, username, createdAt: user.createdAt.toISOString(), privileged };
}
