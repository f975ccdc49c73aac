import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Db } from '../db/client.ts';
import { hashToken } from './create-link.ts';

/** Secrets begin with it, so that scanners of repositories find one that was left there. */
const PREFIX = 'berth_';
const SCHEME = /^Bearer +(berth_[\w-]{43})$/i;
/** ms between two writes of when it was used last. */
const NOTE_EVERY = 60_000;

/** 256 random bits, and what is kept of them. */
export function newSecret(): { secret: string; secretHash: string } {
  const secret = `${PREFIX}${randomBytes(32).toString('base64url')}`;
  return { secret, secretHash: hashToken(secret) };
}

/** The token that a request comes with, whose use is noted; null for none, one that is over, and one of a disabled user. */
export async function takeToken(db: Db, headers: IncomingHttpHeaders) {
  const secret = SCHEME.exec(headers.authorization ?? '')?.[1];
  if (secret === undefined) return null;
  const now = new Date();
  const token = await db.apiToken.findFirst({
    where: { secretHash: hashToken(secret), expiresAt: { gt: now }, user: { disabledAt: null } },
    select: {
      ...{ id: true, name: true, generation: true, usedAt: true, expiresAt: true },
      user: { select: { id: true, username: true, name: true } },
    },
  });
  if (token === null) return null;
  if (token.usedAt === null || now.getTime() - token.usedAt.getTime() > NOTE_EVERY) {
    const address = headers['x-forwarded-for'];
    const usedFrom = typeof address === 'string' ? address.slice(0, 64) : null;
    await db.apiToken.updateMany({ where: { id: token.id }, data: { usedAt: now, usedFrom } });
  }
  return token;
}

/** What sockets of a token are watched by, as those of a browser are by its session. Pure. */
export const tokenSession = (id: string, generation: number) => `token:${id}:${generation}`;
export const isTokenSession = (sessionId: string) => sessionId.startsWith('token:');

/** Those whose token is there, is not over, and whose user has lost no rights since. */
export async function liveTokenSessions(db: Db, sessions: readonly string[]): Promise<string[]> {
  if (sessions.length === 0) return [];
  const ids = sessions.map((session) => session.split(':')[1] ?? '');
  const rows = await db.apiToken.findMany({
    where: { id: { in: ids }, expiresAt: { gt: new Date() }, user: { disabledAt: null } },
    select: { id: true, generation: true },
  });
  const live = new Set(rows.map(({ id, generation }) => tokenSession(id, generation)));
  return sessions.filter((session) => live.has(session));
}
