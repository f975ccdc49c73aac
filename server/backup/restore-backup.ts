import { applyMigrations } from '../db/apply-migrations.ts';
import { withClient } from '../db/with-client.ts';
import { AppError } from '../errors/app-error.ts';
import { type DatabaseAccess, runPgTool, splitPassword } from './pg-tools.ts';

/** Beside the real one until it is whole. */
const ASIDE = 'berth_restoring';

export interface LoadedBackup {
  /** Of its guests: what the folder of guests is compared with. */
  guests: { id: string; name: string }[];
  /** Applied to a back-up that an older version of Berth had made. */
  migrations: string[];
  /** Puts it in the place of the present one, at once or not at all; the present one is gone then. */
  swap(): Promise<void>;
  /** Forget it: the present one stays. */
  drop(): Promise<void>;
}

/**
 * Load a back-up into a database of its own beside the present one, and bring it to this version's schema. Whoever dies
 * before `swap` has changed nothing. Throws `illegal_state` when it cannot be loaded.
 */
export async function loadBackup(
  path: string,
  database: DatabaseAccess,
  migrationsFolder: string,
): Promise<LoadedBackup> {
  const name = databaseOf(database.url);
  const aside = withDatabase(database.url, ASIDE);
  const maintenance = withDatabase(database.url, 'postgres');
  const drop = () => run(maintenance, [`DROP DATABASE IF EXISTS ${ASIDE} WITH (FORCE)`]);
  await drop();
  await run(maintenance, [`CREATE DATABASE ${ASIDE}`]);
  try {
    const { url, password } = splitPassword(aside);
    const args = ['--single-transaction', '--exit-on-error', '--no-owner', '--no-privileges'];
    await runPgTool('pg_restore', database.bin, [...args, `--dbname=${url}`, path], password);
    const migrations = await applyMigrations(aside, migrationsFolder);
    return { guests: await guestsOf(aside), migrations, swap: () => swap(maintenance, name), drop };
  } catch (cause) {
    await drop();
    if (cause instanceof AppError && cause.code === 'no_space') throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('illegal_state', `${path} cannot be restored: ${why}`, { cause });
  }
}

/** The present one goes away, the new one has its name: one transaction, so that there is always one of them. */
async function swap(maintenance: string, name: string): Promise<void> {
  const old = `${name}_before_restore`;
  await run(maintenance, [
    `DROP DATABASE IF EXISTS ${old} WITH (FORCE)`,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN ('${name}', '${ASIDE}')`,
    [
      'BEGIN',
      `ALTER DATABASE ${name} RENAME TO ${old}`,
      `ALTER DATABASE ${ASIDE} RENAME TO ${name}`,
      'COMMIT',
    ],
    `DROP DATABASE ${old} WITH (FORCE)`,
  ]);
}

async function run(url: string, statements: readonly (string | string[])[]): Promise<void> {
  await withClient(url, async (client) => {
    for (const statement of statements.flat()) await client.query(statement);
  });
}

async function guestsOf(url: string): Promise<{ id: string; name: string }[]> {
  const { rows } = await withClient(url, (client) =>
    client.query<{ id: string; name: string }>('SELECT id, name FROM guest ORDER BY name'),
  );
  return rows;
}

function databaseOf(url: string): string {
  const name = new URL(url).pathname.slice(1);
  // It becomes part of statements that take no parameters.
  if (/^[a-z][a-z0-9_]{0,40}$/.test(name)) return name;
  throw new AppError(
    'unsupported',
    `the database ${JSON.stringify(name)} cannot be restored into: it must be named in lower case letters`,
  );
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
