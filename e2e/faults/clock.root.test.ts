import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { GuestView } from '../../server/guest/schema.ts';
import { send } from '../../server/http/test-front.ts';
import type { OperationView } from '../../server/operation/schema.ts';
import type { AcknowledgingClient } from '../oracle/acknowledging-client.ts';
import { readRows } from '../oracle/read-rows.ts';
import type { FaultServer } from './fault-server.ts';
import { LIMITS, SOON, shareFaultServer } from './shared-fault-server.ts';

const DAY_S = 86_400;
const MORE = { memory: 96 * 1024 * 1024 };
const EXIT_7 = ['/bin/sh', '-c', 'trap "exit 7" USR1; while :; do sleep 0.1; done'];

let folder: string;
let server: FaultServer;
let client: AcknowledgingClient;

beforeAll(() => {
  folder = mkdtempSync('/tmp/berth-clock-');
  const source = path.join(import.meta.dirname, 'shifted-clock.c');
  execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', path.join(folder, 'clock.so'), source, '-ldl']);
});
afterAll(() => rmSync(folder, { recursive: true }));
shareFaultServer((made) => {
  server = made;
  client = made.client;
});
afterEach(async () => {
  for (const guest of Object.keys(client.told.world.guests))
    await client.change('guest.delete', { guest, force: true, wait: true });
});
afterAll(() => {
  if (server) server.within = [];
});

/** From now on the server's clock differs from that of its guests and its database by so much. In place: it is mapped. */
function setClock(shiftSeconds: number): void {
  const seconds = Buffer.alloc(8);
  seconds.writeBigInt64LE(BigInt(shiftSeconds));
  writeFileSync(path.join(folder, 'clock'), seconds, { flag: 'r+' });
}

/** The server ends, and the next one has a clock that can be set, and differs by so much. */
async function startWithClock(shiftSeconds: number): Promise<void> {
  await server.kill();
  writeFileSync(path.join(folder, 'clock'), Buffer.alloc(8));
  setClock(shiftSeconds);
  server.within = [
    '/usr/bin/env',
    `LD_PRELOAD=${path.join(folder, 'clock.so')}`,
    `BERTH_TEST_CLOCK=${path.join(folder, 'clock')}`,
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

  await expectAgain();
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

/** Whose policy says so starts again after its end. */
async function expectAgain(): Promise<void> {
  const { initPid: first } = await view('again');
  await end('again');
  await vi.waitFor(async () => {
    const now = await view('again');
    expect(now.state).toBe('running');
    expect(now.initPid).not.toBe(first);
  }, SOON);
}

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

test('a clock that jumps by days under a running server ends nothing, and starts nothing before its time', async () => {
  const policy = { policy: 'always', delayMs: 3_600_000, maxDelayMs: 3_600_000, attempts: null };
  await create('later', { command: EXIT_7, init: { restart: policy } });
  const atOnce = { policy: 'always', delayMs: 0, maxDelayMs: 0, attempts: null };
  await create('again', { command: EXIT_7, init: { restart: atOnce } });
  await create('tried');
  await startWithClock(0);
  const change = { guest: 'tried', limits: MORE, revertAfterSeconds: 3600 };
  expect(await client.change('guest.configure', change)).toMatchObject({ status: 'done' });
  await end('later');
  await vi.waitFor(async () => expect(await view('later')).toMatchObject({ state: 'scheduled' }), SOON);
  client.told.happened('later', { state: 'scheduled' });

  const { startedAt } = await client.query<{ startedAt: string }>('server.status');
  for (const days of [1, -1, 30, 0]) {
    setClock(days * DAY_S);
    // What is written down from here on has the new date: the jump is real.
    const restarted = await client.change('guest.restart', { guest: 'tried', wait: true, force: true });
    if (restarted.kind !== 'acknowledged') throw new Error(JSON.stringify(restarted));
    const { createdAt, status } = await client.query<OperationView>('operation.get', {
      id: restarted.operation,
    });
    expect(status).toBe('done');
    const apart = Date.parse(createdAt) - Date.parse(startedAt) - days * DAY_S * 1000;
    expect(Math.abs(apart)).toBeLessThan(3_600_000);

    await expectAgain();
    // Times count since boot: neither the trial nor the start in an hour is due by the jump.
    expect(await view('tried')).toMatchObject({ limits: MORE, revertsAt: expect.any(String) });
    expect(await view('later')).toMatchObject({ state: 'scheduled' });
    expect(await server.judge()).toEqual([]);
  }
  expect(await client.query<{ startedAt: string }>('server.status')).toMatchObject({ startedAt });
});

const ADA = { username: 'ada', password: 'correct horse battery' };

test('sign-ins while the clock jumps: one lives as long as it says, never longer, and nobody is locked out', async () => {
  await startWithClock(0);
  const web = (path: string, options = {}) => send(server.instance.webSocket, path, options);
  const signIn = async () => {
    const { status, cookies } = await web('/api/auth/sign-in/username', { body: ADA });
    expect(status).toBe(200);
    return { cookie: cookies[0]?.split(';')[0] ?? '' };
  };
  const who = async (headers: object) => (await web('/api/trpc/auth.me', { headers })).body;
  const ada = { result: { data: { user: { username: 'ada' } } } };
  const nobody = { result: { data: { user: null } } };
  const link = async () =>
    (await client.request<{ path: string }>('admin.createLink', {})).path.split('#')[1];
  const use = async (token?: string, username = ADA.username) =>
    (await web('/api/trpc/setup.createAdmin', { body: { ...ADA, username, token, name: 'Ada' } })).status;
  expect(await use(await link())).toBe(200);

  const [unused, open] = [await signIn(), await signIn()];
  const late = await link();
  const socket = await watching(open.cookie);
  // An hour is nothing to a sign-in that may rest for twelve.
  setClock(3600);
  expect(await who(open)).toMatchObject(ada);
  setClock(DAY_S);
  // What is open ends as well as what is asked; a link of an hour is over.
  await socket.ended;
  expect(await who(open)).toMatchObject(nobody);
  expect(await use(late, 'eve')).toBe(403);
  const ahead = await signIn();
  expect(await who(ahead)).toMatchObject(ada);

  // Back by two days: what was ended stays so; one that nobody used meanwhile was not; one of tomorrow is good.
  setClock(-DAY_S);
  expect(await who(open)).toMatchObject(nobody);
  expect(await who(unused)).toMatchObject(ada);
  expect(await who(ahead)).toMatchObject(ada);
  expect(await who(await signIn())).toMatchObject(ada);
  setClock(30 * DAY_S);
  for (const one of [unused, ahead]) expect(await who(one)).toMatchObject(nobody);
  setClock(0);
  for (const one of [unused, ahead, open]) expect(await who(one)).toMatchObject(nobody);
  expect(await who(await signIn())).toMatchObject(ada);
});

/** A socket of somebody who is signed in, and when it was ended. */
async function watching(cookie: string): Promise<{ ended: Promise<unknown> }> {
  const socket = new WebSocket(`ws+unix://${server.instance.webSocket}:/api/trpc`, {
    headers: {
      ...{ cookie, host: 'berth.test:8443', 'x-forwarded-host': 'berth.test:8443' },
      ...{ origin: 'https://berth.test:8443', 'x-forwarded-for': '192.0.2.7' },
    },
  });
  await once(socket, 'open');
  return { ended: once(socket, 'close') };
}
