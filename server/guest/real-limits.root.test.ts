import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimSlot } from '../instance/claim-slot.ts';
import type { Instance } from '../instance/instance.ts';
import { releaseSlot } from '../instance/release-slot.ts';
import { removeCgroups, supervisorsEnd } from '../instance/remove-cgroups.ts';
import type { Runtime } from '../runtime/create-runtime.ts';
import { createRuntime } from '../runtime/create-runtime.ts';
import { DEFAULT_ISOLATION } from './isolation-schema.ts';
import { type GuestLimits, MORE_LIMITS } from './limits-schema.ts';

const MiB = 1024 ** 2;
const ID = 'limited';
const LIMITS: GuestLimits = { ...MORE_LIMITS, cpu: 1, memory: 128 * MiB, swap: 0, pids: 64 };
const NO_IO = { readBytes: null, writeBytes: null, readOps: null, writeOps: null };

const dir = mkdtempSync('/tmp/berth-limits-');
const cleaning = new AsyncDisposableStack();
let instance: Instance;
let runtime: Runtime;
const faults: unknown[] = [];

// One guest with a link, over the real kernel, without a server.
beforeAll(async () => {
  cleaning.defer(() => rmSync(dir, { recursive: true, force: true }));
  instance = await claimSlot(join(dir, 'data'));
  cleaning.defer(() => releaseSlot(instance));
  cleaning.defer(() => rmSync(instance.runDir, { recursive: true, force: true }));
  cleaning.defer(() => removeCgroups(instance));
  cleaning.defer(() => supervisorsEnd(instance));
  runtime = createRuntime({ instance, onFault: (_, error) => faults.push(error) });
  cleaning.use(runtime);
  const image = join(dir, 'image');
  for (const folder of ['bin', 'etc', 'root']) mkdirSync(join(image, folder), { recursive: true });
  copyFileSync('/bin/busybox', join(image, 'bin/busybox'));
  for (const applet of ['sh', 'sleep']) symlinkSync('busybox', join(image, 'bin', applet));
  cleaning.defer(() => runtime.dropNetwork(instance.bridge));
  const ipv4 = instance.ipv4.replace('.0/20', '');
  const ipv6 = instance.ipv6.replace('::/64', '');
  await runtime.ensureNetwork({ bridge: instance.bridge, ipv4: `${ipv4}.1/20`, ipv6: `${ipv6}::1/64` });
  const table = `inet ${instance.nftTable}`;
  cleaning.defer(() => runtime.applyFirewall(`add table ${table}\ndelete table ${table}\n`));
  const guestDir = await runtime.createGuestDir(ID);
  cleaning.defer(() => runtime.removeGuestDir(ID));
  await runtime.startGuest({
    id: ID,
    hostname: ID,
    kind: 'system',
    imageRoot: image,
    guestDir,
    command: ['/bin/sleep', '1000'],
    environment: { PATH: '/bin' },
    workdir: '/',
    idBase: instance.idBase,
    user: null,
    isolation: { ...DEFAULT_ISOLATION, namespaces: [], lxcfsRoot: null },
    hooks: [],
    limits: { ...LIMITS, networkPriority: 7, networkReceive: 3 * MiB },
    network: {
      bridge: instance.bridge,
      link: `${instance.linkPrefix}7`,
      mac: '02:00:00:00:00:07',
      ipv4: `${ipv4}.7/20`,
      ipv4Gateway: `${ipv4}.1`,
      ipv6: `${ipv6}::7/64`,
      ipv6Gateway: `${ipv6}::1`,
    },
    resolvConf: null,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 1000,
  });
  cleaning.defer(async () => {
    await runtime.stopGuest(ID, { timeoutMs: 1000, force: true });
  });
});
afterAll(async () => {
  await cleaning.disposeAsync();
  expect(faults).toEqual([]);
});

