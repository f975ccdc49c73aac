import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { GuestView } from '../../server/guest/schema.ts';
import type { AcknowledgingClient } from '../oracle/acknowledging-client.ts';
import { readRows } from '../oracle/read-rows.ts';
import { FaultServer } from './fault-server.ts';

const SOON = { timeout: 60_000, interval: 50 };
const DAY_S = 86_400;
const LIMITS = { memory: 64 * 1024 * 1024, pids: 64 };
const MORE = { memory: 96 * 1024 * 1024 };
const EXIT_7 = ['/bin/sh', '-c', 'trap "exit 7" USR1; while :; do sleep 0.1; done'];

let folder: string;
let server: FaultServer;
let client: AcknowledgingClient;

beforeAll(async () => {
  folder = mkdtempSync('/tmp/berth-clock-');
  const source = path.join(import.meta.dirname, 'shifted-clock.c');
  execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', path.join(folder, 'clock.so'), source, '-ldl']);
  server = await FaultServer.make();
  client = server.client;
});
afterEach(async () => {
  for (const guest of Object.keys(client.told.world.guests))
    await client.change('guest.delete', { guest, force: true, wait: true });
});
afterAll(async () => {
  if (server) server.within = [];
  await server?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** The server ends, and the next one has a clock that differs from that of its guests and its database by so much. */
async function startWithClock(shiftSeconds: number): Promise<void> {
  await server.kill();
  server.within = [
    '/usr/bin/env',
    `LD_PRELOAD=${path.join(folder, 'clock.so')}`,
    `BERTH_TEST_CLOCK_SHIFT=${shiftSeconds}`,
  ];
  expect(await server.start()).toBe(true);
  const { startedAt } = await client.query<{ startedAt: string }>('server.status');
  // The shift is real: within an hour of what it should be.
  expect(Math.abs(Date.parse(startedAt) - Date.now() - shiftSeconds * 1000)).toBeLessThan(3_600_000);
}

async function create(name: string, more: object = {}): Promise<void> {
  const input = { name, limits: LIMITS, start: true, wait: true, ...more };
  expect(await client.change('guest.create', input)).toMatchObject({ status: 'done' });
}

const view = (guest: string) => client.query<GuestView>('guest.get', { guest });

async function end(guest: string): Promise<void> {
  const { initPid } = await view(guest);
  if (!initPid) throw new Error(`guest ${guest} does not run`);
  process.kill(initPid, 'SIGUSR1');
}

test.each([
  ['ahead', DAY_S],
  ['behind', -DAY_S],
])('a clock that is a day %s: ends are written down, policies hold, nothing is lost', async (_how, shift) => {
  await create('ends', { command: EXIT_7 });
  await create('away', { command: EXIT_7 });
  await create('again', {
    command: EXIT_7,
    init: { restart: { policy: 'always', delayMs: 0, maxDelayMs: 0, attempts: null } },
  });
  await startWithClock(shift);
  expect(await server.judge()).toEqual([]);

  await end('ends');
  await vi.waitFor(async () => {
    expect(await view('ends')).toMatchObject({ state: 'failed', exit: { status: 7 } });
  }, SOON);
  client.told.happened('ends', { state: 'failed' });

  const { initPid: first } = await view('again');
  await end('again');
  await vi.waitFor(async () => {
    const now = await view('again');
    expect(now.state).toBe('running');
    expect(now.initPid).not.toBe(first);
  }, SOON);
  expect(await server.judge()).toEqual([]);

  // Started by this clock, ended by the supervisor's own, read by a server with the right one.
  expect(await client.change('guest.restart', { guest: 'away', wait: true, force: true })).toMatchObject({
    status: 'done',
  });
  const { guests } = await readRows(server.instance);
  await server.kill();
  process.kill(guests.find(({ name }) => name === 'away')?.run?.initPid ?? Number.NaN, 'SIGUSR1');
  server.within = [];
  expect(await server.start()).toBe(true);
  await vi.waitFor(async () => {
    expect(await view('away')).toMatchObject({ state: 'failed', exit: { status: 7 } });
  }, SOON);
  client.told.happened('away', { state: 'failed' });
  expect(await server.judge()).toEqual([]);
});

test('a change on trial goes back at its time, by the clock that the server has', async () => {
  await create('tried');
  const change = { guest: 'tried', limits: MORE, revertAfterSeconds: 3600 };
  expect(await client.change('guest.configure', change)).toMatchObject({ status: 'done' });
  await startWithClock(-DAY_S);
  expect(await server.judge()).toEqual([]);
  expect(await view('tried')).toMatchObject({ limits: MORE, revertsAt: expect.any(String) });

  await startWithClock(DAY_S);
  await vi.waitFor(async () => {
    expect(await view('tried')).toMatchObject({ limits: { memory: LIMITS.memory }, revertsAt: null });
  }, SOON);
  client.told.happened('tried', { memory: LIMITS.memory, trial: false });
  expect(await server.judge()).toEqual([]);
});
