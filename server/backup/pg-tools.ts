import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { childEnv } from '../child/child-env.ts';
import { AppError } from '../errors/app-error.ts';

const run = promisify(execFile);

/** Where the database is and the folder of PostgreSQL's programs of its major version (`findPostgres`). */
export interface DatabaseAccess {
  url: string;
  bin: string;
}

/**
 * Run `pg_dump` or `pg_restore` against a database. A password stays out of the command line, which everybody on the
 * host may read. Throws `unavailable` with the program's own last line, `no_space` when the disk is full.
 */
export async function runPgTool(
  program: 'pg_dump' | 'pg_restore',
  bin: string,
  args: readonly string[],
  password?: string,
): Promise<void> {
  const path = join(bin, program);
  if (!existsSync(path)) {
    throw new AppError(
      'unavailable',
      `${path} is not there: apt-get install postgresql-client (of the database's own version)`,
    );
  }
  const variables = {
    PATH: '/usr/bin:/bin',
    LC_ALL: 'C.UTF-8',
    ...(password !== undefined && { PGPASSWORD: password }),
  };
  try {
    await run(path, [...args], { cwd: '/', env: childEnv(variables), maxBuffer: 4 * 1024 * 1024 });
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    const code = /No space left on device/.test(said) ? 'no_space' : 'unavailable';
    throw new AppError(code, `${program} failed: ${said.split('\n').at(-1)}`, {
      cause,
      detail: { said: said.slice(-4000) },
    });
  }
}

/** A connection string without its password, and the password. */
export function splitPassword(url: string): { url: string; password: string | undefined } {
  const parsed = new URL(url);
  const password = parsed.password === '' ? undefined : decodeURIComponent(parsed.password);
  parsed.password = '';
  return { url: parsed.href, password };
}
