import { realpathSync } from 'node:fs';
import { type Instance, instanceOf } from './instance.ts';
import { readIdentity } from './instance-file.ts';

/** The instance of a data folder that has been claimed; null when there is none. Throws when it is corrupt. */
export function readInstance(dataDir: string): Instance | null {
  const identity = readIdentity(dataDir);
  return identity === null ? null : instanceOf({ ...identity, dataDir: realpathSync(dataDir) });
}
