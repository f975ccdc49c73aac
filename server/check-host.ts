import { chmodSync, mkdirSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from './errors/app-error.ts';
import type { Instance } from './instance/instance.ts';

/** What the database needs to start and to go on for a while, bytes. */
const LEAST_FREE = 64 * 1024 * 1024;

/** Throws AppError `forbidden` when not root. */
export function checkRoot(): void {
  const uid = process.getuid?.() ?? -1;
  if (uid !== 0)
    throw new AppError('forbidden', `the server needs root (it runs as uid ${uid}): start it with sudo`);
}

/** Throws AppError `no_space` when the data folder's disk is full. */
export function checkSpace(dataDir: string): void {
  const { bavail, bsize } = statfsSync(dataDir);
  const free = bavail * bsize;
  if (free >= LEAST_FREE) return;
  const mib = (bytes: number) => Math.floor(bytes / 1024 / 1024);
  throw new AppError(
    'no_space',
    `the disk of ${dataDir} is full: ${mib(free)} MiB are free, ${mib(LEAST_FREE)} MiB are needed`,
  );
}

/**
 * The run folder and the web socket's: other users (web, database, names) walk through them but do not list them. The modes
 * are set, not only asked for: the umask cuts, and the launcher may have made a folder before for itself alone.
 */
export function makeRunDir(instance: Instance): void {
  for (const [folder, mode] of [
    [dirname(instance.runDir), 0o755],
    [instance.runDir, 0o711],
    [dirname(instance.webSocket), 0o711],
    [instance.dataDir, 0o711],
  ] as const) {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, mode);
  }
}
