import type { IncomingHttpHeaders } from 'node:http';
import { type Auth, type AuthOptions, cookieName, isSecure } from './create-auth.ts';
import { headersOf } from './headers-of.ts';

/** End the request's session, if it has one. Returns the cookies that make the browser forget it. */
export async function signOut(auth: Auth, headers: IncomingHttpHeaders): Promise<string[]> {
  const answer = await auth.api.signOut({ headers: headersOf(headers), returnHeaders: true });
  return answer.headers.getSetCookie();
}

/** The cookie that makes the browser forget the session without asking the database. */
export function forgetCookie(env: AuthOptions['env']): string {
  const secure = isSecure(env);
  return `${cookieName(secure)}=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
}
