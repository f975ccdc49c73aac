import { createHash, randomBytes } from 'node:crypto';
import type { Db } from '../db/client.ts';

const HOUR_MS = 3600_000;

/** What a link does, with how long it can be used, ms, and the page that takes it. */
const KINDS = {
  admin: { lifetimeMs: HOUR_MS, page: '/setup' },
  invite: { lifetimeMs: 72 * HOUR_MS, page: '/join' },
  reset: { lifetimeMs: 24 * HOUR_MS, page: '/join' },
} as const;

export interface LinkTarget {
  kind: keyof typeof KINDS;
  role?: string;
  guestId?: string | null;
  project?: string | null;
  tag?: string | null;
  userId?: string;
  createdBy?: string;
}

/** What is kept of a token. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/**
 * A link, good once and for a time: an hour for one that makes an administrator. The token is in the fragment: no server logs
 * it.
 */
export async function createLink(
  db: Pick<Db, 'setupLink'>,
  target: LinkTarget = { kind: 'admin' },
): Promise<{ path: string; expiresAt: string }> {
  const token = randomBytes(32).toString('base64url');
  const { lifetimeMs, page } = KINDS[target.kind];
  const expiresAt = new Date(Date.now() + lifetimeMs);
  await db.setupLink.deleteMany({ where: { expiresAt: { lte: new Date() } } });
  await db.setupLink.create({ data: { ...target, tokenHash: hashToken(token), expiresAt } });
  return { path: `${page}#${token}`, expiresAt: expiresAt.toISOString() };
}
