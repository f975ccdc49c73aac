import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import { AttemptLimit } from '../auth/attempt-limit.ts';
import type { Auth } from '../auth/create-auth.ts';
import { networkOf } from '../auth/network-of.ts';
import { openSession } from '../auth/open-session.ts';
import { putPending, takePending } from '../auth/pending.ts';
import type { SignedIn } from '../auth/schema.ts';
import type { Db } from '../db/client.ts';
import { AppError } from '../errors/app-error.ts';
import { PATIENCE, partyOf } from './own-passkeys.ts';
import type { enterPasskeyInput } from './schema.ts';
import { webauthn } from './webauthn.ts';

interface Asking {
  ip: string;
  headers: IncomingHttpHeaders;
}

/** Signs people in by a passkey alone: it says who they are, and the device has asked for their PIN or finger. */
export class PasskeySignIn {
  readonly #auth: Auth;
  readonly #db: Db;
  /** Of one network. */
  readonly #begun = new AttemptLimit(120, 300_000);
  readonly #tries = new AttemptLimit(30, 300_000);

  constructor({ auth, db }: { auth: Auth; db: Db }) {
    this.#auth = auth;
    this.#db = db;
  }

  /** What the browser asks the device with; good once, for five minutes. Throws `unsupported`, `too_many`. */
  async begin({ ip, headers }: Asking) {
    const { rpId } = partyOf(headers);
    this.#begun.take(networkOf(ip));
    const { generateAuthenticationOptions } = await webauthn();
    const options = await generateAuthenticationOptions({
      ...{ rpID: rpId, userVerification: 'required', timeout: PATIENCE },
    });
    await putPending(this.#db, { kind: 'passkey-in', key: options.challenge, value: rpId, forMs: PATIENCE });
    return options;
  }

  /**
   * Check the device's answer and make a session. Throws `unauthenticated`, the same for a passkey that is not known and for an answer
   * that is wrong, late or was given before; `forbidden` for who is disabled.
   */
  async run({ response }: z.output<typeof enterPasskeyInput>, { ip, headers }: Asking): Promise<SignedIn> {
    const { origin, rpId } = partyOf(headers);
    this.#tries.take(networkOf(ip));
    const passkey = await this.#db.passkey.findUnique({ where: { id: response.id } });
    if (passkey === null || passkey.rpId !== rpId) throw refusal(null);
    const { id, userId, counter } = passkey;
    if (Buffer.from(response.response.userHandle, 'base64url').toString() !== userId) throw refusal(null);
    const { verifyAuthenticationResponse } = await webauthn();
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { ...response, clientExtensionResults: {} },
      expectedChallenge: async (challenge) => (await takePending(this.#db, 'passkey-in', challenge)) === rpId,
      expectedOrigin: origin,
      expectedRPID: rpId,
      credential: { id, publicKey: Uint8Array.from(passkey.publicKey), counter: Number(counter) },
    }).catch((cause: unknown) => {
      throw refusal(cause);
    });
    if (!verified) throw refusal(null);
    // A copy of the device that is used at once would count the same.
    const { count } = await this.#db.passkey.updateMany({
      where: { id, counter },
      data: { counter: authenticationInfo.newCounter, usedAt: new Date() },
    });
    if (count !== 1) throw refusal(null);
    this.#tries.forget(networkOf(ip));
    return openSession({ auth: this.#auth, db: this.#db }, userId, headers);
  }
}

function refusal(cause: unknown): AppError {
  return new AppError(
    'unauthenticated',
    'this passkey opens nothing here: it was removed, or the answer came too late; try again or use your password',
    { cause },
  );
}
