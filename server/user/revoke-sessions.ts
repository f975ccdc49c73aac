import type { z } from 'zod';
import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import { changePeople, findPerson } from './change-people.ts';
import type { revokeInput } from './schema.ts';
import type { UserServices } from './services.ts';

/**
 * Sign a user out, everywhere or in one browser: open pages, subscriptions and terminals end within a second. Anybody who manages
 * people may, of anybody: it gives nobody a right. Throws `not_found`.
 */
export async function revokeSessions(
  services: UserServices,
  actor: Actor,
  input: z.output<typeof revokeInput>,
): Promise<{ username: string; ended: number }> {
  const { username, session } = input;
  const ended = await changePeople(services, { actor }, async ({ tx }) => {
    const { id: userId } = await findPerson(tx, username);
    return endThese(tx, { userId, ...(session === undefined ? {} : { id: session }) }, session);
  });
  return { username, ended };
}

/** The same of one's own; without a session all but the one that asks. Throws `not_found`. */
export async function revokeOwn(
  { db, events }: UserServices,
  self: { id: string; current: string | null },
  session: string | undefined,
): Promise<{ ended: number }> {
  const { id: userId, current } = self;
  const other = current === null ? {} : { id: { not: current } };
  const which = session === undefined ? other : { id: session };
  const ended = await endThese(db, { userId, ...which }, session);
  events.publish({ type: 'people.changed' });
  return { ended };
}

async function endThese(
  db: Pick<UserServices['db'], 'session'>,
  where: { userId: string; id?: string | { not: string } },
  named: string | undefined,
): Promise<number> {
  const { count } = await db.session.deleteMany({ where });
  if (count === 0 && named !== undefined) {
    throw new AppError('not_found', 'there is no such session any more', { field: ['session'] });
  }
  return count;
}
