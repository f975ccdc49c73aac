import { copyFile, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../errors/app-error.ts';
import { backupFolder, factsPath } from './backup-folder.ts';
import { sha256Of } from './make-backup.ts';

const SCHEDULED = /^\d{8}T\d{6}Z-daily\.dump$/;

/**
 * Copy a back-up with its facts into another folder, which has to be there (a disk that is not mounted is none): whole and read again, or not
 * at all. Of those that were made by themselves the newest `keep` stay there. Throws `unavailable` that names the folder.
 */
export async function copyBackup(
  dataDir: string,
  { name, sha256 }: { name: string; sha256: string },
  { folder, keep }: { folder: string; keep: number },
): Promise<void> {
  const wrong = (what: string, cause?: unknown) =>
    new AppError('unavailable', `no copy was made in ${folder}: ${what}`, { cause });
  if (!(await stat(folder).catch(() => null))?.isDirectory()) throw wrong('there is no such folder');
  const from = join(backupFolder(dataDir), name);
  const to = join(folder, name);
  const aside = `${to}.new`;
  try {
    await copyFile(factsPath(from), factsPath(to));
    await copyFile(from, aside);
    for (const path of [factsPath(to), aside]) await flush(path);
    if ((await sha256Of(aside)) !== sha256) throw new Error('what is read there is not what was written');
    await rename(aside, to);
    await flush(folder);
    await prune(folder, keep);
  } catch (cause) {
    await rm(aside, { force: true }).catch(() => undefined);
    throw wrong(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/** Those that are too many go, and what a crash left half-written. */
async function prune(folder: string, keep: number): Promise<void> {
  const names = await readdir(folder);
  const whole = names.filter((name) => SCHEDULED.test(name)).sort();
  const halves = names.filter((name) => name.endsWith('.new') && SCHEDULED.test(name.slice(0, -4)));
  for (const half of halves) {
    const dump = half.slice(0, -4);
    await rm(join(folder, half), { force: true });
    if (!whole.includes(dump)) await rm(factsPath(join(folder, dump)), { force: true });
  }
  for (const old of whole.slice(0, -keep))
    for (const path of [join(folder, old), factsPath(join(folder, old))]) await rm(path, { force: true });
}

/** A file or a folder is on disk afterwards. */
async function flush(path: string): Promise<void> {
  await using file = await open(path, 'r');
  await file.sync();
}
