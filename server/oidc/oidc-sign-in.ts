import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { AttemptLimit } from '../auth/attempt-limit.ts';
import type { Auth } from '../auth/create-auth.ts';
import { networkOf } from '../auth/network-of.ts';
import { openSession } from '../auth/open-session.ts';
import { putPending, takePending } from '../auth/pending.ts';
import type { SignedIn } from '../auth/schema.ts';
import type { Db } from '../db/client.ts';
import { AppError } from '../errors/app-error.ts';
import { askProvider, whoCame } from './ask-provider.ts';
import { linkAccount, matchPerson } from './match-person.ts';
import { readProvider } from './read-providers.ts';
import { CALLBACK_PATH } from './schema.ts';

/** ms for which somebody may be away at a provider. */
const PATIENCE = 600_000;

const pendingSchema = z.object({
  ...{ provider: z.string(), next: z.string() },
  /** Who wants to be linked, rather than signed in. */
  linkTo: z.object({ userId: z.string(), username: z.string(), session: z.string() }).nullable(),
  asked: z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), redirectUri: z.string() }),
});
export type Pending = z.output<typeof pendingSchema>;

/** Signs people in by what a provider of OpenID Connect says, and links their accounts with it. */
export class OidcSignIn {
  readonly #services: { auth: Auth; db: Db; secret: string; isSecure: boolean };
  /** Of one network. */
  readonly #begun = new AttemptLimit(60, 300_000);

  constructor(services: { auth: Auth; db: Db; secret: string; isSecure: boolean }) {
    this.#services = services;
  }

  /**
   * Where the browser goes, and the cookie that it comes back with: nobody else can come back in its place. Throws `not_found` on field
   * `provider`, `unavailable`, `too_many`, `bad_input`.
   */
  async begin(
    of: Omit<Pending, 'asked'>,
    { ip, headers }: { ip: string; headers: IncomingHttpHeaders },
  ): Promise<{ url: string; cookie: string }> {
    const { db, secret } = this.#services;
    this.#begun.take(networkOf(ip));
    // Compared before (origin-guard.ts).
    if (!URL.canParse(headers.origin ?? ''))
      throw new AppError(
        'bad_input',
        'only a page of this console begins that: the header Origin is missing',
      );
    const provider = await readProvider(db, of.provider, secret);
    const { url, asked } = await askProvider(provider, `${headers.origin}${CALLBACK_PATH}`);
    const key = randomBytes(32).toString('base64url');
    const value = JSON.stringify({ ...of, asked } satisfies Pending);
    await putPending(db, { kind: 'oidc', key, value, forMs: PATIENCE });
    return { url, cookie: this.#cookie(key, PATIENCE / 1000) };
  }

  /** What a browser that comes back had begun, once. Null when it had not, or when that is too long ago. */
  async take(headers: IncomingHttpHeaders): Promise<Pending | null> {
    const name = this.#name();
    const cookie = headers.cookie?.split('; ').find((one) => one.startsWith(`${name}=`));
    if (cookie === undefined) return null;
    const value = await takePending(this.#services.db, 'oidc', cookie.slice(name.length + 1));
    return value === null ? null : pendingSchema.parse(JSON.parse(value));
  }

  /** Makes the browser forget that it had begun. */
  get endCookie(): string {
    return this.#cookie('', 0);
  }

  /**
   * Make a session for who came back. Throws `unavailable`, `unauthenticated` for an answer that is none, `not_found` for who is nobody here,
   * `forbidden` for who is disabled.
   */
  async signIn(pending: Pending, query: string, headers: IncomingHttpHeaders): Promise<SignedIn> {
    const { auth, db } = this.#services;
    const claims = await this.#whoCame(pending, query);
    const userId = await db.$transaction((tx) => matchPerson(tx, pending.provider, claims));
    if (userId === null)
      throw new AppError('not_found', `nobody here is linked with that account of ${pending.provider}`);
    return openSession({ auth, db }, userId, headers);
  }

  /** Let who came back sign in as a user. Throws as `signIn` does, and `name_taken` for who is linked with another. */
  async link(pending: Pending, to: NonNullable<Pending['linkTo']>, query: string): Promise<void> {
    const { sub } = await this.#whoCame(pending, query);
    const { userId, session } = to;
    await this.#services.db.$transaction(async (tx) => {
      // Signed out meanwhile, by a new password say: then it was somebody else who had begun.
      if ((await tx.session.count({ where: { id: session, userId } })) === 0)
        throw new AppError('unauthenticated', 'who had begun that is signed out');
      await linkAccount(tx, { userId, provider: pending.provider, sub });
    });
  }

  async #whoCame({ provider, asked }: Pending, query: string) {
    const { db, secret } = this.#services;
    return whoCame(await readProvider(db, provider, secret), asked, query);
  }

  #name(): string {
    return this.#services.isSecure ? '__Host-berth-oidc' : 'berth-oidc';
  }

  /** Lax: the provider's page sends the browser back, and a strict one would stay behind. */
  #cookie(value: string, seconds: number): string {
    const secure = this.#services.isSecure ? '; Secure' : '';
    return `${this.#name()}=${value}; Max-Age=${seconds}; Path=/; HttpOnly; SameSite=Lax${secure}`;
  }
}
