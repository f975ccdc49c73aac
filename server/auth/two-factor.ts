import type { IncomingHttpHeaders } from 'node:http';
import { APIError } from 'better-auth/api';
import type { Db } from '../db/client.ts';
import { AppError } from '../errors/app-error.ts';
import { AttemptLimit } from './attempt-limit.ts';
import type { Auth } from './create-auth.ts';
import { headersOf } from './headers-of.ts';
import { takeCode } from './take-code.ts';

/** Whose browser asks: its headers have the session. */
export interface Self {
  id: string;
  username: string;
  headers: IncomingHttpHeaders;
}

/** What a device is set up with; shown this once. */
export interface NewDevice {
  /** `otpauth://totp/…`. */
  uri: string;
  /** The same secret, to be typed. */
  secret: string;
  /** Each good for one sign-in without the device. */
  recoveryCodes: string[];
}

/** Setting up one's own device for codes, over better-auth. Each takes the password, and cookies of a new session come with what changes it. */
export class TwoFactor {
  readonly #auth: Auth;
  readonly #db: Db;
  /** Tries of one person in so many ms: who found a page open guesses neither the password nor a code there. */
  readonly #tries = new AttemptLimit(10, 300_000);

  constructor({ auth, db }: { auth: Auth; db: Db }) {
    this.#auth = auth;
    this.#db = db;
  }

  /** Begin: nobody is asked for a code until `confirm`. Throws `forbidden` on field `password`, `illegal_state`. */
  async begin(self: Self, password: string): Promise<NewDevice> {
    const body = { password, method: 'totp' } as const;
    const { response } = await this.#asked(self, 'password', () =>
      this.#auth.api.enableTwoFactor({ body, headers: headersOf(self.headers), returnHeaders: true }),
    );
    if (!('totpURI' in response)) throw new Error('better-auth has answered with no secret');
    const secret = new URL(response.totpURI).searchParams.get('secret') ?? '';
    const label = `Berth:${encodeURIComponent(self.username)}`;
    const uri = `otpauth://totp/${label}?secret=${secret}&issuer=Berth&digits=6&period=30`;
    return { uri, secret, recoveryCodes: response.backupCodes };
  }

  /** From now on a code is asked for; this one is used up. Throws `forbidden` on field `code`. Resolves to cookies. */
  async confirm(self: Self, code: string): Promise<string[]> {
    const options = { body: { code }, headers: headersOf(self.headers), returnHeaders: true as const };
    const { headers } = await this.#asked(self, 'code', () =>
      takeCode(this.#db, { userId: self.id, code }, () => this.#auth.api.verifyTOTP(options)),
    );
    return headers.getSetCookie();
  }

  /** No code is asked for any more. Throws `forbidden` on field `password`. Resolves to cookies. */
  async end(self: Self, password: string): Promise<string[]> {
    const { headers } = await this.#asked(self, 'password', () =>
      this.#auth.api.disableTwoFactor({
        ...{ body: { password }, headers: headersOf(self.headers), returnHeaders: true as const },
      }),
    );
    return headers.getSetCookie();
  }

  /** Others in place of those that there were. Throws `forbidden` on field `password`. */
  async newCodes(self: Self, password: string): Promise<{ recoveryCodes: string[] }> {
    const { response } = await this.#asked(self, 'password', () =>
      this.#auth.api.generateBackupCodes({
        ...{ body: { password }, headers: headersOf(self.headers), returnHeaders: true as const },
      }),
    );
    return { recoveryCodes: response.backupCodes };
  }

  async #asked<T>(self: Self, field: 'password' | 'code', ask: () => Promise<T>): Promise<T> {
    this.#tries.take(self.id);
    try {
      const answer = await ask();
      this.#tries.forget(self.id);
      return answer;
    } catch (cause) {
      if (!(cause instanceof APIError)) throw cause;
      const code = cause.body?.code;
      if (code === 'TOTP_ALREADY_ENABLED')
        throw new AppError('illegal_state', 'a device is set up already: end that one first', { cause });
      if (code === 'TWO_FACTOR_NOT_ENABLED' || code === 'TOTP_NOT_ENABLED')
        throw new AppError('illegal_state', 'no device is set up', { cause });
      const wrong =
        field === 'code'
          ? 'that is not the code that the device shows, or it was used: give the one that is shown now'
          : 'that is not the password that you have now';
      throw new AppError('forbidden', wrong, { field: [field], cause });
    }
  }
}
