import { prismaAdapter } from 'better-auth/adapters/prisma';
import { APIError } from 'better-auth/api';
import { betterAuth } from 'better-auth/minimal';
import { twoFactor } from 'better-auth/plugins/two-factor';
import { username } from 'better-auth/plugins/username';
import type { Db } from '../db/client.ts';
import { newId } from '../db/new-id.ts';
import type { Env } from '../env.ts';
import type { Log } from '../platform.ts';
import { hashPassword, verifyPassword } from './hash-password.ts';
import { sessionPlugin } from './session-plugin.ts';

/** s between two writes that only push a session's end away. */
const REFRESH_EVERY = 60;

export interface AuthOptions {
  db: Db;
  env: Pick<Env, 'plainHttp' | 'publicOrigins' | 'sessionIdleSeconds' | 'sessionMaxSeconds'>;
  /** Signs cookies; kept in the data folder. */
  secret: string;
  log: Log;
}

/**
 * Whether browsers come by TLS alone: to us, or to a proxy before us when all that browsers may come from is https. Then the cookie is
 * `__Host-`: only over TLS, only for this very host, never by a subdomain (RFC 6265bis).
 */
export function isSecure({ plainHttp, publicOrigins }: AuthOptions['env']): boolean {
  const named = publicOrigins.length > 0 && publicOrigins.every((origin) => origin.startsWith('https:'));
  return !plainHttp || named;
}

/** Of the session. Pure. */
export const cookieName = (secure: boolean) => (secure ? '__Host-berth-session' : 'berth-session');

/**
 * better-auth with user names, passwords, codes of a device and the sessions of all ways to sign in, and nothing else: no sign-up, no
 * e-mail. Its HTTP handler is not mounted; sign-in.ts, open-session.ts and sign-out.ts call the endpoints that Berth has.
 */
export function createAuth({ db, env, secret, log }: AuthOptions) {
  const secure = isSecure(env);
  return betterAuth({
    appName: 'Berth',
    // Never used to build a link: there are no e-mails and no redirects.
    baseURL: env.plainHttp ? 'http://localhost' : 'https://localhost',
    secret,
    database: prismaAdapter(db, { provider: 'postgresql' }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 1,
      maxPasswordLength: 128,
      password: { hash: hashPassword, verify: verifyPassword },
    },
    plugins: [
      username({
        minUsernameLength: 1,
        maxUsernameLength: 100,
        usernameValidator: () => true,
      }),
      // Password and code come in one request (sign-in.ts), so what is between them is over at once.
      twoFactor({ issuer: 'Berth', twoFactorCookieMaxAge: 60 }),
      sessionPlugin(),
    ],
    // Disabled meanwhile or before: no session is made, however one signs in.
    databaseHooks: {
      session: {
        create: {
          before: async ({ userId }) => {
            const where = { id: userId, disabledAt: null };
            if ((await db.user.count({ where })) === 0) throw new APIError('FORBIDDEN');
          },
        },
      },
    },
    session: {
      expiresIn: env.sessionIdleSeconds,
      updateAge: Math.min(REFRESH_EVERY, Math.floor(env.sessionIdleSeconds / 4)),
      cookieCache: { enabled: false },
    },
    advanced: {
      useSecureCookies: false,
      cookies: {
        session_token: {
          name: cookieName(secure),
          attributes: { secure, httpOnly: true, sameSite: 'strict', path: '/' },
        },
      },
      database: { generateId: () => newId() },
      ipAddress: { ipAddressHeaders: ['x-forwarded-for'] },
    },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: {
      level: 'error',
      log: (level, message, ...details) =>
        log[level === 'error' ? 'error' : 'warn'](`auth: ${message}`, { details }),
    },
  });
}

export type Auth = ReturnType<typeof createAuth>;
