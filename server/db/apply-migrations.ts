import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { AppError } from '../errors/app-error.ts';
import { withClient } from './with-client.ts';

/** The key of Prisma's own advisory lock: `prisma migrate` and we never migrate at once. */
const PRISMA_LOCK = 72_707_369;

/** As Prisma's schema engine makes it. */
const TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`;

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

interface AppliedRow {
  migration_name: string;
  checksum: string;
  finished_at: Date | null;
}

function readMigrations(folder: string): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

/** What is left to apply. Throws AppError `illegal_state` when the database's history is not a beginning of ours. */
function pendingOf(migrations: readonly Migration[], rows: readonly AppliedRow[]): Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const row of rows) {
    const name = row.migration_name;
    const migration = known.get(name);
    if (row.finished_at === null) {
      throw new AppError(
        'illegal_state',
        `migration ${name} was begun and never finished: see prisma migrate resolve`,
      );
    }
    if (migration === undefined) {
      throw new AppError(
        'illegal_state',
        `the database has migration ${name}, which this version of Berth does not know: use the version that made it, or a newer one`,
      );
    }
    if (migration.checksum !== row.checksum) {
      throw new AppError('illegal_state', `migration ${name} was edited after the database had applied it`);
    }
  }
  const applied = new Set(rows.map((row) => row.migration_name));
  return migrations.filter(({ name }) => !applied.has(name));
}

async function applyOne(client: Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query(
      `INSERT INTO "_prisma_migrations" ("id", "checksum", "finished_at", "migration_name", "applied_steps_count")
       VALUES ($1, $2, now(), $3, 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK');
    throw new AppError(
      'illegal_state',
      `migration ${name} failed: ${cause instanceof Error ? cause.message : cause}`,
      {
        cause,
      },
    );
  }
}

/**
 * Bring the database to this version's schema: each migration that is missing, in a transaction of its own, with
 * the rows that Prisma's `migrate status` accepts. Returns the names of those that were applied. `before` is awaited before a
 * database that has a schema already is changed: when it throws, nothing is.
 */
export async function applyMigrations(
  url: string,
  folder: string,
  before: () => Promise<unknown> = async () => undefined,
): Promise<string[]> {
  const migrations = readMigrations(folder);
  return withClient(url, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK]);
    await client.query(TABLE);
    const { rows } = await client.query<AppliedRow>(
      'SELECT "migration_name", "checksum", "finished_at" FROM "_prisma_migrations" WHERE "rolled_back_at" IS NULL',
    );
    const pending = pendingOf(migrations, rows);
    if (rows.length > 0 && pending.length > 0) await before();
    for (const migration of pending) await applyOne(client, migration);
    return pending.map(({ name }) => name);
  });
}
