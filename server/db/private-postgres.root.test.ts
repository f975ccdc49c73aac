import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ensureSystemUser } from '../child/ensure-system-user.ts';
import { createLog } from '../log.ts';
import { type PrivatePostgres, startPrivatePostgres } from './private-postgres.ts';

let folder: string;
let running: PrivatePostgres[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-pg-'));
  chmodSync(folder, 0o711);
  mkdirSync(join(folder, 'run'));
  running = [];
});
afterEach(async () => {
  for (const one of running) await one.process.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<PrivatePostgres> {
  const options = { dataDir: folder, runDir: join(folder, 'run'), userName: 'berth-db' };
  const started = await startPrivatePostgres({ ...options, log: createLog(() => undefined) });
  running.push(started);
  return started;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('root comes in without a password, other users do not, and nothing listens on TCP', async () => {
  const { url, process: postgres } = await start();
  expect(await query(url, 'SELECT current_user AS me')).toEqual([{ me: 'berth' }]);
  expect(await query(url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '' }]);
  // What is committed outlives a power cut.
  for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit'])
    expect(await query(url, `SHOW ${setting}`)).toEqual([{ [setting]: 'on' }]);
  expect(statSync(join(folder, 'db')).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, 'run', 'db')).mode & 0o777).toBe(0o700);
  const owner = ensureSystemUser('berth-db');
  expect(statSync(`/proc/${postgres.pid()}`).uid).toBe(owner.uid);
  const psql = (uid: number, gid: number) =>
    spawnSync('psql', ['-h', join(folder, 'run', 'db'), '-U', 'berth', '-Atc', 'SELECT 1', 'berth'], {
      uid,
      gid,
      encoding: 'utf8',
    });
  expect(psql(owner.uid, owner.gid).stdout).toBe('1\n');
  expect(psql(65_534, 65_534).stderr).toContain('Permission denied');
});

test('what was acknowledged survives kill -9 of the postmaster, and it is there again', async () => {
  const { url, process: postgres } = await start();
  await query(url, 'CREATE TABLE kept (n int)');
  await query(url, 'INSERT INTO kept VALUES (1)');
  const pid = postgres.pid() ?? 0;
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(async () => expect(await query(url, 'SELECT n FROM kept')).toEqual([{ n: 1 }]), {
    timeout: 20_000,
  });
  expect(postgres.pid()).not.toBe(pid);
});

test('the next server adopts it, with its record and without', async () => {
  const first = await start();
  const pid = first.process.pid();
  first.process.release();
  const second = await start();
  expect(second.process.pid()).toBe(pid);
  second.process.release();
  rmSync(join(folder, 'run', 'database.json'));
  expect((await start()).process.pid()).toBe(pid);
});

test('a corrupt or foreign folder is told and left alone', async () => {
  mkdirSync(join(folder, 'db'));
  writeFileSync(join(folder, 'db', 'notes.txt'), 'mine');
  await expect(start()).rejects.toThrow(/contains notes.txt but is not a PostgreSQL database/);
  expect(readFileSync(join(folder, 'db', 'notes.txt'), 'utf8')).toBe('mine');
  writeFileSync(join(folder, 'db', 'PG_VERSION'), '15\n');
  await expect(start()).rejects.toThrow(/is a corrupt database/);
});

test('a folder that another version made is told', async () => {
  const { process: postgres } = await start();
  await postgres.stop();
  writeFileSync(join(folder, 'db', 'PG_VERSION'), '14\n');
  await expect(start()).rejects.toThrow(/PostgreSQL 14.*install postgresql-14/);
});

test('a crash while it is made leaves no half one', async () => {
  mkdirSync(join(folder, 'db.new', 'base'), { recursive: true });
  await start();
  expect(existsSync(join(folder, 'db.new'))).toBe(false);
});

test('a folder that its user cannot reach is told before anything is made', async () => {
  chmodSync(folder, 0o700);
  await expect(start()).rejects.toThrow(`chmod o+x ${folder}`);
  expect(existsSync(join(folder, 'db'))).toBe(false);
});
