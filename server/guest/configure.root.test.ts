import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { setPrivileged } from '../auth/set-privileged.ts';
import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import { FakeRuntime } from '../runtime/fake.ts';
import { configureGuest } from './configure-guest.ts';
import { createGuest } from './create-guest.ts';
import { getGuest } from './get-guest.ts';
import { requireEntry } from './require-entry.ts';
import { restartGuest } from './restart-guest.ts';
import type { CreateGuestInput, GuestIsolation } from './schema.ts';
import { stopGuest } from './stop-guest.ts';
import { type TestServer, testDatabase, testServer } from './test-services.ts';
import { undoChange } from './undo-change.ts';

const root: Actor = { kind: 'root' };
const ann: Actor = { kind: 'user', id: 'u1', username: 'ann' };
const MiB = 1024 ** 2;

const tun = { source: '/dev/net/tun', target: null, access: 'rw', mode: 0o666, uid: 0, gid: 0 };
const fuse = { ...tun, source: '/dev/fuse' };
const volume: GuestIsolation['mounts'][number] = {
  source: 'volume:data',
  target: '/data',
  readOnly: false,
  idmap: true,
  recursive: false,
  propagation: 'private',
};

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

test('devices and mounts of a running guest come and go at once, in order', async () => {
  const { id } = await make({ isolation: { devices: [tun], mounts: [volume] } });
  const { guest } = await configureGuest(server, root, {
    guest: 'web',
    isolation: { devices: [fuse], mounts: [{ ...volume, target: '/other' }] },
  });
  expect(guest.pendingRestart).toEqual([]);
  expect(guest.isolation.devices).toEqual([fuse]);
  expect(server.runtime.calls.filter((call) => /Device|Mount/.test(call))).toEqual([
    `removeMount ${id} /data`,
    `unplugDevice ${id} /dev/net/tun`,
    `plugDevice ${id} /dev/fuse`,
    `addMount ${id} /other`,
  ]);
  await stopGuest(server, root, { guest: 'web', wait: true });
  server.runtime.calls.length = 0;
  await configureGuest(server, root, { guest: 'web', isolation: { devices: [], mounts: [] } });
  expect(server.runtime.calls).toEqual([]);
});

test.each(['setLimits', 'unplugDevice', 'plugDevice', 'addMount', 'removeMount'] as const)(
  'when the kernel refuses %s, nothing of the change stays',
  async (method) => {
    const { id } = await make({ isolation: { devices: [tun], mounts: [volume] } });
    const before = await get();
    server.runtime.failures.set(method, new AppError('kernel', 'cannot: not permitted'));
    await expect(
      configureGuest(server, root, {
        guest: 'web',
        limits: { memory: 64 * MiB },
        isolation: { devices: [fuse], mounts: [{ ...volume, target: '/other' }], nesting: true },
        revertAfterSeconds: 60,
      }),
    ).rejects.toMatchObject({ message: 'cannot: not permitted' });
    expect(await get()).toEqual(before);
    expect(server.runtime.running.get(id)?.spec.limits).toEqual(before.limits);
    // What came is out, what went is in: the last word on each.
    const last = new Map(
      server.runtime.calls.flatMap((call) => {
        const found = /^(\w+) \S+ (\/\S+)$/.exec(call);
        return found?.[1] && found[2] ? [[found[2], found[1]] as const] : [];
      }),
    );
    for (const [what, wrong] of [
      ['/dev/fuse', 'plugDevice'],
      ['/other', 'addMount'],
      ['/dev/net/tun', 'unplugDevice'],
      ['/data', 'removeMount'],
    ] as const) {
      expect(last.get(what), what).not.toBe(wrong);
    }
  },
);

test('what counts from the next start on is named until then, over a restart of the server', async () => {
  await make();
  await configureGuest(server, root, { guest: 'web', isolation: { nesting: true }, command: ['/bin/sh'] });
  expect((await get()).pendingRestart).toEqual(['command', 'isolation.nesting']);
  await restartServer();
  expect((await get()).pendingRestart).toEqual(['command', 'isolation.nesting']);
  await configureGuest(server, root, { guest: 'web', isolation: { nesting: false } });
  expect((await get()).pendingRestart).toEqual(['command']);
  await restartGuest(server, root, { guest: 'web', wait: true });
  expect((await get()).pendingRestart).toEqual([]);
});

