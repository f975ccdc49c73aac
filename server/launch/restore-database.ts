import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { findBackup } from '../backup/backup-folder.ts';
import { checkBackup } from '../backup/check-backup.ts';
import { makeBackup } from '../backup/make-backup.ts';
import { loadBackup } from '../backup/restore-backup.ts';
import { markRestore, unmarkRestore } from '../backup/restore-marker.ts';
import { makeRunDir } from '../check-host.ts';
import { findPostgres } from '../db/find-postgres.ts';
import { hidePassword } from '../db/hide-password.ts';
import { readInstallation } from '../db/installation.ts';
import { clusterVersion } from '../db/private-cluster.ts';
import { type PrivatePostgres, startPrivatePostgres } from '../db/private-postgres.ts';
import { AppError } from '../errors/app-error.ts';
import type { Instance } from '../instance/instance.ts';
import { lockInstance } from '../instance/lock-instance.ts';
import { createLog } from '../log.ts';
import { stopConsole } from './down.ts';

/** What a restore did, for who asked for it. */
export interface RestoreReport {
  /** The back-up that is the database now. */
  restored: string;
  /** A back-up of what was there before; null when that could not be read any more. */
  before: string | null;
  /** Where the unreadable database lies now; null when it was readable. */
  brokenDatabase: string | null;
  /** Guests that the back-up does not know: their files are in `keptIn`, and they are ended. */
  unknown: string[];
  keptIn: string | null;
  /** Guests of the back-up whose files are not there any more. */
  missing: string[];
  migrations: string[];
  /** Whether a console ran: it has to be started again. */
  wasUp: boolean;
}

const MIGRATIONS = path.resolve(import.meta.dirname, '../../prisma/migrations');
const DATABASE_USER = 'berth-db';

/**
 * Put a back-up in the place of the instance's own database. The console is stopped for it, guests run on. The back-up is
 * loaded beside the present database and takes its place in one transaction, so whoever is killed leaves the one or the
 * other whole; a server refuses to start until an interrupted restore was done again. Nothing is deleted: the present
 * database becomes a back-up, and files of guests that the back-up does not know are moved aside. Throws `not_found`,
 * `illegal_state` for a back-up that is not whole, and whatever keeps PostgreSQL from running.
 */
export async function restoreDatabase(
  instance: Instance,
  name: string,
  say: (step: string) => void = () => undefined,
): Promise<RestoreReport> {
  const { dataDir } = instance;
  assertPrivate(dataDir);
  const file = findBackup(dataDir, name);
  say(`check ${file}`);
  await checkBackup(file, findPostgres(versionOrNull(dataDir)));
  say('stop the console');
  const wasUp = await stopConsole(instance);
  makeRunDir(instance);
  await using undo = new AsyncDisposableStack();
  undo.defer(lockInstance(instance));
  say('start the database');
  const { postgres, brokenDatabase } = await startDatabase(instance);
  undo.defer(() => postgres.process.stop());
  const database = { url: postgres.url, bin: findPostgres(clusterVersion(path.join(dataDir, 'db'))) };
  const before = brokenDatabase ? null : await makeBackup(dataDir, database, 'restore');
  say('load the back-up');
  const loaded = await loadBackup(file, database, MIGRATIONS);
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const { keptIn } = markRestore(dataDir, { path: file, keptIn: path.join(dataDir, `kept-${stamp}`) });
  const known = new Set(loaded.guests.map(({ id }) => id));
  const unknown = guestFolders(dataDir).filter((id) => !known.has(id));
  for (const id of unknown) moveAside(dataDir, keptIn, id);
  say('put it in its place');
  await loaded.swap();
  unmarkRestore(dataDir);
  const there = new Set(guestFolders(dataDir));
  return {
    restored: file,
    before: before?.name ?? null,
    brokenDatabase,
    unknown,
    keptIn: existsSync(keptIn) ? keptIn : null,
    missing: loaded.guests.filter(({ id }) => !there.has(id)).map((guest) => guest.name),
    migrations: loaded.migrations,
    wasUp,
  };
}

/** Of another PostgreSQL nobody but its own people may put a database in the place of another. */
function assertPrivate(dataDir: string): void {
  const { url } = readInstallation(dataDir) ?? { url: null };
  if (url === null) return;
  throw new AppError(
    'unsupported',
    `the inventory is in ${hidePassword(url)}, where Berth may not put another database in its place: berth db move private, restore, and move it back`,
  );
}

/** Of what lies there, if that is a database at all. */
function versionOrNull(dataDir: string): string | null {
  try {
    return clusterVersion(path.join(dataDir, 'db'));
  } catch {
    return null;
  }
}

/** The present database, or a new one where that cannot be started any more: it is moved aside, not deleted. */
async function startDatabase(
  instance: Instance,
): Promise<{ postgres: PrivatePostgres; brokenDatabase: string | null }> {
  const { dataDir, runDir } = instance;
  const options = { dataDir, runDir, userName: DATABASE_USER, log: createLog(() => undefined) };
  try {
    return { postgres: await startPrivatePostgres(options), brokenDatabase: null };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'no_space') throw error;
    const folder = path.join(dataDir, 'db');
    const brokenDatabase = path.join(dataDir, `db.broken-${Date.now()}`);
    if (!existsSync(folder)) throw error;
    renameSync(folder, brokenDatabase);
    return { postgres: await startPrivatePostgres(options), brokenDatabase };
  }
}

function guestFolders(dataDir: string): string[] {
  const folder = path.join(dataDir, 'guests');
  return existsSync(folder) ? readdirSync(folder) : [];
}

function moveAside(dataDir: string, keptIn: string, id: string): void {
  const folder = path.join(keptIn, 'guests');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  renameSync(path.join(dataDir, 'guests', id), path.join(folder, id));
}
