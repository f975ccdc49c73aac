import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Actor } from '../platform.ts';
import { createVolumeService } from '../volume/create-volume-service.ts';
import { configureGuest } from './configure-guest.ts';
import { createGuest } from './create-guest.ts';
import { deleteGuest } from './delete-guest.ts';
import { getGuest } from './get-guest.ts';
import { restartGuest } from './restart-guest.ts';
import type { CreateGuestInput } from './schema.ts';
import { stopGuest } from './stop-guest.ts';
import { faults, forgetInstance, leavings, realServer } from './test-host.ts';
import { testDatabase } from './test-services.ts';

const root: Actor = { kind: 'root' };

let database: Awaited<ReturnType<typeof testDatabase>>;
let server: Awaited<ReturnType<typeof realServer>>;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.close());
beforeEach(async () => {
  server = await realServer(database);
});
afterEach(async () => {
  const { services } = server;
  for (const { id } of services.guests.all())
    await deleteGuest(services, root, { guest: id, force: true, wait: true });
  await services.db.volume.deleteMany();
  const { instance } = services;
  const left = leavings(instance);
  await server.close();
  await forgetInstance(instance);
  expect([...left, ...faults.splice(0)]).toEqual([]);
});

async function make(input: CreateGuestInput) {
  const { guest } = await createGuest(server.services, root, {
    image: 'berth/mini',
    start: true,
    wait: true,
    ...input,
  });
  return guest;
}

/** What a command in the guest prints, its errors too. */
async function sh(guestId: string, script: string): Promise<string> {
  const run = await server.services.runtime.exec({
    guestId,
    command: ['/bin/sh', '-c', `{ ${script}; } 2>&1`],
    user: 'root',
    environment: {},
    workdir: null,
  });
  run.stdin.end();
  return (await text(run.stdout)).trim();
}

const mount = (source: string, target: string, readOnly = false) => ({
  source,
  target,
  readOnly,
  idmap: true,
  recursive: false,
  propagation: 'private' as const,
});
const FUSE = { source: '/dev/fuse', target: null, access: 'rw', mode: 0o600, uid: 0, gid: 0 };

const volumes = () => createVolumeService(server.services);

test('a volume keeps what a guest wrote for the next one; it and a folder come and go while the guest runs', async () => {
  const { path } = await volumes().create(root, { volume: 'data' });
  const { id } = await make({ name: 'first', isolation: { mounts: [mount('volume:data', '/srv/data')] } });
  expect(await sh(id, 'echo kept > /srv/data/note; ls -ln /srv/data/note')).toMatch(/^-rw-r--r-- +1 0 +0 /);
  expect(readFileSync(join(path, 'note'), 'utf8')).toBe('kept\n');
  await expect(volumes().delete('data')).rejects.toThrow('guest first has it mounted');

  const folder = join(database.folder, 'folder');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'file'), 'of the host\n');
  const set = (mounts: ReturnType<typeof mount>[]) =>
    configureGuest(server.services, root, { guest: 'first', isolation: { mounts } });
  const { guest } = await set([mount('volume:data', '/srv/data', true), mount(folder, '/srv/host', true)]);
  expect(guest.pendingRestart).toEqual([]);
  expect(await sh(id, 'cat /srv/host/file /srv/data/note; echo x > /srv/data/new')).toMatch(
    /^of the host\nkept\n.*Read-only file system$/,
  );
  await set([]);
  expect(await sh(id, 'ls /srv/host /srv/data')).toBe('/srv/data:\n\n/srv/host:');
  await volumes().delete('data');
  expect(existsSync(path)).toBe(false);
});

test('a device is plugged in and out while the guest runs, and is there again after a restart', async () => {
  const { id } = await make({ name: 'plugged' });
  const open = () => sh(id, ': < /dev/fuse && echo opened');
  expect(await open()).toMatch(/no such file/);
  await configureGuest(server.services, root, { guest: 'plugged', isolation: { devices: [FUSE] } });
  expect(await open()).toBe('opened');
  await restartGuest(server.services, root, { guest: 'plugged', wait: true });
  expect(await open()).toBe('opened');
  await configureGuest(server.services, root, { guest: 'plugged', isolation: { devices: [] } });
  expect(await open()).toMatch(/no such file/);
});

