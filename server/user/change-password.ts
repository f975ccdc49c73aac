import type { z } from 'zod';
import { auditWithChange } from '../audit/current-call.ts';
import { AttemptLimit } from '../auth/attempt-limit.ts';
import { hashPassword, verifyPassword } from '../auth/hash-password.ts';
import { AppError } from '../errors/app-error.ts';
import { setPassword } from './accept-link.ts';
import type { changePasswordInput } from './schema.ts';
import type { UserServices } from './services.ts';

/** Tries of one person in so many ms: who found a page open does not guess the password there. */
const TRIES = new AttemptLimit(10, 300_000);

/**
 * Change one's own password; every other session ends. Throws `forbidden` on field `current` when that is not the password now,
 * `too_many` after ten tries in five minutes.
 */
export async function changePassword(
  { db, events }: UserServices,
  self: { id: string; current: string | null },
  input: z.output<typeof changePasswordInput>,
): Promise<Record<string, never>> {
  TRIES.take(self.id);
  const account = await db.account.findFirst({
    where: { userId: self.id, providerId: 'credential' },
    select: { password: true },
  });
  if (!(await verifyPassword({ hash: account?.password ?? '', password: input.current }))) {
    throw new AppError('forbidden', 'that is not the password that you have now', { field: ['current'] });
  }
  const hash = await hashPassword(input.password);
  await db.$transaction(async (tx) => {
    await setPassword(tx, self.id, hash, self.current);
    await auditWithChange(tx);
  });
  TRIES.forget(self.id);
  events.publish({ type: 'people.changed' });
  return {};
}
