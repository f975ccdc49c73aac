import type { Db } from '../db/client.ts';

type Users = NonNullable<NonNullable<Parameters<Db['session']['deleteMany']>[0]>['where']>['user'];

/** People who lose rights: they are signed out, and what programs of theirs have open ends. Within a second, all of it. */
export async function endSessionsOf(
  tx: Pick<Db, 'session' | 'apiToken'>,
  users: Extract<Users, { id?: unknown }>,
): Promise<void> {
  await tx.session.deleteMany({ where: { user: users } });
  await tx.apiToken.updateMany({ where: { user: users }, data: { generation: { increment: 1 } } });
}
