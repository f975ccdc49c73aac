import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { DoctorReport } from '../../server/doctor/schema.ts';
import type { GuestView } from '../../server/guest/schema.ts';
import type { AcknowledgingClient } from '../oracle/acknowledging-client.ts';
import { FaultServer } from './fault-server.ts';

const MiB = 1024 * 1024;
const LIMITS = { memory: 64 * MiB, pids: 64 };
/** The database is started again by itself, after at most 10 s, and has to recover. */
const SOON = { timeout: 90_000, interval: 200 };

let disk: string;
let server: FaultServer;
let client: AcknowledgingClient;

beforeAll(async () => {
  disk = mkdtempSync('/tmp/berth-disk-');
  chmodSync(disk, 0o711);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=384m,nr_inodes=20k,mode=0711', 'berth-faults', disk]);
  server = await FaultServer.make({ dataDir: path.join(disk, 'data') });
  client = server.client;
  for (const name of ['one', 'two']) {
    const made = await client.change('guest.create', { name, limits: LIMITS, start: true, wait: true });
    expect(made).toMatchObject({ status: 'done' });
  }
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true });
});

const filler = () => path.join(disk, 'filler');

/** Until nothing more goes in. */
function fillBytes(): void {
  const block = Buffer.alloc(MiB);
  const file = openSync(filler(), 'w');
  try {
    for (let size = block.length; size >= 4096; ) {
      try {
        writeSync(file, block, 0, size);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        size /= 2;
      }
    }
  } finally {
    closeSync(file);
  }
}

function fillInodes(): void {
  mkdirSync(filler());
  for (let number = 0; ; number++) {
    try {
      closeSync(openSync(path.join(filler(), `${number}`), 'w'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      return;
    }
  }
}

/** Changes of every sort: what comes back is for the oracle to judge. Each must come back. */
async function changes(): Promise<void> {
  await Promise.all([
    client.change('guest.restart', { guest: 'one', wait: true, force: true }),
    client.change('guest.configure', { guest: 'two', limits: { memory: 80 * MiB } }),
    client.change('volume.create', { volume: 'full' }),
  ]);
  await client.change('guest.freeze', { guest: 'two', wait: true });
}

/** At rest and as told; then everything works again. */
async function asBefore(): Promise<void> {
  await vi.waitFor(async () => expect(await server.judge()).toEqual([]), SOON);
  for (const { name, state } of await client.query<GuestView[]>('guest.list')) {
    const verb = state === 'frozen' ? 'guest.unfreeze' : 'guest.start';
    if (state !== 'running')
      expect(await client.change(verb, { guest: name, wait: true })).toMatchObject({ status: 'done' });
  }
  for (const volume of client.told.world.volumes)
    expect(await client.change('volume.delete', { volume })).toMatchObject({ kind: 'acknowledged' });
  expect(await server.judge()).toEqual([]);
}

/** No file that was written aside is left in the data folder. */
function halfWritten(): string[] {
  return readdirSync(server.dataDir).filter((name) => name.endsWith('.new'));
}

test('a full disk is told, refuses what it cannot hold, and loses nothing', async () => {
  fillBytes();
  expect(statfsSync(disk).bavail).toBeLessThan(16);
  const refused = await client.change('guest.create', { name: 'three', limits: LIMITS, wait: true });
  expect(refused).toMatchObject({
    kind: 'refused',
    message: expect.stringMatching(
      new RegExp(`^the disk of ${server.dataDir} has .* left: a new guest needs`),
    ),
  });
  await changes();
  await server.kill();
  // Guests run on; the server says why it does not start.
  expect(await server.start()).toBe(false);
  expect(server.log()).toMatch(
    new RegExp(`berth: the disk of ${server.dataDir} is full: \\d+ MiB are free, 64 MiB are needed`),
  );
  rmSync(filler());
  expect(await server.start()).toBe(true);
  await asBefore();
  expect(halfWritten()).toEqual([]);
});

test('a database that found the disk full is there again when it is not', async () => {
  fillBytes();
  // More than the room that its journal has set aside.
  for (let round = 0; round < 400; round++) {
    const configured = await client.change('guest.configure', {
      guest: 'two',
      limits: { memory: (64 + (round % 2)) * MiB },
    });
    if (configured.kind !== 'acknowledged') break;
  }
  await changes();
  rmSync(filler());
  await asBefore();
});

test('a disk without room for files is told, and loses nothing', async () => {
  fillInodes();
  expect(statfsSync(disk).ffree).toBe(0);
  expect(await client.change('guest.create', { name: 'three', limits: LIMITS, wait: true })).toMatchObject({
    kind: 'refused',
    message: `the disk of ${server.dataDir} has no inodes left: remove files first`,
  });
  const { findings } = await client.query<DoctorReport>('doctor.check');
  expect(findings.map(({ problem }) => problem)).toContainEqual(
    expect.stringMatching(/^its file system can hold few more files: 0 of \d+ are free$/),
  );
  await changes();
  rmSync(filler(), { recursive: true });
  await asBefore();
});

const limitOf = (name: string) =>
  new RegExp(`^${name}\\s+(\\S+)`, 'm').exec(readFileSync(`/proc/${server.pid}/limits`, 'utf8'))?.[1] ?? '';

test('a server without descriptors refuses or lets go, and works on when it has some again', async () => {
  const before = limitOf('Max open files');
  const used = Math.max(...readdirSync(`/proc/${server.pid}/fd`).map(Number));
  execFileSync('prlimit', ['--pid', `${server.pid}`, `--nofile=${used + 3}:`]);
  await Promise.all(Array.from({ length: 3 }, () => changes()));
  execFileSync('prlimit', ['--pid', `${server.pid}`, `--nofile=${before}:`]);
  expect(server.isUp()).toBe(true);
  await asBefore();
});

test('a server without memory ends or works on, and the next one has lost nothing', async () => {
  const pages = Number(readFileSync(`/proc/${server.pid}/statm`, 'utf8').split(' ')[0]);
  execFileSync('prlimit', ['--pid', `${server.pid}`, `--as=${pages * 4096 + 8 * MiB}:`]);
  // Each answer needs some; enough of them need more than there is.
  for (let round = 0; round < 8 && server.isUp(); round++) {
    const asked = Array.from({ length: 40 }, () => client.query('guest.list').catch(() => null));
    await Promise.all([...asked, changes()]);
  }
  if (server.isUp()) await server.kill();
  expect(await server.start()).toBe(true);
  await asBefore();
});
