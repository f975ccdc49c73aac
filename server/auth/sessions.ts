import type { IncomingHttpHeaders } from 'node:http';
import type { Db } from '../db/client.ts';
import type { DatabaseState } from '../db/database-state.ts';
import { LastVerified } from '../db/last-verified.ts';
import { withLastKnown } from '../db/with-last-known.ts';
import type { Env } from '../env.ts';
import type { Actor, EventBus } from '../platform.ts';
import { isTokenSession, liveTokenSessions, takeToken, tokenSession } from './api-token.ts';
import type { Auth } from './create-auth.ts';
import { hashToken } from './create-link.ts';
import type { EndingSessions } from './ending-sessions.ts';
import { headersOf } from './headers-of.ts';

/** Who a request comes from. */
export interface Login {
  actor: Extract<Actor, { kind: 'user' }>;
  name: string;
  sessionId: string;
  /** Cookies to send back: the session's end moves with its use. */
  setCookies: string[];
  /** ms since 1970: when it ends unless it is used. */
  endsAt: number;
}

interface Services {
  auth: Auth;
  db: Db;
  env: Pick<Env, 'sessionMaxSeconds'>;
  database: DatabaseState;
  events: EventBus;
  ending: EndingSessions;
}

/** ms between two looks at the sessions of open sockets. */
const LOOK_EVERY = 500;

/**
 * Sessions as requests and open sockets know them. While the database is away those count that it has just confirmed (last-verified.ts),
 * until they end by themselves; what was revoked before counts no more, and nobody new is let in.
 */
export class Sessions {
  readonly #auth: Auth;
  readonly #db: Db;
  readonly #maxMs: number;
  readonly #database: DatabaseState;
  readonly #known = new LastVerified<Login>();
  readonly #ending: EndingSessions;
  readonly #stopHearing: () => void;
  readonly #watched = new Map<string, Set<() => void>>();
  #timer: NodeJS.Timeout | null = null;

