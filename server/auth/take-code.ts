import { APIError } from 'better-auth/api';
import type { Db } from '../db/client.ts';

/** ms for which a code of a device is good: its own half minute, and the ones before and after (better-auth's window). */
const GOOD_FOR = 90_000;

/**
 * Check a code of a device with `verify`, once: what was accepted is refused within the time in which it could be good again (RFC
 * 6238, 5.2), also of two that come at once. Throws better-auth's own error for a wrong code, and the same for a used one.
 */
export async function takeCode<T>(
  db: Pick<Db, 'usedCode'>,
  of: { userId: string; code: string },
  verify: () => Promise<T>,
): Promise<T> {
  const now = Date.now();
  await db.usedCode.deleteMany({ where: { expiresAt: { lte: new Date(now) } } });
  const expiresAt = new Date(now + GOOD_FOR);
  // Taken before it is checked: the row can be made once.
  const { count } = await db.usedCode.createMany({ data: [{ ...of, expiresAt }], skipDuplicates: true });
  if (count === 0) throw new APIError('UNAUTHORIZED', { code: 'CODE_USED', message: 'the code was used' });
  try {
    return await verify();
  } catch (error) {
    await db.usedCode.deleteMany({ where: of });
    throw error;
  }
}
