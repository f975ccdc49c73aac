import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Actor } from '../platform.ts';
import { createGuest } from './create-guest.ts';
import { getGuest } from './get-guest.ts';
import type { GuestInit } from './schema.ts';
import { startGuest } from './start-guest.ts';
import { stopGuest } from './stop-guest.ts';
import { type TestServer, testDatabase, testServer } from './test-services.ts';

const ann: Actor = { kind: 'user', id: 'u1', username: 'ann' };
const FAILED = { status: 3, signal: null };
const LONG = 3_600_000;

let database: Awaited<ReturnType<typeof testDatabase>>;
let server: TestServer;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.close());
beforeEach(async () => {
  server = await testServer(database);
});
afterEach(async () => {
  await server.close();
  await server.db.guest.deleteMany();
  await server.db.operation.deleteMany();
  await server.db.$disconnect();
});

async function running(name: string, init: Partial<GuestInit>): Promise<string> {
  const { guest } = await createGuest(server, ann, { name, init, start: true, wait: true });
  return guest.id;
}

const restart = (more: Partial<GuestInit['restart']>) => ({
  restart: { policy: 'always' as const, delayMs: 0, maxDelayMs: 0, attempts: null, ...more },
});

const isIn = (name: string, state: string) =>
  vi.waitFor(async () => expect(await getGuest(server, name)).toMatchObject({ state }), 5000);

async function again(runtime = server.runtime): Promise<void> {
  await server.close();
  await server.db.$disconnect();
  server = await testServer({ ...database, runtime });
}

const starts = () => server.runtime.calls.filter((call) => call.startsWith('startGuest'));

describe('the restart policy', () => {
  test.each([
    ['always', { status: 0 }],
    ['always', FAILED],
    ['on-failure', FAILED],
    ['on-failure', { status: null, signal: 'SIGKILL', outOfMemory: true }],
  ] as const)('%s starts again what ended by %o, as an operation of its own', async (policy, end) => {
    const id = await running('phoenix', restart({ policy }));
    server.runtime.end(id, end);
    await vi.waitFor(() => expect(starts()).toHaveLength(2));
    await isIn('phoenix', 'running');
    const last = await server.db.operation.findFirst({ where: { subjectId: id }, orderBy: { id: 'desc' } });
    expect(last).toMatchObject({ kind: 'guest.start', actor: 'policy', status: 'done' });
    expect(
      server.seen.some((event) => event.type === 'guest.changed' && event.guest.state === 'scheduled'),
    ).toBe(true);
  });

  test('an end that cannot be written down at once is, a little later', async () => {
    const id = await running('late', restart({ policy: 'no' }));
    server.runtime.failures.set('cleanGuest', new Error('its group is busy'));
    server.runtime.end(id, FAILED);
    await isIn('late', 'failed');
    expect(server.runtime.calls.filter((call) => call === `cleanGuest ${id}`)).toHaveLength(2);
  });

  test.each([
    ['no', FAILED, 'failed'],
    ['on-failure', { status: 0 }, 'stopped'],
  ] as const)('%s leaves what ended by %o', async (policy, end, state) => {
    const id = await running('ash', restart({ policy }));
    server.runtime.end(id, end);
    await isIn('ash', state);
    expect((await getGuest(server, 'ash')).startsAt).toBeNull();
    expect(starts()).toHaveLength(1);
  });

  test('says why it ended and when it starts, and gives up after so many times', async () => {
    const id = await running('twice', restart({ policy: 'on-failure', attempts: 1 }));
    server.runtime.end(id, FAILED);
    await vi.waitFor(() => expect(starts()).toHaveLength(2));
    await isIn('twice', 'running');
    server.runtime.end(id, FAILED);
    await isIn('twice', 'failed');
    expect((await getGuest(server, 'twice')).problem).toBe(
      'its init ended with status 3; it was started again 1 times, as often as its restart policy allows',
    );
    // Somebody's start begins the count anew.
    await startGuest(server, ann, { guest: 'twice', wait: true });
    server.runtime.end(id, FAILED);
    await vi.waitFor(() => expect(starts()).toHaveLength(4));
  });

  test('a start that fails is tried again', async () => {
    const id = await running('stubborn', restart({ policy: 'on-failure' }));
    server.runtime.failures.set('startGuest', new Error('not now'));
    server.runtime.end(id, FAILED);
    await vi.waitFor(() => expect(starts()).toHaveLength(3));
    await isIn('stubborn', 'running');
  });

  test('waits in view, goes on after a restart of the server, and a stop by a person is never undone', async () => {
    const id = await running('later', restart({ delayMs: LONG }));
    const other = await running('halted', restart({ delayMs: LONG }));
    for (const one of [id, other]) server.runtime.end(one, FAILED);
    await isIn('later', 'scheduled');
    await isIn('halted', 'scheduled');
    const { startsAt, problem } = await getGuest(server, 'later');
    expect(Date.parse(startsAt ?? '')).toBeGreaterThan(Date.now());
    expect(problem).toBe('its init ended with status 3');
    await stopGuest(server, ann, { guest: 'halted', wait: true });
    expect(await getGuest(server, 'halted')).toMatchObject({ state: 'stopped', startsAt: null });

    await again();
    expect(await getGuest(server, 'later')).toMatchObject({ state: 'scheduled', startsAt });
    expect(await getGuest(server, 'halted')).toMatchObject({ state: 'stopped', startsAt: null });
    // It was due while no server was there.
    const { restart: kept } = server.guests.get(id);
    await server.guests.update(id, { restart: { ...kept, at: new Date(0).toISOString() } });
    await again();
    await isIn('later', 'running');
    expect(await getGuest(server, 'halted')).toMatchObject({ state: 'stopped' });
  });

  test('a person may start sooner what is scheduled', async () => {
    const id = await running('now', restart({ delayMs: LONG }));
    server.runtime.end(id, FAILED);
    await isIn('now', 'scheduled');
    const { guest } = await startGuest(server, ann, { guest: 'now', wait: true });
    expect(guest).toMatchObject({ state: 'running', startsAt: null });
  });
});

