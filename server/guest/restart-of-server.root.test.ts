import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Actor } from '../platform.ts';
import { FakeRuntime } from '../runtime/fake.ts';
import { createGuest } from './create-guest.ts';
import { freezeGuest } from './freeze-guest.ts';
import { getGuest } from './get-guest.ts';
import { listGuests } from './list-guests.ts';
import { startGuest } from './start-guest.ts';
import { stopGuest } from './stop-guest.ts';
import { type TestServer, testDatabase, testServer } from './test-services.ts';

const ann: Actor = { kind: 'user', id: 'u1', username: 'ann' };

let database: Awaited<ReturnType<typeof testDatabase>>;
let runtime: FakeRuntime;
let server: TestServer;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.close());
beforeEach(async () => {
  runtime = new FakeRuntime();
  server = await testServer({ ...database, runtime });
});
afterEach(async () => {
  await server.db.guest.deleteMany();
  await server.db.operation.deleteMany();
  await server.close();
});

/** The server ends without a word and another one starts on the same database and kernel. */
async function crash(): Promise<void> {
  await server.db.$disconnect();
  server = await testServer({ ...database, runtime });
}

/** Start a verb whose kernel call never returns, and crash while it is at work. */
async function crashDuring(
  method: 'startGuest' | 'stopGuest' | 'createGuestDir',
  verb: () => Promise<unknown>,
) {
  const call = vi.spyOn(runtime, method).mockImplementationOnce(() => new Promise<never>(() => undefined));
  await verb();
  await vi.waitFor(() => expect(call).toHaveBeenCalled());
  call.mockRestore();
  await crash();
}

test('running and frozen guests are taken back as the kernel has them', async () => {
  const { guest } = await createGuest(server, ann, { name: 'runs', start: true, wait: true });
  await createGuest(server, ann, { name: 'cold', start: true, wait: true });
  await freezeGuest(server, ann, { guest: 'cold', wait: true });
  await createGuest(server, ann, { name: 'rests', wait: true });
  await crash();
  const states = (await listGuests(server)).map(({ name, state }) => [name, state]);
  expect(states).toEqual([
    ['cold', 'frozen'],
    ['rests', 'stopped'],
    ['runs', 'running'],
  ]);
  expect((await getGuest(server, 'runs')).initPid).toBe(guest.initPid);
  await stopGuest(server, ann, { guest: 'runs', wait: true });
});

test('an end that nobody saw is written down from the record that the supervisor left', async () => {
  const { guest } = await createGuest(server, ann, { name: 'gone', start: true, wait: true });
  runtime.running.delete(guest.id);
  runtime.exits.set(guest.id, {
    id: guest.id,
    status: 3,
    signal: null,
    outOfMemory: false,
    at: new Date().toISOString(),
  });
  await crash();
  expect(await getGuest(server, 'gone')).toMatchObject({
    state: 'failed',
    problem: 'its init ended with status 3',
    exit: { status: 3 },
  });
  expect(runtime.calls).toContain(`cleanGuest ${guest.id}`);
});

test('a supervisor that was killed leaves drift that is told', async () => {
  const { guest } = await createGuest(server, ann, { name: 'lost', start: true, wait: true });
  runtime.running.delete(guest.id);
  await crash();
  expect(await getGuest(server, 'lost')).toMatchObject({
    state: 'failed',
    problem: expect.stringContaining('its supervisor was killed'),
  });
});

test('after a reboot of the host those that ran are started again, frozen ones frozen', async () => {
  await createGuest(server, ann, { name: 'ran', start: true, wait: true });
  await createGuest(server, ann, { name: 'cold', start: true, wait: true });
  await freezeGuest(server, ann, { guest: 'cold', wait: true });
  await createGuest(server, ann, { name: 'rested', wait: true });
  await server.db.guest.updateMany({
    where: { initPid: { not: null } },
    data: { bootId: 'an-earlier-boot' },
  });
  runtime.running.clear();
  await crash();
  await vi.waitFor(async () => {
    const states = (await listGuests(server)).map(({ name, state, operation }) => [name, state, operation]);
    expect(states).toEqual([
      ['cold', 'frozen', null],
      ['ran', 'running', null],
      ['rested', 'stopped', null],
    ]);
  });
});

test('an interrupted create is undone', async () => {
  await crashDuring('startGuest', () => createGuest(server, ann, { name: 'half', start: true }));
  expect(await listGuests(server)).toEqual([]);
  expect(runtime.folders.size).toBe(0);
  expect(await server.db.guest.count()).toBe(0);
  const [operation] = await server.db.operation.findMany({ select: { status: true } });
  expect(operation?.status).toBe('failed');
});

test('an interrupted create whose guest runs already is undone too', async () => {
  const start = runtime.startGuest.bind(runtime);
  const call = vi.spyOn(runtime, 'startGuest').mockImplementationOnce(async (spec) => {
    await start(spec);
    return new Promise<never>(() => undefined);
  });
  await createGuest(server, ann, { name: 'half', start: true });
  await vi.waitFor(() => expect(runtime.running.size).toBe(1));
  call.mockRestore();
  await crash();
  expect(runtime.running.size).toBe(0);
  expect(await listGuests(server)).toEqual([]);
});

test('an interrupted start is carried on, an interrupted stop too', async () => {
  await createGuest(server, ann, { name: 'goes', wait: true });
  await crashDuring('startGuest', () => startGuest(server, ann, { guest: 'goes' }));
  expect(await getGuest(server, 'goes')).toMatchObject({ state: 'running', operation: null });
  await crashDuring('stopGuest', () => stopGuest(server, ann, { guest: 'goes' }));
  expect(await getGuest(server, 'goes')).toMatchObject({ state: 'stopped', operation: null });
  expect(runtime.running.size).toBe(0);
});

test('what is left of guests that nobody knows is removed, and half-made rows', async () => {
  const { guest } = await createGuest(server, ann, { name: 'kept', start: true, wait: true });
  const { guest: stray } = await createGuest(server, ann, { name: 'stray', start: true, wait: true });
  const { guest: half } = await createGuest(server, ann, { name: 'half', wait: true });
  await server.db.guest.delete({ where: { id: stray.id } });
  await server.db.guest.update({ where: { id: half.id }, data: { state: 'creating' } });
  runtime.remnants.add('nobodys');
  await crash();
  expect([...runtime.running.keys()]).toEqual([guest.id]);
  expect([...runtime.folders]).toEqual([guest.id]);
  expect(runtime.remnants.size).toBe(0);
  expect((await listGuests(server)).map(({ name }) => name)).toEqual(['kept']);
});