const links = () => readdirSync('/sys/class/net');
const shaper = () => `bi${instance.slot}-7`;
/** Of the guest's group, as the host's rules know it; null where net_cls is not mounted, as on most hosts. */
function networkClass(): number | null {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  const line = mounts.find((one) => / - cgroup .*\bnet_cls\b/.test(one));
  const mount = line?.split(' ')[4];
  if (mount === undefined) return null;
  return Number(readFileSync(join(mount, instance.cgroup, 'guests', ID, 'net_cls.classid'), 'utf8'));
}
const ranks = () => execFileSync('nft', ['list', 'table', 'inet', instance.nftTable], { encoding: 'utf8' });

test('what a guest was started with is what the kernel reads back', async () => {
  expect(ranks()).toContain('meta priority set 0:7');
  expect([null, 0x0be0_0008]).toContain(networkClass());
  const started = { ...LIMITS, networkPriority: 7, networkReceive: 3 * MiB };
  expect(await runtime.setLimits(ID, started)).toEqual(started);
});

test('all limits change at once, are read back, and go again', async () => {
  const all: GuestLimits = {
    ...LIMITS,
    cpu: 0.5,
    cpuWeight: 300,
    cpuPeriodMicros: 50_000,
    cpuBurstMicros: 5000,
    cpuset: '0',
    memory: 64 * MiB,
    pids: 33,
    networkReceive: MiB,
    networkTransmit: 2 * MiB,
    networkPriority: 6,
  };
  expect(await runtime.setLimits(ID, all)).toEqual(all);
  expect(links()).toContain(shaper());
  expect(ranks()).toContain('meta priority set 0:6');
  expect([null, 0x0be0_0007]).toContain(networkClass());
  expect(await runtime.setLimits(ID, LIMITS)).toEqual(LIMITS);
  expect(links()).not.toContain(shaper());
  expect(ranks()).not.toContain('meta priority');
  expect([null, 0]).toContain(networkClass());
});

test('a limit that is wrong names its field, and changes nothing', async () => {
  const set = (limits: Partial<GuestLimits>) => runtime.setLimits(ID, { ...LIMITS, pids: 5, ...limits });
  await expect(set({ io: [{ device: '/dev/null', ...NO_IO, readBytes: 1 }] })).rejects.toMatchObject({
    code: 'bad_input',
    field: ['limits', 'io', 0, 'device'],
  });
  await expect(set({ cpu: 0.01, cpuPeriodMicros: 1000 })).rejects.toMatchObject({
    code: 'bad_input',
    field: ['limits', 'cpuPeriodMicros'],
  });
  await expect(set({ cpuset: '4000' })).rejects.toMatchObject({
    code: 'bad_input',
    field: ['limits', 'cpuset'],
  });
  expect(await runtime.readCgroupFile(ID, 'pids.max')).toBe('64');
});

test('counters, effects and files of its group are told, and nothing of it is kept when it ends', async () => {
  const open = () => readdirSync('/proc/self/fd').length;
  const before = open();
  const usage = (await runtime.readUsage([ID])).get(ID);
  expect(usage).toMatchObject({ cpuTotalMicros: expect.any(Number), pids: expect.any(Number) });
  expect(usage?.networkReceiveBytes).not.toBeNull();
  expect(await runtime.readEffects(ID)).toMatchObject({ oomKills: 0, refusedForks: 0 });
  await runtime.writeCgroupFile(ID, 'pids.max', '44');
  expect(await runtime.readCgroupFile(ID, 'pids.max')).toBe('44');
  await expect(runtime.writeCgroupFile(ID, 'pids.max', 'many')).rejects.toMatchObject({ code: 'kernel' });
  expect(open()).toBeGreaterThan(before);
  await runtime.stopGuest(ID, { timeoutMs: 1000, force: true });
  // What is kept of its counters, and the connection to its supervisor.
  await expect.poll(open, { timeout: 20_000 }).toBeLessThan(before);
  await expect(runtime.readEffects(ID)).rejects.toMatchObject({ code: 'kernel' });
});
