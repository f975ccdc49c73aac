import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import { changeSettings } from './change-settings.ts';
import { configureGuest } from './configure-guest.ts';
import { createGuest } from './create-guest.ts';
import { getGuest } from './get-guest.ts';
import { requireEntry } from './require-entry.ts';
import { restartGuest } from './restart-guest.ts';
import { keepChange, revertChange } from './revert-change.ts';
import type { CreateGuestInput } from './schema.ts';
import { settingsOf } from './settings.ts';
import { type TestServer, testDatabase, testServer } from './test-services.ts';
import { undoChange } from './undo-change.ts';

const root: Actor = { kind: 'root' };
const ann: Actor = { kind: 'user', id: 'u1', username: 'ann' };
const MiB = 1024 ** 2;

let database: Awaited<ReturnType<typeof testDatabase>>;
let server: TestServer;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.close());
beforeEach(async () => {
  server = await testServer(database);
  await server.db.user.create({
    data: { id: 'u1', name: 'Ann', email: 'ann@berth.invalid', username: 'ann' },
  });
});
afterEach(async () => {
  await server.close();
  await server.db.guest.deleteMany();
  await server.db.operation.deleteMany();
  await server.db.user.deleteMany();
  await server.db.$disconnect();
});

async function make(input: CreateGuestInput = {}) {
  const { guest } = await createGuest(server, root, { name: 'web', start: true, wait: true, ...input });
  server.runtime.calls.length = 0;
  return guest;
}

function get(): ReturnType<typeof getGuest> {
  return getGuest(server, 'web');
}

/** Another server over the same database and kernel, as after a restart. */
async function restartServer(): Promise<void> {
  const { runtime } = server;
  await server.close();
  server = await testServer({ ...database, runtime });
}

test('a change on trial goes back by itself, in the kernel too', async () => {
  const { id, limits } = await make();
  const { guest } = await configureGuest(server, ann, {
    guest: 'web',
    limits: { memory: 64 * MiB },
    revertAfterSeconds: 1,
  });
  expect(guest.limits.memory).toBe(64 * MiB);
  expect(Date.parse(guest.revertsAt ?? '') - Date.now()).toBeLessThanOrEqual(1000);
  await vi.waitFor(async () => expect(await get()).toMatchObject({ revertsAt: null, limits }), {
    timeout: 20_000,
  });
  expect(server.runtime.running.get(id)?.spec.limits).toEqual(limits);
  const operations = await server.db.operation.findMany({ where: { kind: 'guest.configure' } });
  expect(operations.map(({ actor }) => actor).sort()).toEqual(['ann', 'policy']);
  await expect(keepChange(server, ann, 'web')).rejects.toMatchObject({ code: 'illegal_state' });
  await expect(revertChange(server, ann, 'web')).rejects.toMatchObject({ code: 'illegal_state' });
});

test('a change on trial that nobody could keep while the server was away goes back when it is there', async () => {
  const { limits } = await make();
  await configureGuest(server, ann, { guest: 'web', limits: { pids: 7 }, revertAfterSeconds: 1 });
  const { runtime } = server;
  await server.close();
  expect(runtime.running.values().next().value?.spec.limits.pids).toBe(7);
  server = await testServer({ ...database, runtime });
  await vi.waitFor(async () => expect(await get()).toMatchObject({ revertsAt: null, limits }), {
    timeout: 20_000,
  });
});

test('a change that is kept stays, also over a restart of the server', async () => {
  await make();
  await configureGuest(server, ann, { guest: 'web', limits: { pids: 7 }, revertAfterSeconds: 3600 });
  const kept = await keepChange(server, ann, 'web');
  expect(kept).toMatchObject({ revertsAt: null, limits: { pids: 7 } });
  await restartServer();
  expect(await get()).toMatchObject({ revertsAt: null, limits: { pids: 7 } });
});

test('of changes on trial and kept ones in between, what was kept stays', async () => {
  const { limits } = await make();
  const trial = { guest: 'web', revertAfterSeconds: 3600 };
  await configureGuest(server, ann, { ...trial, limits: { pids: 7, memory: 64 * MiB } });
  await configureGuest(server, ann, { ...trial, isolation: { nesting: true } });
  await configureGuest(server, ann, { guest: 'web', limits: { pids: 9 } });
  const back = await revertChange(server, ann, 'web');
  expect(back).toMatchObject({
    revertsAt: null,
    limits: { ...limits, pids: 9 },
    isolation: { nesting: false },
    pendingRestart: [],
  });
});

