import type { IncomingHttpHeaders } from 'node:http';
import { APIError } from 'better-auth/api';
import { z } from 'zod';
import type { Db } from '../db/client.ts';
import { AppError } from '../errors/app-error.ts';
import type { Auth } from './create-auth.ts';
import { headersOf } from './headers-of.ts';
import type { SignedIn } from './schema.ts';
import { takeCode } from './take-code.ts';

/** What better-auth answers to the right password of who has a device. */
export const twoFactorAsked = z.object({ twoFactorRedirect: z.literal(true) });

/** What a device shows; anything else is taken for a recovery code. */
const OF_DEVICE = /^\d{6}$/;

/**
 * The second half of a sign-in, in the same request: `pending` is better-auth's answer to the first, whose cookie says for whom. A code is
 * used up, of the device and for recovery. Throws `unauthenticated` on field `code`, `too_many` after ten wrong ones in a row: then for a quarter of an hour.
 */
export async function enterCode(
  { auth, db }: { auth: Auth; db: Db },
  of: { username: string; code: string | undefined; headers: IncomingHttpHeaders; pending: Headers },
): Promise<SignedIn> {
  const code = of.code?.replaceAll(/\s/g, '') ?? '';
  if (code === '')
    throw new AppError('unauthenticated', 'give the code that your device shows, or a recovery code', {
      field: ['code'],
    });
  const headers = headersOf(of.headers);
  const cookies = of.pending.getSetCookie().map((one) => one.split(';')[0] ?? '');
  headers.set('cookie', cookies.filter((one) => !one.endsWith('=')).join('; '));
  try {
    const options = { body: { code }, headers, returnHeaders: true } as const;
    const answer = OF_DEVICE.test(code)
      ? await takeCode(db, { userId: await idOf(db, of.username), code }, () => auth.api.verifyTOTP(options))
      : await auth.api.verifyBackupCode(options);
    const { id, name, username } = signedIn.parse(answer.response).user;
    return { user: { id, name, username: username ?? id }, setCookies: answer.headers.getSetCookie() };
  } catch (cause) {
    if (!(cause instanceof APIError)) throw cause;
    if (cause.status === 'TOO_MANY_REQUESTS')
      throw new AppError('too_many', 'too many wrong codes: try again in a quarter of an hour', { cause });
    throw new AppError('unauthenticated', 'the code is wrong or was used: give the one that is shown now', {
      field: ['code'],
      cause,
    });
  }
}

const signedIn = z.object({
  user: z.object({ id: z.string(), name: z.string(), username: z.string().nullish() }),
});

/** The password was right, so there is one; better-auth looks for it in small letters. */
async function idOf(db: Db, username: string): Promise<string> {
  const where = { username: username.toLowerCase() };
  return (await db.user.findUniqueOrThrow({ where, select: { id: true } })).id;
}
