import path from 'node:path';
import { backupFolder } from '../backup/backup-folder.ts';
import { checkTarget } from '../backup/check-target.ts';
import { digestDatabase, firstDifference } from '../backup/digest-database.ts';
import { emptyDatabase } from '../backup/empty-database.ts';
import { makeBackup } from '../backup/make-backup.ts';
import { runPgTool, splitPassword } from '../backup/pg-tools.ts';
import { assertNotRestoring } from '../backup/restore-marker.ts';
import { makeRunDir } from '../check-host.ts';
import { applyMigrations } from '../db/apply-migrations.ts';
import { claimDatabase } from '../db/claim-database.ts';
import { findPostgres } from '../db/find-postgres.ts';
import { hidePassword } from '../db/hide-password.ts';
import { readInstallation, writeInstallation } from '../db/installation.ts';
import { clusterVersion } from '../db/private-cluster.ts';
import { startPrivatePostgres } from '../db/private-postgres.ts';
import { assertMovable } from '../db/shared-with.ts';
import { withClient } from '../db/with-client.ts';
import { AppError } from '../errors/app-error.ts';
import type { Instance } from '../instance/instance.ts';
import { lockInstance } from '../instance/lock-instance.ts';
import { createLog } from '../log.ts';
import { stopConsole } from './down.ts';

/** What a move did, for who asked for it. */
export interface MoveReport {
  /** Without passwords. */
  from: string;
  to: string;
  tables: number;
  rows: number;
  /** The copy that was carried over. */
  backup: string;
  /** Whether a console ran: it has to be started again. */
  wasUp: boolean;
}

const MIGRATIONS = path.resolve(import.meta.dirname, '../../prisma/migrations');
const DATABASE_USER = 'berth-db';
const PRIVATE = 'the private database';

/**
 * Bring the inventory into another database: `target` is its address, or null for the private one. The console is stopped for it,
 * guests run on. The copy is loaded in one transaction and compared with the source, table by table, by counts and digests; then the
 * source says that it was moved, and only then the data folder says where it is. Whoever is killed in between asks again: no moment has
 * two databases that a server takes. The source keeps its rows. Throws what `checkTarget` throws, `illegal_state` when the two differ.
 */
export async function moveDatabase(
  instance: Instance,
  target: string | null,
  say: (step: string) => void = () => undefined,
): Promise<MoveReport> {
  const { dataDir, runDir } = instance;
  assertNotRestoring(dataDir);
  const known = readInstallation(dataDir);
  if (known === null)
    throw new AppError('illegal_state', `${dataDir} has no inventory of this version yet: berth up makes it`);
  if (known.url === target)
    throw new AppError('illegal_state', `the inventory is in ${nameOf(target)} already: nothing to move`);
  if (target !== null) {
    say(`check ${nameOf(target)}`);
    await checkTarget(target, known.id);
  }
  if (known.url !== null) await assertMovable(known.url, known.id, target === null);
  say('stop the console');
  const wasUp = await stopConsole(instance);
  makeRunDir(instance);
  await using undo = new AsyncDisposableStack();
  undo.defer(lockInstance(instance));
  const options = { dataDir, runDir, userName: DATABASE_USER, log: createLog(() => undefined) };
  const own = known.url === null || target === null ? await startPrivatePostgres(options) : null;
  undo.defer(async () => own?.process.stop());
  const bin = findPostgres(own ? clusterVersion(path.join(dataDir, 'db')) : null);
  const [from, to] = [known.url ?? own?.url ?? '', target ?? own?.url ?? ''];
  if (known.url === null) await bringUpToDate(from, dataDir, known.id);
  const { leftover } = await checkTarget(to, known.id);

  say('copy');
  const backup = await makeBackup(dataDir, { url: from, bin }, 'move');
  if (leftover) await emptyDatabase(to);
  say('load the copy');
  const { url, password } = splitPassword(to);
  const args = ['--single-transaction', '--exit-on-error', '--no-owner', '--no-privileges', '--no-comments'];
  const file = path.join(backupFolder(dataDir), backup.name);
  await runPgTool('pg_restore', bin, [...args, `--dbname=${url}`, file], password);
  say('compare');
  // The mark of an interrupted move is not what was moved.
  const [before, after] = [
    await digestDatabase(from, ['installation']),
    await digestDatabase(to, ['installation']),
  ];
  const difference = firstDifference(before, after);
  if (difference !== null) {
    await emptyDatabase(to);
    throw new AppError(
      'illegal_state',
      `the copy is not what it was copied from (${difference}): nothing was moved`,
    );
  }
  // Another host's server may have come back meanwhile.
  if (known.url !== null) await assertMovable(known.url, known.id, target === null);
  await mark(to, null);
  say('switch');
  await mark(from, nameOf(target));
  writeInstallation(dataDir, { id: known.id, url: target });
  return {
    from: nameOf(known.url),
    to: nameOf(target),
    tables: Object.keys(after).length,
    rows: Object.values(after).reduce((sum, { rows }) => sum + rows, 0),
    backup: backup.name,
    wasUp,
  };
}

/** A private database of an older version has no row yet that says whose it is. */
async function bringUpToDate(url: string, dataDir: string, id: string): Promise<void> {
  await applyMigrations(url, MIGRATIONS);
  const { rows } = await withClient(url, (client) =>
    client.query('SELECT 1 FROM "installation" WHERE "id" = $1', [id]),
  );
  if (rows.length === 0) await claimDatabase(url, { dataDir, isPrivate: true });
}

/** A database that was moved is taken by no server; null: it is the one in use. */
async function mark(url: string, movedTo: string | null): Promise<void> {
  const sql =
    'UPDATE "installation" SET "movedTo" = $1, "movedAt" = CASE WHEN $1::text IS NULL THEN NULL ELSE now() END';
  await withClient(url, (client) => client.query(sql, [movedTo]));
}

const nameOf = (url: string | null) => (url === null ? PRIVATE : hidePassword(url));
