import type { IncomingHttpHeaders } from 'node:http';
import { APIError } from 'better-auth/api';
import type { Db } from '../db/client.ts';
import { AppError } from '../errors/app-error.ts';
import type { Auth } from './create-auth.ts';
import { headersOf } from './headers-of.ts';
import type { SignedIn } from './schema.ts';
import { signOut } from './sign-out.ts';

/**
 * A session for who has proved to be this user by other means than a password; the one that the browser had until now ends. Throws
 * `forbidden` for who is disabled.
 */
export async function openSession(
  { auth, db }: { auth: Auth; db: Db },
  userId: string,
  headers: IncomingHttpHeaders,
): Promise<SignedIn> {
  const select = { id: true, name: true, username: true } as const;
  const { id, name, username } = await db.user.findUniqueOrThrow({ where: { id: userId }, select });
  try {
    const answer = await auth.api.openSession({
      ...{ body: { userId }, headers: headersOf(headers), returnHeaders: true as const },
    });
    if (headers.cookie !== undefined) await signOut(auth, headers);
    return { user: { id, name, username: username ?? id }, setCookies: answer.headers.getSetCookie() };
  } catch (cause) {
    if (!(cause instanceof APIError)) throw cause;
    throw new AppError(
      'forbidden',
      `the account ${username ?? id} is disabled: an administrator can enable it`,
      { cause },
    );
  }
}
