import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Actor } from '../platform.ts';
import { configureGuest } from './configure-guest.ts';
import { createGuest } from './create-guest.ts';
import { deleteGuest } from './delete-guest.ts';
import { freezeGuest } from './freeze-guest.ts';
import { getGuest } from './get-guest.ts';
import { listGuests } from './list-guests.ts';
import { restartGuest } from './restart-guest.ts';
import type { CreateGuestInput } from './schema.ts';
import { startGuest } from './start-guest.ts';
import { stopGuest } from './stop-guest.ts';
import { faults, forgetInstance, leavings, realServer, runs } from './test-host.ts';
import { testDatabase } from './test-services.ts';
import { unfreezeGuest } from './unfreeze-guest.ts';

const root: Actor = { kind: 'root' };
const MiB = 1024 ** 2;
const NAMESPACES = ['user', 'mnt', 'pid', 'uts', 'ipc', 'net', 'cgroup', 'time'];

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

function get(name: string) {
  return getGuest(server.services, name);
}

test('a guest runs inside its own namespaces, ids and groups, and all of it goes when it stops', async () => {
  const guest = await make({ name: 'real' });
  const pid = guest.initPid ?? 0;
  for (const kind of NAMESPACES) {
    expect(readlinkSync(`/proc/${pid}/ns/${kind}`), kind).not.toBe(readlinkSync(`/proc/self/ns/${kind}`));
  }
  expect(readFileSync(`/proc/${pid}/uid_map`, 'utf8').trim().split(/\s+/)).toEqual([
    '0',
    `${guest.idBase}`,
    '65536',
  ]);
  expect(readFileSync(`/proc/${pid}/cgroup`, 'utf8')).toContain(
    `${server.services.instance.cgroup}/guests/${guest.id}`,
  );
  expect((await get('real')).usage).toMatchObject({ pids: expect.any(Number), cpu: null });
  expect((await get('real')).usage?.memory).toBeGreaterThan(0);
  const { guest: stopped } = await stopGuest(server.services, root, { guest: 'real', wait: true });
  expect(stopped).toMatchObject({ state: 'stopped', initPid: null, problem: null });
  expect(runs(pid)).toBe(false);
  expect(leavings(server.services.instance)).toEqual([`folder ${guest.id}`]);
});

test('an init that waits for its signals is asked to stop, not killed', async () => {
  const { initPid: pid } = await make({ name: 'orderly' });
  const children = () => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').length;
  await expect.poll(children).toBe(3);
  const { guest } = await stopGuest(server.services, root, { guest: 'orderly', wait: true });
  // reboot(2) ends init with SIGINT where a script of the guest has powered it off.
  expect(guest).toMatchObject({ state: 'stopped', exit: { signal: 'SIGINT' } });
});

test('freezing stops its clock, unfreezing lets it go on; a frozen one can be stopped', async () => {
  const loop = ['/bin/sh', '-c', 'while :; do :; done'];
  const { id } = await make({ name: 'cold', kind: 'application', command: loop });
  const micros = async () => (await server.services.runtime.readUsage([id])).get(id)?.cpuTotalMicros ?? 0;
  await freezeGuest(server.services, root, { guest: 'cold', wait: true });
  const frozen = await micros();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await micros()).toBe(frozen);
  await unfreezeGuest(server.services, root, { guest: 'cold', wait: true });
  await vi.waitFor(async () => expect(await micros()).toBeGreaterThan(frozen));
  await freezeGuest(server.services, root, { guest: 'cold', wait: true });
  const { guest } = await stopGuest(server.services, root, { guest: 'cold', timeoutMs: 100, wait: true });
  expect(guest).toMatchObject({ state: 'stopped', exit: { signal: 'SIGTERM' } });
});

test('limits change while it runs, and the kernel says so', async () => {
  const guest = await make({ name: 'tuned' });
  const limits = { cpu: 0.5, memory: 64 * MiB, pids: 77 };
  const { readBack } = await configureGuest(server.services, root, { guest: 'tuned', limits });
  expect(readBack).toEqual({ ...guest.limits, ...limits });
});

