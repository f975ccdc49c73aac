import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { applyMigrations } from './apply-migrations.ts';
import { MIGRATIONS, startTestDatabase } from './test-database.ts';

const ROOT = resolve(import.meta.dirname, '../..');

let database: Awaited<ReturnType<typeof startTestDatabase>>;
let folder: string;

beforeEach(async () => {
  database = await startTestDatabase(false);
  folder = mkdtempSync(join(tmpdir(), 'berth-migrations-'));
  cpSync(MIGRATIONS, folder, { recursive: true });
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database?.close();
});

function add(name: string, sql: string): void {
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, 'migration.sql'), sql);
}

async function tables(): Promise<string[]> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query<{ tablename: string }>(
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
  );
  await client.end();
  return rows.map((row) => row.tablename).sort();
}

function prisma(...args: string[]) {
  const env = { ...process.env, DATABASE_URL: database.url, CHECKPOINT_DISABLE: '1' };
  return spawnSync(process.execPath, [join(ROOT, 'node_modules/prisma/build/index.js'), ...args], {
    cwd: ROOT,
    env,
    encoding: 'utf8',
  });
}

test('what was applied is not applied again, and Prisma itself agrees with it', async () => {
  expect((await applyMigrations(database.url, MIGRATIONS)).length).toBeGreaterThan(0);
  expect(await applyMigrations(database.url, MIGRATIONS)).toEqual([]);
  expect(await tables()).toContain('guest');
  const status = prisma('migrate', 'status');
  expect(status.stdout + status.stderr).toContain('Database schema is up to date');
});

test('schema and migrations agree', () => {
  const args = [
    'migrate',
    'diff',
    '--from-migrations',
    'prisma/migrations',
    '--to-schema',
    'prisma/schema',
    '--exit-code',
  ];
  const same = prisma(...args);
  expect(same.status, same.stdout + same.stderr).toBe(0);
  const other = prisma(...args.map((arg) => (arg === 'prisma/schema' ? emptySchema() : arg)));
  expect(other.status, 'the check finds a difference where there is one').toBe(2);
});

function emptySchema(): string {
  const path = join(folder, 'empty.prisma');
  writeFileSync(path, 'datasource db {\n  provider = "postgresql"\n}\nmodel Other {\n  id String @id\n}\n');
  return path;
}

test('two servers that migrate at once do it once', async () => {
  const applied = await Promise.all([
    applyMigrations(database.url, folder),
    applyMigrations(database.url, folder),
  ]);
  expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
});

test('one that fails leaves nothing of itself, and is tried again', async () => {
  add('20990101000000_bad', 'CREATE TABLE half (n int); SELECT no_such_function();');
  await expect(applyMigrations(database.url, folder)).rejects.toThrow(
    'migration 20990101000000_bad failed: function no_such_function() does not exist',
  );
  expect(await tables()).not.toContain('half');
  writeFileSync(join(folder, '20990101000000_bad', 'migration.sql'), 'CREATE TABLE half (n int);');
  expect(await applyMigrations(database.url, folder)).toEqual(['20990101000000_bad']);
});

test('an edited or an unknown migration is told', async () => {
  add('20990101000000_newer', 'SELECT 1;');
  await applyMigrations(database.url, folder);
  await expect(applyMigrations(database.url, MIGRATIONS)).rejects.toThrow(
    'which this version of Berth does not know',
  );
  appendFileSync(join(folder, '20990101000000_newer', 'migration.sql'), '-- changed');
  await expect(applyMigrations(database.url, folder)).rejects.toThrow('20990101000000_newer was edited');
});
