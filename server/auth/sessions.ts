import type { IncomingHttpHeaders } from 'node:http';
import type { Db } from '../db/client.ts';
import type { Env } from '../env.ts';
import type { Actor } from '../platform.ts';
import { isTokenSession, liveTokenSessions, takeToken, tokenSession } from './api-token.ts';
import type { Auth } from './create-auth.ts';
import { headersOf } from './headers-of.ts';

/** Who a request comes from. */
export interface Login {
  actor: Extract<Actor, { kind: 'user' }>;
  name: string;
  sessionId: string;
  /** Cookies to send back: the session's end moves with its use. */
  setCookies: string[];
}

/** ms between two looks at the sessions of open sockets. */
const LOOK_EVERY = 500;

/** Sessions as requests and open sockets know them. */
export class Sessions {
  readonly #auth: Auth;
  readonly #db: Db;
  readonly #maxMs: number;
  readonly #watched = new Map<string, Set<() => void>>();
  #timer: NodeJS.Timeout | null = null;

  constructor(services: { auth: Auth; db: Db; env: Pick<Env, 'sessionMaxSeconds'> }) {
    this.#auth = services.auth;
    this.#db = services.db;
    this.#maxMs = services.env.sessionMaxSeconds * 1000;
  }

  /** Null when nobody is signed in: no cookie, a forged one, or a session that idled, aged or was revoked. */
  async identify(headers: IncomingHttpHeaders): Promise<Login | null> {
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
    };
  }

  /** By a token alone: a cookie that comes with it counts for nothing. */
  async #identifyToken(headers: IncomingHttpHeaders): Promise<Login | null> {
    const token = await takeToken(this.#db, headers);
    if (token === null) return null;
    const { id, name, generation, user } = token;
    return {
      actor: { kind: 'user', id: user.id, username: user.username ?? user.id, token: { id, name } },
      name: user.name,
      sessionId: tokenSession(id, generation),
      setCookies: [],
    };
  }

  /** Which of these sessions are still good; those of tokens too. */
  async #live(all: string[]): Promise<Set<string>> {
    const now = Date.now();
    const ids = all.filter((id) => !isTokenSession(id));
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
    return () => {
      listeners.delete(onEnd);
      if (listeners.size === 0) this.#watched.delete(sessionId);
      if (this.#watched.size === 0) this.stop();
    };
  }

  async #look(): Promise<void> {
    const ids = [...this.#watched.keys()];
    // A database that is away revokes nobody; the next look asks again.
    const live = await this.#live(ids).catch(() => new Set(ids));
    for (const id of ids) {
      if (live.has(id)) continue;
      for (const onEnd of this.#watched.get(id) ?? []) onEnd();
      this.#watched.delete(id);
    }
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}
