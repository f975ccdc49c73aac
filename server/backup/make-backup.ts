import { createHash } from 'node:crypto';
import { createReadStream, renameSync, rmSync, statfsSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { LOCK_PATIENCE_MS, withClient } from '../db/with-client.ts';
import { AppError } from '../errors/app-error.ts';
import { replaceDurably } from '../instance/write-durably.ts';
import { backupName, ensureBackupFolder, factsPath, listBackups, pruneBackups } from './backup-folder.ts';
import { beginSnapshot, digestSnapshot } from './digest-database.ts';
import { type DatabaseAccess, runPgTool, splitPassword } from './pg-tools.ts';
import type { BackupFacts, BackupReason, BackupView } from './schema.ts';

/** Bytes that must stay free for the database itself. */
const SPARE = 32 * 1024 * 1024;

/**
 * One consistent copy of the whole database while everybody works on (pg_dump(1), custom format): written aside, read once
 * through by pg_restore, on disk with its SHA-256, and only then under its name. Whoever dies in between leaves no back-up.
 * Older ones that are too many go. Throws `no_space` before anything is written when the disk lacks room.
 */
export async function makeBackup(
  dataDir: string,
  database: DatabaseAccess,
  reason: BackupReason,
  now: Date = new Date(),
): Promise<BackupView> {
  const folder = ensureBackupFolder(dataDir);
  assertRoom(folder, listBackups(dataDir)[0]?.bytes ?? 0);
  const name = backupName(now, reason);
  const path = join(folder, name);
  const aside = `${path}.new`;
  const { url, password } = splitPassword(database.url);
  try {
    const args = ['--format=custom', '--no-owner', '--no-privileges', `--file=${aside}`, `--dbname=${url}`];
    args.push(`--lock-wait-timeout=${LOCK_PATIENCE_MS}`);
    const digest = await withClient(database.url, async (client) => {
      await beginSnapshot(client);
      const { rows } = await client.query<{ id: string }>('SELECT pg_export_snapshot() AS id');
      await runPgTool('pg_dump', database.bin, [...args, `--snapshot=${rows[0]?.id}`], password);
      return digestSnapshot(client);
    });
    await runPgTool('pg_restore', database.bin, ['--file=/dev/null', aside]);
    const facts: BackupFacts = {
      reason,
      at: now.toISOString(),
      bytes: statSync(aside).size,
      sha256: await sha256Of(aside),
      migration: await lastMigration(database.url),
    };
    replaceDurably(factsPath(path), `${JSON.stringify({ ...facts, digest }, null, 2)}\n`, 0o600);
    await sync(aside);
    renameSync(aside, path);
    await sync(folder);
    pruneBackups(dataDir);
    return { name, ...facts };
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

/** Hex. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function assertRoom(folder: string, lastBytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const [free, needed] = [bavail * bsize, lastBytes * 2 + SPARE];
  if (free >= needed) return;
  const mib = (bytes: number) => Math.ceil(bytes / 1024 / 1024);
  throw new AppError(
    'no_space',
    `no back-up was made: ${folder} has ${mib(free)} MiB free, ${mib(needed)} MiB are needed`,
  );
}

/** Null where there is no schema yet. */
async function lastMigration(url: string): Promise<string | null> {
  return withClient(url, async (client) => {
    const table = await client.query<{ found: string | null }>(
      `SELECT to_regclass('_prisma_migrations') AS found`,
    );
    if (!table.rows[0]?.found) return null;
    const { rows } = await client.query<{ name: string }>(
      `SELECT "migration_name" AS name FROM "_prisma_migrations" WHERE "finished_at" IS NOT NULL ORDER BY 1 DESC LIMIT 1`,
    );
    return rows[0]?.name ?? null;
  });
}

/** A file or a folder is on disk afterwards. */
async function sync(path: string): Promise<void> {
  await using file = await open(path, 'r');
  await file.sync();
}
