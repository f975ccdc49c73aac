import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../errors/app-error.ts';
import { type DatabaseDigest, databaseDigest } from './digest-database.ts';
import { readSchedule } from './schedule-book.ts';
import { type BackupFacts, type BackupReason, type BackupView, backupFacts } from './schema.ts';

/** How many of each are kept, beside those of the schedule; those that somebody asked for stay until somebody deletes them. */
const KEPT: Readonly<Record<Exclude<BackupReason, 'daily'>, number>> = {
  migration: 5,
  restore: 5,
  move: 5,
  manual: Number.POSITIVE_INFINITY,
};

/** Where an instance's back-ups lie: root's only, as they contain hashes of passwords. */
export function backupFolder(dataDir: string): string {
  return join(dataDir, 'backups');
}

export function ensureBackupFolder(dataDir: string): string {
  const folder = backupFolder(dataDir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** `20261124T083000Z-daily.dump`: sorts by time. */
export function backupName(at: Date, reason: BackupReason): string {
  return `${at.toISOString().replaceAll(/[-:]|\.\d+/g, '')}-${reason}.dump`;
}

/** The file of facts beside a back-up. */
export function factsPath(dump: string): string {
  return dump.replace(/\.dump$/, '.json');
}

/** What a back-up says of itself; null for a file that Berth did not make or whose facts are lost. */
export function readFacts(dump: string): BackupFacts | null {
  try {
    return backupFacts.parse(JSON.parse(readFileSync(factsPath(dump), 'utf8')));
  } catch {
    return null;
  }
}

/** What the database had when a back-up was made of it; null for one of an older version of Berth, or of another program. */
export function readDigest(dump: string): DatabaseDigest | null {
  try {
    return databaseDigest.parse(JSON.parse(readFileSync(factsPath(dump), 'utf8')).digest);
  } catch {
    return null;
  }
}

/** The whole ones, newest first. */
export function listBackups(dataDir: string): BackupView[] {
  const folder = backupFolder(dataDir);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.dump'))
    .map((name) => ({ name, facts: readFacts(join(folder, name)) }))
    .flatMap(({ name, facts }) => (facts ? [{ name, ...facts }] : []))
    .sort((one, other) => (one.at < other.at ? 1 : -1));
}

/** Remove those that are too many, and what a crash left half-written. */
export function pruneBackups(dataDir: string): void {
  const folder = backupFolder(dataDir);
  const kept = { ...KEPT, daily: readSchedule(dataDir).schedule.keep };
  const counts = new Map<BackupReason, number>();
  for (const { name, reason } of listBackups(dataDir)) {
    const count = (counts.get(reason) ?? 0) + 1;
    counts.set(reason, count);
    // The dump first: facts without a dump are nothing, a dump without its facts would be a riddle.
    if (count > kept[reason])
      for (const path of [join(folder, name), factsPath(join(folder, name))]) rmSync(path);
  }
  const names = new Set(readdirSync(folder));
  for (const name of names) {
    const isLeft = name.endsWith('.new') || (name.endsWith('.json') && !names.has(dumpOf(name)));
    if (isLeft) rmSync(join(folder, name), { force: true });
  }
}

const dumpOf = (facts: string) => facts.replace(/\.json$/, '.dump');

/** The path of a back-up by its name in the folder, or of any file. Throws `not_found` that lists what there is. */
export function findBackup(dataDir: string, name: string): string {
  const path = name.includes('/') ? name : join(backupFolder(dataDir), name);
  if (existsSync(path)) return path;
  const newest = listBackups(dataDir)
    .slice(0, 3)
    .map((one) => one.name);
  const known = newest.length > 0 ? `the newest are ${newest.join(', ')}` : 'there are none yet';
  throw new AppError(
    'not_found',
    `there is no back-up ${path}: berth db ls lists them all, and ${known}; a file elsewhere is named with its path`,
  );
}
