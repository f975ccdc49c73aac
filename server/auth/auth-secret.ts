import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../errors/app-error.ts';
import { writeDurably } from '../instance/write-durably.ts';

/** The key that signs cookies: made once, root's only. Throws AppError `illegal_state` when the file is corrupt. */
export function authSecret(dataDir: string): string {
  const path = join(dataDir, 'auth-secret');
  writeDurably(path, randomBytes(32).toString('hex'), 0o600);
  const secret = readFileSync(path, 'utf8');
  if (/^[0-9a-f]{64}$/.test(secret)) return secret;
  throw new AppError('illegal_state', `${path} is corrupt: remove it (everybody has to sign in again)`);
}

/** What may be told of the key, so that those who have the same know it: nobody finds out 256 bits from it. Pure. */
export function keyHashOf(secret: string): string {
  return createHash('sha256').update(`berth key ${secret}`).digest('hex');
}
