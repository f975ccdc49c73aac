import { chmodSync, existsSync, mkdirSync, statfsSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findPostgres } from '../db/find-postgres.ts';
import { endPostmaster, startPrivatePostgres } from '../db/private-postgres.ts';
import { AppError } from '../errors/app-error.ts';
import type { Instance } from '../instance/instance.ts';
import type { Log } from '../platform.ts';
import { findBackup, readDigest } from './backup-folder.ts';
import { checkBackup } from './check-backup.ts';
import { digestDatabase, firstDifference } from './digest-database.ts';
import { runPgTool, splitPassword } from './pg-tools.ts';

/** Bytes of an empty PostgreSQL with its log, and some that stay free for the real one. */
const CLUSTER = 128 * 1024 * 1024;
/** How many times as large a back-up is in a database. */
const UNPACKED = 12;

interface TrialReport {
  tables: number;
  rows: number;
  /** Whether every row was compared with what the database had; not for a back-up of an older version, which did not write it down. */
  compared: boolean;
}

type Folders = Pick<Instance, 'dataDir' | 'runDir'>;

const foldersOf = ({ dataDir, runDir }: Folders) => ({
  dataDir: join(dataDir, 'db-trial'),
  runDir: join(runDir, 'db-trial'),
});

/** Whether one is going on, or was when the server was killed. */
export function hasTrial(instance: Folders): boolean {
  return Object.values(foldersOf(instance)).some((folder) => existsSync(folder));
}

/** End and remove what is left of one. */
export async function endTrial(instance: Folders): Promise<void> {
  const { dataDir, runDir } = foldersOf(instance);
  await endPostmaster(join(dataDir, 'db'));
  for (const folder of [dataDir, runDir])
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}

/**
 * Restore a back-up for a trial, into a PostgreSQL of its own beside the real one, which is asked nothing; compare every table with what the
 * database had when it was made, and remove it again. Throws `illegal_state` that says what is wrong with it, `no_space` before anything
 * is written when the disk lacks room.
 */
export async function tryRestore(
  instance: Folders,
  name: string,
  { userName, log }: { userName: string; log: Log },
): Promise<TrialReport> {
  const path = findBackup(instance.dataDir, name);
  const bin = findPostgres(null);
  await checkBackup(path, bin);
  assertRoom(instance.dataDir, statSync(path).size);
  const { dataDir, runDir } = foldersOf(instance);
  await endTrial(instance);
  for (const folder of [dataDir, runDir]) {
    mkdirSync(folder);
    // Its user walks through it.
    chmodSync(folder, 0o711);
  }
  const { url, process } = await startPrivatePostgres({ dataDir, runDir, userName, log }).catch(
    async (error: unknown) => {
      await endTrial(instance);
      throw error;
    },
  );
  try {
    const args = ['--single-transaction', '--exit-on-error', '--no-owner', '--no-privileges'];
    await runPgTool('pg_restore', bin, [...args, `--dbname=${splitPassword(url).url}`, path]);
    const found = await digestDatabase(url);
    const wanted = readDigest(path);
    const difference = wanted && firstDifference(wanted, found);
    if (difference)
      throw new AppError('illegal_state', `${name} is restored, but not as it was: ${difference}`);
    const rows = Object.values(found).reduce((sum, one) => sum + one.rows, 0);
    return { tables: Object.keys(found).length, rows, compared: wanted !== null };
  } finally {
    await process.stop();
    await endTrial(instance);
  }
}

function assertRoom(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const [free, needed] = [bavail * bsize, bytes * UNPACKED + CLUSTER];
  if (free >= needed) return;
  const mib = (size: number) => Math.ceil(size / 1024 / 1024);
  throw new AppError(
    'no_space',
    `no restore was tried: ${folder} has ${mib(free)} MiB free, ${mib(needed)} MiB are needed`,
  );
}
