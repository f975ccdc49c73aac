import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../errors/app-error.ts';
import { replaceDurably, writeDurably } from '../instance/write-durably.ts';

const marker = z.object({
  /** The back-up. */
  path: z.string(),
  /** Where files are kept of guests that it does not know. */
  keptIn: z.string(),
});
export type RestoreMarker = z.infer<typeof marker>;

const pathOf = (dataDir: string) => join(dataDir, 'restoring.json');

/** Written before a restore changes anything that a server would act on. The one that is there already counts on. */
export function markRestore(dataDir: string, wanted: RestoreMarker): RestoreMarker {
  if (writeDurably(pathOf(dataDir), `${JSON.stringify(wanted)}\n`, 0o600)) return wanted;
  const keptIn = keptInOf(dataDir);
  if (keptIn !== null) return { ...wanted, keptIn };
  replaceDurably(pathOf(dataDir), `${JSON.stringify(wanted)}\n`, 0o600);
  return wanted;
}

/** Null where the marker is damaged: what the interrupted restore has kept lies in a folder of another time then. */
function keptInOf(dataDir: string): string | null {
  try {
    return marker.parse(JSON.parse(readFileSync(pathOf(dataDir), 'utf8'))).keptIn;
  } catch {
    return null;
  }
}

export function unmarkRestore(dataDir: string): void {
  rmSync(pathOf(dataDir), { force: true });
}

/**
 * A server that starts between a database and the files that belong to it would remove what it does not know. Throws
 * `illegal_state` with the way on when a restore was interrupted.
 */
export function assertNotRestoring(dataDir: string): void {
  if (!existsSync(pathOf(dataDir))) return;
  throw new AppError(
    'illegal_state',
    `a restore of the database was interrupted (${pathOf(dataDir)}): run berth db restore again, with the same back-up or another`,
  );
}
