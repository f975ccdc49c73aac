import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../errors/app-error.ts';
import { SLOTS } from './instance.ts';

const identity = z.object({
  slot: z
    .number()
    .int()
    .min(0)
    .max(SLOTS - 1),
  id: z.string().regex(/^[0-9a-f]{32}$/),
});
const claim = identity.extend({
  dataDir: z.string().startsWith('/'),
  /** Who was claiming: while it lives, a claim without a data folder is not stale. */
  claimer: z.object({ pid: z.number().int().positive(), startTime: z.string() }),
});

/** What a data folder says of itself: `instance.json`. */
export type Identity = z.infer<typeof identity>;

/** What the host keeps of an instance: `/etc/berth/instances/<slot>.json`. */
export type Claim = z.infer<typeof claim>;

/** Where claims are, when a test does not say otherwise. */
export const CLAIMS_DIR = '/etc/berth/instances';

export const identityPath = (dataDir: string): string => join(dataDir, 'instance.json');
export const claimPath = (claimsDir: string, slot: number): string => join(claimsDir, `${slot}.json`);

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOENT') return null;
    throw new AppError('illegal_state', `cannot read ${path}: ${String(code)}`, { cause });
  }
}

function parse<T>(path: string, text: string, schema: z.ZodType<T>, advice: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const shown = JSON.stringify(text.slice(0, 60));
    throw new AppError('illegal_state', `${path} is corrupt (it begins with ${shown}): ${advice}`, { cause });
  }
}

/** Null when the folder has none. Throws AppError `illegal_state` when it is corrupt; it is never repaired by guessing. */
export function readIdentity(dataDir: string): Identity | null {
  const path = identityPath(dataDir);
  const text = readOrNull(path);
  const advice = 'restore it from a backup, or move the whole data folder away';
  return text === null ? null : parse(path, text, identity, advice);
}

/** Null when the slot is free. Throws AppError `illegal_state` when the claim is corrupt. */
export function readClaim(claimsDir: string, slot: number): Claim | null {
  const path = claimPath(claimsDir, slot);
  const text = readOrNull(path);
  return text === null ? null : parse(path, text, claim, 'remove it if no Berth of this host uses the slot');
}