  constructor(services: Services) {
    this.#auth = services.auth;
    this.#db = services.db;
    this.#database = services.database;
    this.#ending = services.ending;
    this.#maxMs = services.env.sessionMaxSeconds * 1000;
    this.#stopHearing = services.events.on(({ type }) => {
      if (type !== 'people.changed') return;
      void this.#confirm(this.#known.distrust());
      // Also by another server that shares the database: what its sockets have open ends at once.
      if (this.#watched.size > 0) void this.#look();
    });
  }

  /**
   * Null when nobody is signed in: no cookie, a forged one, or a session that idled, aged or was revoked. Throws `unavailable` while the
   * database is away and has not confirmed it lately.
   */
  async identify(headers: IncomingHttpHeaders): Promise<Login | null> {
    const key = keyOf(headers);
    if (key === null) return null;
    const ask = async () => {
      const { generation } = this.#known;
      const login = await this.#identify(headers);
      if (login === null) this.#known.delete(key);
      else this.#known.keep(key, { ...login, setCookies: [] }, generation);
      return login;
    };
    return withLastKnown(this.#database, { ask, last: () => this.#lastKnown(key) });
  }

  #lastKnown(key: string): Login | null {
    const login = this.#known.get(key);
    return login && Date.now() < login.endsAt ? login : null;
  }

  /**
   * Who has signed out is known no more, by whatever headers, and open sockets of that session end at once, also while the database is
   * away; it forgets the session as soon as it can. A token's goes on: nobody signs in by it.
   */
  async end(sessionId: string): Promise<void> {
    if (isTokenSession(sessionId)) return;
    this.#known.revoke((login) => login.sessionId === sessionId);
    this.#tellEnd(sessionId);
    await this.#ending.end(sessionId);
    // Sockets that were on their way.
    this.#tellEnd(sessionId);
  }

  async #identify(headers: IncomingHttpHeaders): Promise<Login | null> {
    if (headers.authorization !== undefined) return this.#identifyToken(headers);
    if (headers.cookie === undefined) return null;
    const answer = await this.#auth.api.getSession({ headers: headersOf(headers), returnHeaders: true });
    if (answer.response === null) return null;
    const { session, user } = answer.response;
    if (Date.now() - session.createdAt.getTime() > this.#maxMs) {
      await this.#db.session.deleteMany({ where: { id: session.id } });
      return null;
    }
    // A sign-in that came across the disabling left a session.
    if (!(await this.isLive(session.id))) return null;
    return {
      actor: { kind: 'user', id: user.id, username: user.username ?? user.id },
      name: user.name,
      sessionId: session.id,
      setCookies: answer.headers.getSetCookie(),
      endsAt: Math.min(session.expiresAt.getTime(), session.createdAt.getTime() + this.#maxMs),
    };
  }

  /** By a token alone: a cookie that comes with it counts for nothing. */
  async #identifyToken(headers: IncomingHttpHeaders): Promise<Login | null> {
    const token = await takeToken(this.#db, headers);
    if (token === null) return null;
    const { id, name, generation, user, expiresAt } = token;
    return {
      actor: { kind: 'user', id: user.id, username: user.username ?? user.id, token: { id, name } },
      name: user.name,
      sessionId: tokenSession(id, generation),
      setCookies: [],
      endsAt: expiresAt.getTime(),
    };
  }

  /** Those whose session is still there count again. */
  async #confirm(logins: readonly [key: string, login: Login][]): Promise<void> {
    if (logins.length === 0) return;
    const { generation } = this.#known;
    const live = await this.#live(logins.map(([, { sessionId }]) => sessionId)).catch(() => null);
    for (const [key, login] of logins)
      if (live?.has(login.sessionId)) this.#known.keep(key, login, generation);
  }

  /** Which of these sessions are still good; those of tokens too. */
  async #live(all: string[]): Promise<Set<string>> {
    const now = Date.now();
    const ids = all.filter((id) => !isTokenSession(id) && !this.#ending.has(id));
    const tokens = await liveTokenSessions(this.#db, all.filter(isTokenSession));
    const rows = await this.#db.session.findMany({
      where: {
        id: { in: ids },
        expiresAt: { gt: new Date(now) },
        createdAt: { gt: new Date(now - this.#maxMs) },
        user: { disabledAt: null },
      },
      select: { id: true },
    });
    return new Set([...rows.map((row) => row.id), ...tokens]);
  }

  async isLive(sessionId: string): Promise<boolean> {
    return (await this.#live([sessionId])).has(sessionId);
  }

  /** Call `onEnd` once, within a second of the session's end. Returns how to stop watching. */
  watch(sessionId: string, onEnd: () => void): () => void {
    const listeners = this.#watched.get(sessionId) ?? new Set();
    listeners.add(onEnd);
    this.#watched.set(sessionId, listeners);
    this.#timer ??= setInterval(() => void this.#look(), LOOK_EVERY);
    if (this.#ending.has(sessionId)) setImmediate(() => this.#tellEnd(sessionId));
    return () => {
      listeners.delete(onEnd);
      if (listeners.size === 0) this.#watched.delete(sessionId);
      if (this.#watched.size === 0) this.#unwatch();
    };
  }

  async #look(): Promise<void> {
    if (this.#database.awaySince() !== null) return;
    const ids = [...this.#watched.keys()];
    const known = this.#known.entries().filter(([, { sessionId }]) => this.#watched.has(sessionId));
    const { generation } = this.#known;
    // A database that is away revokes nobody; the next look asks again.
    const live = await this.#live(ids).catch(() => null);
    if (live === null) return;
    for (const [key, login] of known) {
      if (live.has(login.sessionId)) this.#known.keep(key, login, generation);
      else this.#known.delete(key);
    }
    for (const id of ids) if (!live.has(id)) this.#tellEnd(id);
  }

  #tellEnd(sessionId: string): void {
    for (const onEnd of this.#watched.get(sessionId) ?? []) onEnd();
    this.#watched.delete(sessionId);
  }

  stop(): void {
    this.#stopHearing();
    this.#unwatch();
  }

  #unwatch(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}

/** What a request is known by, of which nobody learns its secret; null for one that brings none. */
function keyOf({ authorization, cookie }: IncomingHttpHeaders): string | null {
  const secret = authorization ?? cookie;
  return secret === undefined ? null : hashToken(secret);
}