test('what reaches the host is for root and who has it granted, by every verb, and entering such a guest too', async () => {
  const privileged = { isolation: { privileged: true } };
  const refused = { code: 'forbidden', field: ['isolation', 'privileged'] };
  await expect(createGuest(server, ann, { name: 'web', wait: true, ...privileged })).rejects.toMatchObject(
    refused,
  );
  expect(await server.db.guest.count()).toBe(0);
  await make();
  await expect(configureGuest(server, ann, { guest: 'web', ...privileged })).rejects.toMatchObject(refused);
  await requireEntry(server, ann, 'web');
  const change = await configureGuest(server, root, { guest: 'web', ...privileged });
  // It runs on without until its next start.
  await requireEntry(server, ann, 'web');
  await restartGuest(server, ann, { guest: 'web', wait: true });
  const closed = {
    code: 'forbidden',
    field: ['guest'],
    message: expect.stringContaining('berth admin privileged ann on'),
  };
  await expect(requireEntry(server, ann, 'web')).rejects.toMatchObject(closed);
  await requireEntry(server, root, 'web');
  await expect(configureGuest(server, ann, { guest: 'web', command: ['/bin/sh'] })).rejects.toMatchObject({
    code: 'forbidden',
    field: ['command'],
  });
  await configureGuest(server, ann, { guest: 'web', limits: { pids: 100 } });
  // Undone in the settings, but it still runs with it.
  const undone = await undoChange(server, ann, { operation: change.operation.id });
  await expect(requireEntry(server, ann, 'web')).rejects.toMatchObject(closed);
  const mounts = [{ ...volume, target: '/bin' }];
  await expect(configureGuest(server, ann, { guest: 'web', isolation: { mounts } })).rejects.toMatchObject({
    code: 'forbidden',
    field: ['isolation', 'mounts'],
  });
  await expect(undoChange(server, ann, { operation: undone.operation.id })).rejects.toMatchObject(refused);
  await setPrivileged(server, { username: 'ann', privileged: true });
  await requireEntry(server, ann, 'web');
  await undoChange(server, ann, { operation: undone.operation.id });
  await server.db.session.create({
    data: { id: 's1', token: 't1', userId: 'u1', expiresAt: new Date(Date.now() + 1e6) },
  });
  await setPrivileged(server, { username: 'ann', privileged: false });
  await expect(requireEntry(server, ann, 'web')).rejects.toMatchObject(closed);
  expect(await server.db.session.count()).toBe(0);
  await expect(setPrivileged(server, { username: 'bob', privileged: true })).rejects.toMatchObject({
    code: 'not_found',
    field: ['username'],
  });
});

test('what cannot be is refused before anything is made or changed', async () => {
  await make();
  const { runtime } = server;
  expect(runtime).toBeInstanceOf(FakeRuntime);
  const wrong: [Partial<Parameters<typeof configureGuest>[2]>, (string | number)[]][] = [
    [{ limits: { cpuset: '4000' } }, ['limits', 'cpuset']],
    [{ limits: { memoryHigh: 2 ** 50 } }, ['limits', 'memoryHigh']],
    [{ isolation: { rlimits: [{ name: 'rtprio', soft: 1, hard: 1 }] } }, ['isolation', 'rlimits', 0, 'hard']],
    [{ isolation: { sysctls: { 'kernel.panic': '1' } } }, ['isolation', 'sysctls', 'kernel.panic']],
  ];
  for (const [input, field] of wrong) {
    await expect(
      configureGuest(server, root, { guest: 'web', ...input }),
      field.join('.'),
    ).rejects.toMatchObject({ code: 'bad_input', field });
  }
  runtime.failures.set('checkLimits', new AppError('unsupported', 'no', { field: ['limits', 'ioWeight'] }));
  await expect(configureGuest(server, root, { guest: 'web', limits: { ioWeight: 5 } })).rejects.toMatchObject(
    {
      code: 'unsupported',
    },
  );
  expect(runtime.calls.filter((call) => call.startsWith('setLimits'))).toEqual([]);
  expect(await server.db.operation.count({ where: { kind: 'guest.configure' } })).toBe(0);
});
