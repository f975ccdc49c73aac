import type { Db } from '../db/client.ts';
import { AppError } from '../errors/app-error.ts';
import { AttemptLimit } from './attempt-limit.ts';
import { verifyPassword } from './hash-password.ts';

/** Tries of one person in so many ms: who found a page open does not guess the password there. */
const TRIES = new AttemptLimit(10, 300_000);

/** Whether it is still who has signed in. Throws `forbidden` on the field that has the password, `too_many`. */
export async function confirmSelf(
  db: Pick<Db, 'account'>,
  self: { id: string },
  password: string,
  field: 'password' | 'current' = 'password',
): Promise<void> {
  TRIES.take(self.id);
  const account = await db.account.findFirst({
    where: { userId: self.id, providerId: 'credential' },
    select: { password: true },
  });
  if (!(await verifyPassword({ hash: account?.password ?? '', password })))
    throw new AppError('forbidden', 'that is not the password that you have now', { field: [field] });
  TRIES.forget(self.id);
}