describe('after a boot of the host', () => {
  const autostart = (order: number) => ({ autostart: { enabled: true, order, delaySeconds: 0 } });

  async function boot(): Promise<void> {
    const { runtime } = server;
    runtime.running.clear();
    runtime.calls.length = 0;
    runtime.bootId = `boot-${runtime.bootId}`;
    await again(runtime);
  }

  test('guests with autostart start by their order, then those that ran; the others do not', async () => {
    const ran = await running('ran', {});
    const late = await running('late', autostart(20));
    const { guest: early } = await createGuest(server, ann, {
      name: 'early',
      init: autostart(10),
      wait: true,
    });
    await running('off', {});
    await stopGuest(server, ann, { guest: 'off', wait: true });
    await boot();
    await vi.waitFor(() => expect(server.runtime.running.size).toBe(3));
    expect(starts()).toEqual([early.id, late, ran].map((id) => `startGuest ${id}`));
    await isIn('ran', 'running');
    expect((await getGuest(server, 'off')).state).toBe('stopped');
    const operation = await server.db.operation.findFirst({
      where: { subjectId: early.id },
      orderBy: { id: 'desc' },
    });
    expect(operation).toMatchObject({ kind: 'guest.start', actor: 'policy' });
  });

  test('one that has expired and was stopped for it does not', async () => {
    const { guest } = await createGuest(server, ann, { name: 'over', init: autostart(1), wait: true });
    await server.guests.update(guest.id, {
      expires: '2020-01-01',
      atExpiry: 'stop',
      expiryDone: '2020-01-01',
    });
    await createGuest(server, ann, { name: 'there', init: autostart(2), wait: true });
    await boot();
    await isIn('there', 'running');
    expect((await getGuest(server, 'over')).state).toBe('stopped');
  });

  test('a restart of the server alone starts nobody', async () => {
    await createGuest(server, ann, { name: 'idle', init: autostart(1), wait: true });
    await again();
    expect((await getGuest(server, 'idle')).state).toBe('stopped');
    expect(starts()).toEqual([]);
  });

  test('the pause after an order is kept, and a server that ends in it leaves none out and starts none that was stopped', async () => {
    const pause = { autostart: { enabled: true, order: 1, delaySeconds: 3600 } };
    await createGuest(server, ann, { name: 'first', init: pause, wait: true });
    await createGuest(server, ann, { name: 'second', init: autostart(2), wait: true });
    await createGuest(server, ann, { name: 'third', init: autostart(3), wait: true });
    await boot();
    await isIn('first', 'running');
    expect(await getGuest(server, 'second')).toMatchObject({ state: 'scheduled', startsAt: null });
    await stopGuest(server, ann, { guest: 'third', wait: true });
    await again();
    await isIn('second', 'running');
    expect((await getGuest(server, 'third')).state).toBe('stopped');
  });
});
