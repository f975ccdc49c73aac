import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { configureGuest } from '../guest/configure-guest.ts';
import { createGuest } from '../guest/create-guest.ts';
import { deleteGuest } from '../guest/delete-guest.ts';
import type { GuestProcess } from '../guest/effects-schema.ts';
import { processesOf } from '../guest/list-processes.ts';
import type { CreateGuestInput } from '../guest/schema.ts';
import { signalProcess } from '../guest/signal-process.ts';
import { stopGuest } from '../guest/stop-guest.ts';
import { faults, forgetInstance, leavings, realServer, runs } from '../guest/test-host.ts';
import { testDatabase } from '../guest/test-services.ts';
import { KIND_CAPABILITIES } from '../guest/wall-schema.ts';
import type { Actor } from '../platform.ts';
import { viewIsolation } from './view-isolation.ts';

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

/** The first list that shows what is looked for. */
async function processes(id: string, shows: (list: GuestProcess[]) => boolean): Promise<GuestProcess[]> {
  const leave = new AbortController();
  for await (const list of processesOf(server.services).watch(id, leave.signal)) {
    if (shows(list)) return list;
  }
  throw new Error('it was never shown');
}

const LOOP = ['/bin/sh', '-c', 'sleep 1000 & while :; do :; done'];

test('a running guest is shown as the kernel has it, a stopped one by its settings', async () => {
  const guest = await make({
    name: 'shown',
    kind: 'application',
    command: LOOP,
    isolation: { lxcfs: false },
  });
  const other = await make({ name: 'other', kind: 'application', command: LOOP });
  const { live, differences } = await viewIsolation(server.services, 'shown');
  if (!live) throw new Error('it is not live');
  expect(live.initPid).toBe(guest.initPid);
  expect(live.namespaces.map(({ type, shared }) => `${type} ${shared}`)).toEqual(
    ['user', 'mnt', 'pid', 'uts', 'ipc', 'net', 'cgroup', 'time'].map((type) => `${type} own`),
  );
  expect(live.uidMap).toEqual([{ inside: 0, outside: guest.idBase, count: 65_536 }]);
  expect(live.gidMap).toEqual(live.uidMap);
  expect(live.capabilities.bounding).toEqual([...KIND_CAPABILITIES.application]);
  expect(live.capabilities.inheritable).toEqual([]);
  expect(live.seccomp).toMatchObject({ mode: 'filter', profile: 'default (application)' });
  expect(live.noNewPrivs).toBe(true);
  expect(live.rlimits.map(({ name }) => name)).toContain('nofile');
  const purposes = new Map(live.mounts.map(({ target, purpose }) => [target, purpose]));
  expect(purposes.get('/')).toBe('root');
  expect(purposes.get('/proc/kallsyms')).toBe('mask');
  expect(purposes.get('/proc/sys')).toBe('read-only');
  expect(purposes.get('/dev/null')).toBe('device');
  expect(purposes.get('/proc')).toBe('kernel');
  expect([...purposes.values()]).not.toContain('guest');
  expect(live.devices).toContainEqual({ type: 'c', numbers: '1:3', access: 'rwm', name: 'null' });
  expect(live.cgroup.hierarchies.every(({ path }) => path.endsWith(`guests/${guest.id}`))).toBe(true);
  const inTree = live.cgroup.tree.processes.map(({ command }) => command);
  expect(inTree).toContain('sleep 1000');
  expect(differences).toEqual([
    {
      setting: 'isolation.lxcfs',
      effect: 'other',
      message: "free, uptime and nproc tell the host's numbers",
    },
  ]);
  expect((await viewIsolation(server.services, 'other')).live?.initPid).toBe(other.initPid);
  // Of mounts that Berth made for nesting none counts as the guest's own.
  for (const kind of ['application', 'system'] as const) {
    const nesting = { kind, isolation: { nesting: true, lxcfs: false } };
    await make({ name: `nests-${kind}`, ...(kind === 'application' && { command: LOOP }), ...nesting });
    const mounts = (await viewIsolation(server.services, `nests-${kind}`)).live?.mounts ?? [];
    expect(mounts.filter(({ purpose }) => purpose === 'guest').map(({ target }) => target)).toEqual([]);
    expect(mounts.map(({ target }) => target)).toContain('/dev/.berth/proc');
  }
  await stopGuest(server.services, root, { guest: 'shown', force: true, wait: true });
  expect(await viewIsolation(server.services, 'shown')).toMatchObject({
    guest: { name: 'shown', kind: 'application', privileged: false },
    live: null,
    settings: { lxcfs: false },
  });
  await expect(viewIsolation(server.services, 'nobody')).rejects.toMatchObject({ code: 'not_found' });
});

