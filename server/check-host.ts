import { chmodSync, mkdirSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

/** The run folder and the web socket's, which the web process must be able to walk through but not list. */
export function makeRunDir(instance: Instance): void {
  mkdirSync(instance.runDir, { recursive: true, mode: 0o711 });
  // the launcher may have made it before, for itself alone
  chmodSync(instance.runDir, 0o711);
  mkdirSync(join(dirname(instance.webSocket)), { recursive: true, mode: 0o711 });
}
