import { readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { bootId, isAlive, ownIdentity } from '../child/process-identity.ts';
import { AppError } from '../errors/app-error.ts';
import type { Instance } from './instance.ts';
import { writeDurably } from './write-durably.ts';

const holder = z.object({ pid: z.number(), startTime: z.string(), bootId: z.string() });

function holderOf(path: string): z.infer<typeof holder> | null {
  try {
    const found = holder.parse(JSON.parse(readFileSync(path, 'utf8')));
    return found.bootId === bootId() && isAlive(found) ? found : null;
  } catch {
    return null;
  }
}

/**
 * One server an instance. Returns how to unlock; a server that died unlocks by dying. Throws AppError `busy` that
 * names the pid of the other.
 */
export function lockInstance(instance: Pick<Instance, 'runDir' | 'dataDir'>): () => void {
  const path = join(instance.runDir, 'server.lock');
  const own = JSON.stringify({ ...ownIdentity(), bootId: bootId() });
  for (let tries = 0; tries < 10; tries++) {
    if (writeDurably(path, own, 0o600)) return () => rmSync(path, { force: true });
    const other = holderOf(path);
    if (other !== null) {
      throw new AppError(
        'busy',
        `another server of ${instance.dataDir} runs (pid ${other.pid}): stop it first`,
      );
    }
    // Rename takes it from exactly one of several who see it dead at once.
    const aside = `${path}.${process.pid}`;
    try {
      renameSync(path, aside);
    } catch {
      continue;
    }
    rmSync(aside, { force: true });
  }
  throw new AppError('busy', `another server of ${instance.dataDir} starts at the same time`);
}