test('what a guest shares is told for both, and what is weaker comes first', async () => {
  const lender = await make({ name: 'lender' });
  await make({
    name: 'sharer',
    kind: 'application',
    command: LOOP,
    isolation: {
      namespaces: { ipc: 'host' },
      lxcfs: false,
      nesting: true,
      sysctls: { 'net.ipv4.ip_default_ttl': '77' },
    },
  });
  const { live, differences } = await viewIsolation(server.services, 'sharer');
  expect(live?.namespaces.find(({ type }) => type === 'ipc')).toMatchObject({ shared: 'host' });
  expect(differences.map(({ setting, effect }) => `${effect} ${setting}`)).toEqual([
    'weaker isolation.namespaces.ipc',
    'weaker isolation.nesting',
    'other isolation.sysctls.net.ipv4.ip_default_ttl',
    'other isolation.lxcfs',
  ]);
  // Of its own network, not of the one that this test runs in.
  expect(live?.sysctls).toEqual([{ name: 'net.ipv4.ip_default_ttl', value: '77' }]);
  expect(readFileSync('/proc/sys/net/ipv4/ip_default_ttl', 'utf8').trim()).not.toBe('77');
  expect((await viewIsolation(server.services, lender.id)).differences).toEqual([]);
});

test('processes show their users, pids inside and CPU, and only they can be sent a signal', async () => {
  const guest = await make({ name: 'busy', kind: 'application', command: LOOP });
  const list = await processes(guest.id, (all) => all.some(({ cpu }) => cpu !== null && cpu > 0.01));
  const init = list.find(({ pid }) => pid === guest.initPid);
  expect(init).toMatchObject({ guestPid: 1, user: 'root' });
  const sleeper = list.find(({ command }) => command === 'sleep 1000');
  expect(sleeper).toMatchObject({ state: 'sleeping', threads: 1 });
  expect(sleeper?.memory).toBeGreaterThan(0);
  expect(Math.abs(Date.parse(sleeper?.startedAt ?? '') - Date.now())).toBeLessThan(600_000);
  const pid = sleeper?.pid ?? 0;
  // A process of the host, and one of another guest, are out of reach by the same verb.
  const other = await make({ name: 'next', kind: 'application', command: LOOP });
  for (const foreign of [process.pid, other.initPid ?? 0]) {
    await expect(
      signalProcess(server.services, root, { guest: 'busy', pid: foreign, signal: 'SIGKILL' }),
    ).rejects.toMatchObject({ code: 'not_found', field: ['pid'] });
    expect(runs(foreign)).toBe(true);
  }
  await signalProcess(server.services, root, { guest: 'busy', pid, signal: 'SIGKILL' });
  await vi.waitFor(() => expect(runs(pid)).toBe(false), { timeout: 20_000 });
  await expect(
    signalProcess(server.services, root, { guest: 'busy', pid: 4_194_303, signal: 'SIGTERM' }),
  ).rejects.toMatchObject({ code: 'not_found' });
});

test('names come from the passwd that the guest wrote, and no link of it leads out', async () => {
  const guest = await make({ name: 'links', kind: 'application', command: LOOP });
  const etc = join(server.services.instance.dataDir, 'guests', guest.id, 'upper', 'etc');
  const namesNow = async () => {
    const [first] = await processes(guest.id, (all) => all.length > 0);
    return first?.user;
  };
  mkdirSync(etc, { recursive: true });
  rmSync(join(etc, 'passwd'), { force: true });
  writeFileSync(join(etc, 'passwd'), 'captain:x:0:0::/:/bin/sh\n');
  expect(await namesNow()).toBe('captain');
  // The same names, but through links out of the layer: neither is followed, the image's are told.
  const outside = join(database.folder, 'outside');
  mkdirSync(outside, { recursive: true });
  renameSync(join(etc, 'passwd'), join(outside, 'passwd'));
  symlinkSync(join(outside, 'passwd'), join(etc, 'passwd'));
  expect(await namesNow()).toBe('root');
  rmSync(etc, { recursive: true });
  symlinkSync(outside, etc);
  expect(lstatSync(etc).isSymbolicLink()).toBe(true);
  expect(await namesNow()).toBe('root');
});

test('a change of a running guest that waits for its next start says so, and is told apart from what it has', async () => {
  await make({ name: 'later', kind: 'application', command: LOOP });
  const { guest } = await configureGuest(server.services, root, {
    guest: 'later',
    isolation: { nesting: true },
    init: { restart: { policy: 'always', delayMs: 1, maxDelayMs: 1, attempts: 1 } },
  });
  expect(guest.pendingRestart).toEqual(['isolation.nesting']);
  const view = await viewIsolation(server.services, 'later');
  expect(view.settings.nesting).toBe(true);
  expect(view.differences).toEqual([]);
  // What is plugged in at once is what it has.
  const device = { source: '/dev/zero', target: '/dev/nil', access: 'r', mode: 0o444, uid: 0, gid: 0 };
  await configureGuest(server.services, root, { guest: 'later', isolation: { devices: [device] } });
  const plugged = await viewIsolation(server.services, 'later');
  expect(plugged.differences.map(({ setting }) => setting)).toEqual(['isolation.devices.0']);
  expect(plugged.live?.mounts.find(({ target }) => target === '/dev/nil')).toMatchObject({
    purpose: 'device',
  });
  expect(plugged.live?.devices.find(({ numbers }) => numbers === '1:5')).toMatchObject({
    type: 'c',
    name: 'zero',
  });
});
