import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import type { GuestView } from '../../server/guest/schema.ts';
import type { AcknowledgingClient } from '../oracle/acknowledging-client.ts';
import type { FaultServer } from './fault-server.ts';
import { shareFaultServer } from './shared-fault-server.ts';

const MiB = 1024 * 1024;
/** The database is started again by itself, after at most 10 s, and has to recover. */
const SOON = { timeout: 90_000, interval: 200 };

let server: FaultServer;
let client: AcknowledgingClient;
const folder = mkdtempSync('/tmp/berth-eio-');
const flag = path.join(folder, 'broken');
const reads = `${flag}.reads`;
const program = path.join(folder, 'failing-disk');
execFileSync('cc', ['-O1', '-o', program, path.join(import.meta.dirname, 'failing-disk.c')]);

afterAll(() => rmSync(folder, { recursive: true }));
// There is no device mapper on every host: the disk fails at the system call, for the server, its database and its supervisors.
shareFaultServer(
  (made) => {
    server = made;
    client = made.client;
  },
  { guests: ['one', 'two'], options: () => ({ within: [program, flag] }) },
);

const dd = (file: string) =>
  execFileSync(program, [flag, 'dd', 'if=/dev/zero', `of=${file}`, 'count=1', 'conv=fsync'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });

test('the disk fails with EIO: what was told is so when it works again, guests run on, and nothing is left', async () => {
  const initPids = await Promise.all(['one', 'two'].map(initOf));
  writeFileSync(flag, '');
  // It does fail: fsync(2) of anybody under it.
  expect(() => dd(path.join(folder, 'file'))).toThrow(/Input\/output error/);
  const asked = [
    client.change('guest.configure', { guest: 'one', limits: { memory: 80 * MiB } }),
    client.change('guest.create', { name: 'three', limits: { memory: 64 * MiB, pids: 64 }, wait: true }),
    client.change('volume.create', { volume: 'unwritten' }),
  ];
  const outcomes = await Promise.all(asked);
  // Nobody is told that something was written down that could not be.
  for (const outcome of outcomes) expect(outcome).not.toMatchObject({ status: 'done' });
  expect(readFileSync(path.join(server.instance.runDir, 'database.log'), 'utf8')).toMatch(
    /PANIC: .*Input\/output error/,
  );
  for (const pid of initPids) expect(existsSync(`/proc/${pid}`)).toBe(true);

  rmSync(flag);
  await vi.waitFor(async () => expect(await server.judge()).toEqual([]), SOON);
  expect(await Promise.all(['one', 'two'].map(initOf))).toEqual(initPids);
  expect(await client.change('guest.restart', { guest: 'two', wait: true, force: true })).toMatchObject({
    status: 'done',
  });
  expect(await server.judge()).toEqual([]);
});

test('a server that starts on a disk that fails says so, and the next one has lost nothing', async () => {
  await server.kill();
  const postmaster = endDatabase();
  await vi.waitFor(() => expect(existsSync(`/proc/${postmaster}`)).toBe(false), SOON);
  writeFileSync(flag, '');
  expect(await server.start()).toBe(false);
  expect(server.log()).toMatch(/Input\/output error/);
  rmSync(flag);
  expect(await server.start()).toBe(true);
  expect(await server.judge()).toEqual([]);
});

test('what is on the disk cannot be read: it is said, nothing is told that is not so, and all is there when it can be', async () => {
  const initPids = await Promise.all(['one', 'two'].map(initOf));
  writeFileSync(reads, '');
  // It does fail. (dd reads by read(2), the loader of programs by pread64(2).)
  expect(() => execFileSync(program, [flag, 'dd', '--version'], { stdio: 'pipe' })).toThrow(
    /Input\/output error/,
  );
  // What a database has in memory it need not read: the next one has nothing.
  const postmaster = endDatabase();
  await vi.waitFor(() => expect(existsSync(`/proc/${postmaster}`)).toBe(false), SOON);
  const outcomes = await Promise.all([
    client.change('guest.configure', { guest: 'one', limits: { memory: 72 * MiB } }),
    client.change('guest.create', { name: 'four', limits: { memory: 64 * MiB, pids: 64 }, wait: true }),
    client.change('volume.create', { volume: 'unread' }),
  ]);
  for (const outcome of outcomes) expect(outcome).not.toMatchObject({ status: 'done' });
  for (const pid of initPids) expect(existsSync(`/proc/${pid}`)).toBe(true);
  await server.kill();
  expect(await server.start()).toBe(false);
  expect(server.log()).toMatch(/Input\/output error|cannot read/);

  rmSync(reads);
  expect(await server.start()).toBe(true);
  expect(await Promise.all(['one', 'two'].map(initOf))).toEqual(initPids);
  expect(await server.judge()).toEqual([]);
});

function endDatabase(): string {
  const [postmaster = ''] = readFileSync(path.join(server.dataDir, 'db/postmaster.pid'), 'utf8').split('\n');
  process.kill(Number(postmaster), 'SIGKILL');
  return postmaster;
}

async function initOf(guest: string): Promise<number> {
  const { initPid } = await client.query<GuestView>('guest.get', { guest });
  if (!initPid) throw new Error(`guest ${guest} does not run`);
  return initPid;
}
