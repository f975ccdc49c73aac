import type { IncomingHttpHeaders } from 'node:http';
import { APIError } from 'better-auth/api';
import type { z } from 'zod';
import type { Db } from '../db/client.ts';
import { AppError } from '../errors/app-error.ts';
import { AttemptLimit } from './attempt-limit.ts';
import type { Auth } from './create-auth.ts';
import { enterCode, twoFactorAsked } from './enter-code.ts';
import { headersOf } from './headers-of.ts';
import { networkOf } from './network-of.ts';
import type { SignedIn, signInInput } from './schema.ts';
import { signOut } from './sign-out.ts';

const MINUTE = 60_000;
/** Tries of one account, from wherever; and of one network (network-of.ts), at whatever accounts. */
const PER_ACCOUNT = { most: 10, windowMs: 5 * MINUTE };
const PER_NETWORK = { most: 30, windowMs: 5 * MINUTE };

/** Signs people in, and counts the tries. */
export class SignIn {
  readonly #auth: Auth;
  readonly #db: Db;
  readonly #accounts = new AttemptLimit(PER_ACCOUNT.most, PER_ACCOUNT.windowMs);
  readonly #networks = new AttemptLimit(PER_NETWORK.most, PER_NETWORK.windowMs);

  constructor({ auth, db }: { auth: Auth; db: Db }) {
    this.#auth = auth;
    this.#db = db;
  }

  /**
   * Check a password, and a code where the user has a device for them, and make a session; the one that the browser had until now ends.
   * Throws AppError: `unauthenticated`, the same for a wrong password and an unknown user, on field `code` for one that is missing or
   * wrong; `forbidden` for the right password of who is disabled; `too_many` when an account or a network has tried too often.
   */
  async run(
    input: z.output<typeof signInInput>,
    request: { ip: string; headers: IncomingHttpHeaders },
  ): Promise<SignedIn> {
    const account = input.username.toLowerCase();
    const network = networkOf(request.ip);
    this.#networks.take(network);
    this.#accounts.take(account);
    const signedIn = await this.#check(input, request.headers);
    this.#accounts.forget(account);
    this.#networks.forget(network);
    if (request.headers.cookie !== undefined) await signOut(this.#auth, request.headers);
    return signedIn;
  }

  async #check(input: z.output<typeof signInInput>, headers: IncomingHttpHeaders): Promise<SignedIn> {
    try {
      const { headers: answer, response } = await this.#auth.api.signInUsername({
        body: { username: input.username, password: input.password },
        headers: headersOf(headers),
        returnHeaders: true,
      });
      const asked = twoFactorAsked.safeParse(response).success;
      const services = { auth: this.#auth, db: this.#db };
      if (asked) return await enterCode(services, { ...input, code: input.code, headers, pending: answer });
      const { id, name, username } = response.user;
      return { user: { id, name, username }, setCookies: answer.getSetCookie() };
    } catch (cause) {
      if (!(cause instanceof APIError)) throw cause;
      if (cause.status === 'FORBIDDEN') {
        throw new AppError(
          'forbidden',
          `the account ${input.username} is disabled: an administrator can enable it`,
          {
            field: ['username'],
            cause,
          },
        );
      }
      throw new AppError('unauthenticated', 'the user name or the password is wrong', {
        field: ['password'],
        cause,
      });
    }
  }
}
