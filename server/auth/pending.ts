import { createHash } from 'node:crypto';
import type { Db } from '../db/client.ts';
import { newId } from '../db/new-id.ts';

/** What is remembered between the two halves of something that a browser does. */
type Kind = 'passkey-new' | 'passkey-in' | 'oidc';

const identifierOf = (kind: Kind, key: string) =>
  `${kind}:${createHash('sha256').update(key).digest('base64url')}`;

/** Remember a value under a key that cannot be guessed, for so many ms. */
export async function putPending(
  db: Pick<Db, 'verification'>,
  of: { kind: Kind; key: string; value: string; forMs: number },
): Promise<void> {
  const now = Date.now();
  await db.verification.deleteMany({ where: { expiresAt: { lte: new Date(now) } } });
  const identifier = identifierOf(of.kind, of.key);
  const expiresAt = new Date(now + of.forMs);
  await db.verification.create({ data: { id: newId(), identifier, value: of.value, expiresAt } });
}

/** The value, once; null when it was taken, is too old, or never was. */
export async function takePending(
  db: Pick<Db, 'verification'>,
  kind: Kind,
  key: string,
): Promise<string | null> {
  const where = { identifier: identifierOf(kind, key), expiresAt: { gt: new Date() } };
  const row = await db.verification.findFirst({ where, select: { id: true, value: true } });
  if (row === null) return null;
  const { count } = await db.verification.deleteMany({ where: { id: row.id } });
  return count === 1 ? row.value : null;
}
