import type { z } from 'zod';
import { auditWithChange } from '../audit/current-call.ts';
import { confirmSelf } from '../auth/confirm-self.ts';
import { hashPassword } from '../auth/hash-password.ts';
import { setPassword } from './accept-link.ts';
import type { changePasswordInput } from './schema.ts';
import type { UserServices } from './services.ts';

/**
 * Change one's own password; every other session ends. Throws `forbidden` on field `current` when that is not the password now,
 * `too_many` after ten tries in five minutes.
 */
export async function changePassword(
  { db, events }: UserServices,
  self: { id: string; current: string | null },
  input: z.output<typeof changePasswordInput>,
): Promise<Record<string, never>> {
  await confirmSelf(db, self, input.current, 'current');
  const hash = await hashPassword(input.password);
  await db.$transaction(async (tx) => {
    await setPassword(tx, self.id, hash, self.current);
    await auditWithChange(tx);
  });
  events.publish({ type: 'people.changed' });
  return {};
}
