import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { AppError } from '../errors/app-error.ts';
import { armFailpoints } from '../failpoint/failpoint.ts';
import { parsePlan } from '../failpoint/plan.ts';
import type { Actor } from '../platform.ts';
import { configureGuest } from './configure-guest.ts';
import { createGuest } from './create-guest.ts';
import { deleteGuest } from './delete-guest.ts';
import { freezeGuest } from './freeze-guest.ts';
import { getGuest } from './get-guest.ts';
import { guestDefaults } from './guest-defaults.ts';
import { listGuests } from './list-guests.ts';
import { renameGuest } from './rename-guest.ts';
import { restartGuest } from './restart-guest.ts';
import { startGuest } from './start-guest.ts';
import { stopGuest } from './stop-guest.ts';
import { type TestServer, testDatabase, testServer } from './test-services.ts';
import { unfreezeGuest } from './unfreeze-guest.ts';

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
});
afterEach(async () => {
  await server.close();
  await server.db.guest.deleteMany();
  await server.db.operation.deleteMany();
  await server.db.$disconnect();
});

/** The error of a refused verb. */
async function refusal(verb: Promise<unknown>): Promise<AppError> {
  const error = await verb.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`it was not refused but gave ${error}`);
  return error;
}

async function expectNothingLeft(): Promise<void> {
  expect(await listGuests(server)).toEqual([]);
  expect(await server.db.guest.count()).toBe(0);
  expect(server.runtime.folders.size).toBe(0);
  expect(server.runtime.running.size).toBe(0);
  expect(server.network.names.size).toBe(0);
}

test('a guest made with nothing said has a name, the first image and limits, and runs when asked', async () => {
  const { guest, operation } = await createGuest(server, ann, { start: true, wait: true });
  expect(guest).toMatchObject({
    state: 'running',
    image: 'berth/mini',
    kind: 'system',
    createdBy: 'ann',
    command: ['/sbin/init'],
    addresses: { ipv4: '10.209.0.2' },
    operation: null,
    problem: null,
  });
  expect(guest.name).toMatch(/^[a-z]+-[a-z]+$/);
  expect(operation).toMatchObject({
    status: 'done',
    actor: 'ann',
    steps: [{ name: 'files' }, { name: 'start' }],
  });
  const spec = server.runtime.running.get(guest.id)?.spec;
  expect(spec).toMatchObject({
    hostname: guest.name,
    idBase: guest.idBase,
    imageRoot: '/images/berth/mini/b1/rootfs',
    stopSignal: 'SIGUSR2',
    limits: guest.limits,
  });
  expect(server.network.names.get(guest.id)).toBe(guest.name);
});

test('its whole life: every state is published, in order, and nothing is left', async () => {
  const { guest } = await createGuest(server, ann, { name: 'whole', wait: true });
  expect(guest.state).toBe('stopped');
  await startGuest(server, ann, { guest: 'whole', wait: true });
  await freezeGuest(server, ann, { guest: 'whole', wait: true });
  await unfreezeGuest(server, ann, { guest: 'whole', wait: true });
  await restartGuest(server, ann, { guest: guest.id, wait: true });
  const stopped = await stopGuest(server, ann, { guest: 'whole', wait: true });
  expect(stopped.guest).toMatchObject({ state: 'stopped', initPid: null, exit: { status: 0, signal: null } });
  await deleteGuest(server, ann, { guest: 'whole', wait: true });
  const states = server.seen.flatMap((event) => (event.type === 'guest.changed' ? [event.guest.state] : []));
  expect(states.filter((state, at) => state !== states[at - 1])).toEqual([
    'creating',
    'stopped',
    'starting',
    'running',
    'freezing',
    'frozen',
    'running',
    'stopping',
    'starting',
    'running',
    'stopping',
    'stopped',
    'deleting',
  ]);
  expect(server.seen.some((event) => event.type === 'guest.removed' && event.id === guest.id)).toBe(true);
  await expectNothingLeft();
});

test('an answer without wait shows what is being done', async () => {
  const { guest, operation } = await createGuest(server, ann, { name: 'soon' });
  expect(guest).toMatchObject({ state: 'creating', operation: { id: operation.id, kind: 'guest.create' } });
  await server.operations.wait(operation.id, 5000, new AbortController().signal);
  expect(await getGuest(server, 'soon')).toMatchObject({ state: 'stopped', operation: null });
});

test.each([
  [{ image: 'debian/99' }, 'bad_input', ['image'], /debian\/99.*berth\/mini, debian\/12/],
  [{ name: 'taken' }, 'name_taken', ['name'], /the name taken/],
  [{ limits: { memory: 2 ** 50 } }, 'bad_input', ['limits', 'memory'], /1024 TiB is more/],
  [{ kind: 'application' as const }, 'bad_input', ['command'], /give the command/],
])('%o is refused and leaves nothing', async (input, code, field, message) => {
  await createGuest(server, ann, { name: 'taken', wait: true });
  const error = await refusal(createGuest(server, ann, { ...input, wait: true }));
  expect(error).toMatchObject({ code, field });
  expect(error.message).toMatch(message);
  expect(await server.db.guest.count()).toBe(1);
  expect(await server.db.operation.count()).toBe(1);
});

