import { createHash, randomBytes } from 'node:crypto';
import type { Db } from '../db/client.ts';

const LIFETIME_MS = 3600_000;

/** What is kept of a token. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** A link, good once and for an hour, that makes an administrator. The token is in the fragment: no server logs it. */
export async function createLink(db: Db): Promise<{ path: string; expiresAt: string }> {
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(Date.now() + LIFETIME_MS);
  await db.$transaction([
    db.setupLink.deleteMany({ where: { expiresAt: { lte: new Date() } } }),
    db.setupLink.create({ data: { tokenHash: hashToken(token), expiresAt } }),
  ]);
  return { path: `/setup#${token}`, expiresAt: expiresAt.toISOString() };
}