test('a change of which one part is refused leaves the guest as it was', async () => {
  const { id } = await make({ name: 'whole' });
  const isolation = { devices: [FUSE, { ...FUSE, source: '/dev/berth-none' }] };
  await expect(configureGuest(server.services, root, { guest: 'whole', isolation })).rejects.toThrow(
    '/dev/berth-none cannot be plugged in: it is not there on this host',
  );
  expect(await sh(id, 'ls /dev/fuse')).toMatch(/No such file/);
  expect((await getGuest(server.services, 'whole')).isolation.devices).toEqual([]);
});

test('sysctls, limits and hooks are there from the next start on', async () => {
  const said = join(database.folder, 'said');
  const hook = join(database.folder, 'hook');
  writeFileSync(hook, `#!/bin/sh\necho "$1" >> ${said}\n`);
  chmodSync(hook, 0o755);
  const stages = ['createRuntime', 'poststart', 'poststop'] as const;
  const hooks = stages.map((stage) => ({
    stage,
    path: hook,
    args: ['hook', stage],
    env: [],
    timeoutMs: 10_000,
  }));
  const { id } = await make({ name: 'set' });
  const { guest } = await configureGuest(server.services, root, {
    guest: 'set',
    isolation: {
      sysctls: { 'kernel.shmmax': '4242424' },
      rlimits: [{ name: 'nofile', soft: 99, hard: 111 }],
      masked: { add: ['/proc/loadavg'], remove: [] },
    },
    init: { hooks },
  });
  expect(guest.pendingRestart.length).toBeGreaterThan(0);
  await restartGuest(server.services, root, { guest: 'set', wait: true });
  expect(await sh(id, 'cat /proc/sys/kernel/shmmax; ulimit -n; ulimit -Hn; wc -c < /proc/loadavg')).toBe(
    '4242424\n99\n111\n0',
  );
  await stopGuest(server.services, root, { guest: 'set', wait: true });
  expect(readFileSync(said, 'utf8')).toBe('createRuntime\npoststart\npoststop\n');
});

test('poststop runs when the supervisor is killed', async () => {
  const said = join(database.folder, 'stopped');
  const hook = join(database.folder, 'stop-hook');
  writeFileSync(hook, `#!/bin/sh\ncat >> ${said}\n`);
  chmodSync(hook, 0o755);
  const hooks = [{ stage: 'poststop' as const, path: hook, args: [], env: [], timeoutMs: 10_000 }];
  const { id } = await make({ name: 'killed', init: { hooks } });
  const run = server.services.guests.get(id).run;
  process.kill(run?.supervisorPid ?? 0, 'SIGKILL');
  await vi.waitFor(() => expect(existsSync(said)).toBe(true), { timeout: 20_000 });
  await vi.waitFor(async () => expect((await getGuest(server.services, id)).initPid).toBeNull(), {
    timeout: 20_000,
  });
  expect(JSON.parse(readFileSync(said, 'utf8'))).toMatchObject({ id, status: 'stopped' });
  // Who is killed is gone only when somebody has waited for it.
  const { instance } = server.services;
  await vi.waitFor(() => expect(leavings(instance)).toEqual([`folder ${id}`]), { timeout: 20_000 });
});

test('a hook that fails ends the start by name, and nothing is left', async () => {
  const hook = join(database.folder, 'bad-hook');
  writeFileSync(hook, '#!/bin/sh\necho "no card in slot 3" >&2\nexit 2\n');
  chmodSync(hook, 0o755);
  const hooks = [{ stage: 'createContainer' as const, path: hook, args: [], env: [], timeoutMs: 10_000 }];
  await expect(make({ name: 'refused', init: { hooks } })).rejects.toThrow(
    `cannot start guest refused: the createContainer hook ${hook} ended with status 2: no card in slot 3`,
  );
});

test('settings of the host are refused on their field before anything is made', async () => {
  const refused = make({ name: 'host', isolation: { sysctls: { 'vm.swappiness': '1' } } });
  await expect(refused).rejects.toMatchObject({
    code: 'bad_input',
    field: ['isolation', 'sysctls', 'vm.swappiness'],
  });
  expect(server.services.guests.all()).toEqual([]);
});