test('a restart gives it another init and keeps its files', async () => {
  const before = await make({ name: 'again' });
  const { guest } = await restartGuest(server.services, root, { guest: 'again', force: true, wait: true });
  expect(guest.state).toBe('running');
  expect(guest.initPid).not.toBe(before.initPid);
});

test('an init that is killed is seen at once and told', async () => {
  const guest = await make({ name: 'shot' });
  process.kill(guest.initPid ?? 0, 'SIGKILL');
  await vi.waitFor(async () => {
    expect(await get('shot')).toMatchObject({
      state: 'failed',
      problem: 'its init was killed by SIGKILL',
      exit: { signal: 'SIGKILL', status: null },
    });
  }, 5000);
  expect(leavings(server.services.instance)).toEqual([`folder ${guest.id}`]);
  await startGuest(server.services, root, { guest: 'shot', wait: true });
});

test('an application that ends is stopped or failed by its status', async () => {
  await make({ name: 'three', kind: 'application', command: ['/bin/sh', '-c', 'exit 3'] });
  await make({ name: 'zero', kind: 'application', command: ['/bin/true'] });
  await vi.waitFor(async () => {
    expect(await get('three')).toMatchObject({ state: 'failed', problem: 'its command ended with status 3' });
    expect(await get('zero')).toMatchObject({ state: 'stopped', exit: { status: 0 } });
  }, 5000);
});

test('a program that is not in the image undoes the whole create', async () => {
  const bad = make({ name: 'bad', kind: 'application', command: ['/bin/nowhere'] });
  await expect(bad).rejects.toMatchObject({ message: expect.stringContaining('/bin/nowhere') });
  expect(await listGuests(server.services)).toEqual([]);
  expect(leavings(server.services.instance)).toEqual([]);
});

test('a supervisor that is killed takes its guest along, and it is told', async () => {
  const guest = await make({ name: 'orphan' });
  const supervisor = server.services.guests.get('orphan').run?.supervisorPid ?? 0;
  process.kill(supervisor, 'SIGKILL');
  await vi.waitFor(async () => expect((await get('orphan')).state).toBe('failed'), 5000);
  await vi.waitFor(() => expect(runs(guest.initPid ?? 0)).toBe(false));
  expect(leavings(server.services.instance)).toEqual([`folder ${guest.id}`]);
});

test('guests outlive a server that is killed, and the next one takes them back', async () => {
  await server.close();
  const script = join(import.meta.dirname, 'test-server-process.ts');
  const child = spawn(process.execPath, [script, database.url, database.folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit').then(([status, signal]) =>
    Promise.reject(new Error(`the server ended by itself: ${status ?? signal}`)),
  );
  const [line] = await Promise.race([once(child.stdout, 'data'), ended]);
  const made: { initPid: number } = JSON.parse(String(line));
  child.kill('SIGKILL');
  await expect(ended).rejects.toThrow();
  expect(runs(made.initPid)).toBe(true);
  server = await realServer(database);
  expect(await get('survivor')).toMatchObject({ state: 'running', initPid: made.initPid, problem: null });
  const { guest } = await stopGuest(server.services, root, { guest: 'survivor', force: true, wait: true });
  expect(guest).toMatchObject({ state: 'stopped', exit: { signal: 'SIGKILL' } });
});

test('what happened while no server was there is written down by the next', async () => {
  const guest = await make({ name: 'missed' });
  await server.close();
  process.kill(guest.initPid ?? 0, 'SIGKILL');
  await vi.waitFor(() => expect(runs(guest.initPid ?? 0)).toBe(false));
  await vi.waitFor(() => {
    const runDir = join(server.services.instance.runDir, 'guests', guest.id);
    expect(readFileSync(join(runDir, 'exit'), 'utf8')).toContain('status=');
  });
  server = await realServer(database);
  expect(await get('missed')).toMatchObject({ state: 'failed', exit: { signal: 'SIGKILL' } });
});