test('a way back that the kernel refuses is shown as still to come, and can be kept', async () => {
  await make();
  await configureGuest(server, ann, { guest: 'web', limits: { pids: 7 }, revertAfterSeconds: 3600 });
  server.runtime.failures.set('setLimits', new AppError('kernel', 'cannot: busy'));
  await expect(revertChange(server, ann, 'web')).rejects.toMatchObject({ message: 'cannot: busy' });
  expect((await get()).revertsAt).not.toBe(null);
  await keepChange(server, ann, 'web');
  expect(await get()).toMatchObject({ limits: { pids: 7 }, revertsAt: null });
});

test('a change is undone, and its undoing too; what changed since is named instead', async () => {
  const { limits } = await make();
  const first = await configureGuest(server, ann, {
    guest: 'web',
    limits: { pids: 7, memory: 64 * MiB },
    isolation: { nesting: true },
  });
  await configureGuest(server, ann, { guest: 'web', limits: { cpu: 0.5 } });
  const undone = await undoChange(server, ann, { operation: first.operation.id });
  expect(undone.guest).toMatchObject({ limits: { ...limits, cpu: 0.5 }, isolation: { nesting: false } });
  expect(undone.readBack).toEqual({ ...limits, cpu: 0.5 });
  const again = await undoChange(server, ann, { operation: undone.operation.id });
  expect(again.guest.limits).toMatchObject({ pids: 7, memory: 64 * MiB, cpu: 0.5 });
  await configureGuest(server, ann, { guest: 'web', limits: { pids: 8 } });
  await expect(undoChange(server, ann, { operation: first.operation.id })).rejects.toMatchObject({
    code: 'illegal_state',
    field: ['operation'],
    message: expect.stringContaining('limits.pids of guest web changed again since'),
  });
  await expect(undoChange(server, ann, { operation: 'none' })).rejects.toMatchObject({ code: 'not_found' });
  const [start] = await server.db.operation.findMany({ where: { kind: 'guest.create' } });
  await expect(undoChange(server, ann, { operation: start?.id ?? '' })).rejects.toMatchObject({
    code: 'bad_input',
  });
});

test('who may not make a guest privileged has no part in what it is when it becomes so again by itself', async () => {
  await make({ isolation: { privileged: true } });
  const trial = { guest: 'web', revertAfterSeconds: 3600 };
  const less = { isolation: { privileged: false } };
  const forbidden = (...field: string[]) => expect.objectContaining({ code: 'forbidden', field });
  await expect(configureGuest(server, ann, { ...trial, ...less })).rejects.toEqual(
    forbidden('revertAfterSeconds'),
  );
  await configureGuest(server, root, { ...trial, ...less });
  await restartGuest(server, ann, { guest: 'web', wait: true });
  await expect(requireEntry(server, ann, 'web')).rejects.toEqual(forbidden('guest'));
  const command = ['/bin/sh', '-c', 'id'];
  await expect(configureGuest(server, ann, { guest: 'web', command })).rejects.toEqual(forbidden('command'));
  await configureGuest(server, ann, { guest: 'web', limits: { pids: 9 } });
  await revertChange(server, ann, 'web');
  expect(await get()).toMatchObject({ isolation: { privileged: true }, limits: { pids: 9 } });
  // Without a way back there is nothing that it could come to.
  await configureGuest(server, ann, { guest: 'web', ...less });
  await requireEntry(server, ann, 'web');
  await configureGuest(server, ann, { guest: 'web', command });
  expect(await get()).toMatchObject({ isolation: { privileged: false }, command });
});

test('a change on trial is kept only by who may make it', async () => {
  await make();
  await configureGuest(server, root, {
    guest: 'web',
    isolation: { privileged: true },
    revertAfterSeconds: 3600,
  });
  const refused = { code: 'forbidden', field: ['isolation', 'privileged'] };
  await expect(keepChange(server, ann, 'web')).rejects.toMatchObject(refused);
  const again = { guest: 'web', isolation: { privileged: true } };
  await expect(configureGuest(server, ann, again)).rejects.toMatchObject(refused);
  expect((await get()).revertsAt).not.toBe(null);
  expect(await keepChange(server, root, 'web')).toMatchObject({
    revertsAt: null,
    isolation: { privileged: true },
  });
});

test('a change that was checked before another one was made does not undo it', async () => {
  await make();
  const [first, second] = await Promise.allSettled([
    configureGuest(server, root, { guest: 'web', limits: { pids: 7 } }),
    configureGuest(server, ann, { guest: 'web', limits: { cpu: 0.5 } }),
  ]);
  const ended = [first, second].map(({ status }) => status);
  expect(ended.toSorted()).toEqual(['fulfilled', 'rejected']);
  const record = server.guests.get('web');
  const stale = { record, after: settingsOf(record), revert: null };
  await configureGuest(server, root, { guest: 'web', limits: { pids: 9 } });
  await expect(changeSettings(server, ann, stale)).rejects.toMatchObject({ code: 'busy' });
  expect((await get()).limits.pids).toBe(9);
});