test('two of the same name at once: one is made, the other refused', async () => {
  const both = await Promise.allSettled(
    [1, 2].map(() => createGuest(server, ann, { name: 'twin', wait: true })),
  );
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await server.db.guest.count()).toBe(1);
});

test('many at once meet nowhere, and a freed range is used again', async () => {
  const made = await Promise.all(Array.from({ length: 12 }, () => createGuest(server, ann, { wait: true })));
  const numbers = made.map(({ guest }) => [
    guest.idBase,
    guest.addresses.ipv4,
    guest.addresses.mac,
    guest.name,
  ]);
  expect(new Set(numbers.flat()).size).toBe(12 * 4);
  const [first] = made;
  if (!first) throw new Error('none was made');
  await deleteGuest(server, ann, { guest: first.guest.id, wait: true });
  const next = await createGuest(server, ann, { wait: true });
  expect(next.guest.idBase).toBe(first.guest.idBase);
});

test('ids and addresses of a guest are free once its delete is written down, and not before', async () => {
  const { guest } = await createGuest(server, ann, { name: 'goes', wait: true });
  const [reached, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const forget = server.network.onGuestRemoved.bind(server.network);
  server.network.onGuestRemoved = async (gone) => {
    reached.resolve();
    await goOn.promise;
    await forget(gone);
  };
  const deleted = deleteGuest(server, ann, { guest: guest.id, wait: true });
  await reached.promise;
  // Its files are gone, its row is not: whoever is made now must not get what a crash would bring back.
  expect(server.runtime.folders.size).toBe(0);
  const { guest: meanwhile } = await createGuest(server, ann, { wait: true });
  expect(meanwhile.idBase).not.toBe(guest.idBase);
  expect(meanwhile.addresses.ipv4).not.toBe(guest.addresses.ipv4);
  goOn.resolve();
  await deleted;
  const { guest: after } = await createGuest(server, ann, { wait: true });
  expect([after.idBase, after.addresses.ipv4]).toEqual([guest.idBase, guest.addresses.ipv4]);
});

test('a start that the kernel refuses undoes the whole create', async () => {
  server.runtime.failures.set('startGuest', new AppError('unsupported', 'the kernel has no user namespaces'));
  const error = await refusal(createGuest(server, ann, { name: 'poor', start: true, wait: true }));
  expect(error).toMatchObject({ code: 'unsupported', message: 'the kernel has no user namespaces' });
  await expectNothingLeft();
});

test('an image that is not built is built first; a build that fails leaves no guest', async () => {
  server.images.failure = new AppError('unavailable', 'no network');
  const error = await refusal(createGuest(server, ann, { name: 'deb', image: 'debian/12', wait: true }));
  expect(error.message).toBe('no network');
  await expectNothingLeft();
  server.images.failure = null;
  const { operation } = await createGuest(server, ann, {
    name: 'deb',
    image: 'debian/12',
    start: true,
    wait: true,
  });
  expect(operation.steps.map(({ name }) => name)).toEqual(['files', 'image', 'start']);
  const [running] = server.runtime.running.values();
  expect(running?.spec.imageRoot).toBe('/images/debian/12/b2/rootfs');
  expect((await guestDefaults(server, { unlimited: true })).image).toBe('debian/12');
});

test('a second start, a delete of a running guest and a stop of a stopped one are refused by name', async () => {
  await createGuest(server, ann, { name: 'busy', start: true, wait: true });
  expect(await refusal(startGuest(server, ann, { guest: 'busy' }))).toMatchObject({
    code: 'illegal_state',
    message: 'cannot start guest busy: it is running, it must be stopped or failed or scheduled',
  });
  const kept = await refusal(deleteGuest(server, ann, { guest: 'busy', wait: true }));
  expect(kept.message).toMatch(/busy is running: stop it first, or delete it with force/);
  await stopGuest(server, ann, { guest: 'busy', force: true, wait: true });
  expect((await refusal(stopGuest(server, ann, { guest: 'busy' }))).code).toBe('illegal_state');
  expect((await refusal(getGuest(server, 'nobody'))).code).toBe('not_found');
  await startGuest(server, ann, { guest: 'busy', wait: true });
  await deleteGuest(server, ann, { guest: 'busy', force: true, wait: true });
  await expectNothingLeft();
});

test('a delete that cannot even stop the guest says why and leaves it running; a later one removes it', async () => {
  const { guest } = await createGuest(server, ann, { name: 'stays', start: true, wait: true });
  server.runtime.failures.set('stopGuest', new AppError('kernel', 'it does not end'));
  const why = await refusal(deleteGuest(server, ann, { guest: 'stays', force: true, wait: true }));
  expect(why.message).toBe('it does not end');
  expect(await getGuest(server, 'stays')).toMatchObject({
    state: 'running',
    problem: 'could not be deleted: it does not end',
    initPid: server.runtime.running.get(guest.id)?.initPid,
  });
  // One that was held for failed then, by an older Berth, and runs all the same, can be removed too.
  await server.guests.update(guest.id, { state: 'failed' });
  await deleteGuest(server, ann, { guest: 'stays', wait: true });
  await expectNothingLeft();
});

test('a delete whose last part fails for a moment leaves nothing all the same', async () => {
  await createGuest(server, ann, { name: 'goes', wait: true });
  armFailpoints(parsePlan('guest.forget.network:before=error'));
  try {
    await deleteGuest(server, ann, { guest: 'goes', wait: true });
  } finally {
    armFailpoints(null);
  }
  await expectNothingLeft();
});

test('two starts at once: one starts it, the other is told why not', async () => {
  await createGuest(server, ann, { name: 'once', wait: true });
  const both = await Promise.allSettled(
    [1, 2].map(() => startGuest(server, ann, { guest: 'once', wait: true })),
  );
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(server.runtime.calls.filter((call) => call.startsWith('startGuest'))).toHaveLength(1);
});

test('a failed start shows on the guest until the next one', async () => {
  await createGuest(server, ann, { name: 'weak', wait: true });
  server.runtime.failures.set(
    'startGuest',
    new AppError('kernel', 'cannot mount the overlay: no such device'),
  );
  await refusal(startGuest(server, ann, { guest: 'weak', wait: true }));
  expect(await getGuest(server, 'weak')).toMatchObject({
    state: 'failed',
    problem: 'cannot mount the overlay: no such device',
  });
  const { guest } = await startGuest(server, ann, { guest: 'weak', wait: true });
  expect(guest).toMatchObject({ state: 'running', problem: null });
});

test('limits of a running guest change at once and are read back; what the kernel refuses is undone', async () => {
  const { guest } = await createGuest(server, ann, { name: 'tune', start: true, wait: true });
  const changed = await configureGuest(server, ann, { guest: 'tune', limits: { memory: 64 * MiB } });
  expect(changed.readBack).toEqual({ ...guest.limits, memory: 64 * MiB });
  expect(changed.guest.limits.memory).toBe(64 * MiB);
  server.runtime.failures.set(
    'setLimits',
    new AppError('kernel', 'cannot write memory.max: device or resource busy'),
  );
  await refusal(configureGuest(server, ann, { guest: 'tune', limits: { memory: 32 * MiB } }));
  expect((await getGuest(server, 'tune')).limits.memory).toBe(64 * MiB);
  expect(server.runtime.running.get(guest.id)?.spec.limits.memory).toBe(64 * MiB);
  await stopGuest(server, ann, { guest: 'tune', wait: true });
  const later = await configureGuest(server, ann, { guest: 'tune', command: ['/bin/sh'], stopTimeoutMs: 1 });
  expect(later).toMatchObject({ readBack: null, guest: { command: ['/bin/sh'], stopTimeoutMs: 1 } });
  expect(
    (await refusal(configureGuest(server, ann, { guest: 'tune', limits: { pids: 2 ** 23 } }))).field,
  ).toEqual(['limits', 'pids']);
});

test('a rename is refused for a taken name, and DNS follows it', async () => {
  const { guest } = await createGuest(server, ann, { name: 'old', start: true, wait: true });
  await createGuest(server, ann, { name: 'other', wait: true });
  expect(await refusal(renameGuest(server, ann, { guest: 'old', name: 'other' }))).toMatchObject({
    code: 'name_taken',
    field: ['name'],
  });
  await renameGuest(server, ann, { guest: 'old', name: 'new' });
  expect(server.network.names.get(guest.id)).toBe('new');
  expect((await refusal(getGuest(server, 'old'))).code).toBe('not_found');
  await createGuest(server, ann, { name: 'old', wait: true });
  expect((await listGuests(server)).map(({ name }) => name)).toEqual(['new', 'old', 'other']);
});

test('a guest that ends by itself is stopped or failed, with its exit, and cleaned up after', async () => {
  const { guest } = await createGuest(server, ann, { name: 'ends', start: true, wait: true });
  server.runtime.end(guest.id, { signal: 'SIGKILL' });
  await vi.waitFor(async () =>
    expect(await getGuest(server, 'ends')).toMatchObject({
      state: 'failed',
      problem: 'its init was killed by SIGKILL',
      exit: { signal: 'SIGKILL', status: null },
      initPid: null,
    }),
  );
  expect(server.runtime.calls).toContain(`cleanGuest ${guest.id}`);
  await startGuest(server, ann, { guest: 'ends', wait: true });
  server.runtime.end(guest.id, { signal: 'SIGHUP' });
  await vi.waitFor(async () => {
    const again = await getGuest(server, 'ends');
    expect(again).toMatchObject({ state: 'running', problem: null, operation: null });
    expect(again.initPid).toBe(server.runtime.running.get(guest.id)?.initPid);
  });
});
