import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { native } from '../lib/addon.ts';
import { readLimits } from '../lib/cgroups.ts';
import { deleteLink, ensureBridge, listLinks, setLinkRates, shaperOf } from '../lib/network.ts';
import { TestGround, TestGuest } from './test-guest.ts';

const MiB = 1024 * 1024;
const BRIDGE = `bt${process.pid}`;
const LINK = `bv${process.pid}`;
const NETWORK: [string, string | number][] = [
  ['bridge', BRIDGE],
  ['link', LINK],
  ['mac', '02:00:00:00:77:02'],
  ['ipv4', '10.254.79.2/24'],
  ['ipv4_gateway', '10.254.79.1'],
  ['ipv6', 'fd00:79::2/64'],
  ['ipv6_gateway', 'fd00:79::1'],
];

let ground: TestGround;
beforeAll(async () => {
  ground = new TestGround();
  await ensureBridge(BRIDGE, ['10.254.79.1/24']);
});
afterEach(async () => {
  for (const guest of ground.guests) await guest.stop();
  expect(await links()).not.toContain(LINK);
  expect(await links()).not.toContain(shaperOf(LINK));
});
afterAll(async () => {
  await deleteLink(BRIDGE);
  await ground[Symbol.asyncDispose]();
});

const links = async () => (await listLinks()).map(({ name }) => name);

test('a guest starts with all limits of its spec', async () => {
  const guest = await new TestGuest(
    ground,
    'system',
    ['/bin/sleep', '300'],
    [
      ['cpu_micros', 30_000],
      ['cpu_period_micros', 50_000],
      ['cpu_burst_micros', 10_000],
      ['cpu_weight', 250],
      ['cpuset', '0'],
    ],
  ).running();
  expect(await readLimits(guest.cgroup)).toMatchObject({
    cpuMicros: 30_000,
    cpuPeriodMicros: 50_000,
    cpuBurstMicros: 10_000,
    cpuWeight: 250,
    cpuset: '0',
    memory: 256 * MiB,
  });
  expect(guest.sh('grep Cpus_allowed_list /proc/self/status').stdout.trim().split(/\s+/)[1]).toBe('0');
});

test('a limit that the host refuses fails the start, and nothing is left', async () => {
  const guest = new TestGuest(
    ground,
    'system',
    ['/bin/sleep', '300'],
    [
      ['cpu_micros', 30_000],
      ['cpuset', '4000'],
    ],
  );
  expect((await guest.start()).at(-1)).toMatch(/^error (ERANGE|EINVAL) limit\\040cpuset/);
  expect(guest.leftovers()).toEqual([]);
});

test('rates of the link are there when init runs, and their link goes with the guest', async () => {
  const guest = await new TestGuest(
    ground,
    'system',
    ['/bin/sleep', '300'],
    [...NETWORK, ['network_receive_bytes', 2 * MiB], ['network_transmit_bytes', MiB]],
  ).running();
  expect(await links()).toContain(shaperOf(LINK));
  // The same again changes nothing and reads back what is there.
  const rates = { receive: 2 * MiB, transmit: MiB };
  expect(await setLinkRates(LINK, rates)).toEqual(rates);
  expect(guest.sh('ip link show').stdout).not.toContain('ifb');
  await guest.stop();
  expect(await links()).not.toContain(shaperOf(LINK));
});

test('a rate that was set while it ran goes with the guest too; without one there is no such link', async () => {
  const guest = await new TestGuest(ground, 'system', ['/bin/sleep', '300'], NETWORK).running();
  expect(await links()).not.toContain(shaperOf(LINK));
  // The kernel would make as many as there are processors, and use one.
  const queues = readdirSync(`/sys/class/net/${LINK}/queues`);
  expect(queues.toSorted()).toEqual(['rx-0', 'tx-0']);
  expect(guest.sh('ls /sys/class/net/eth0/queues').stdout.split(/\s+/).filter(Boolean)).toHaveLength(2);
  await setLinkRates(LINK, { receive: null, transmit: MiB });
  expect(await links()).toContain(shaperOf(LINK));
  await guest.stop();
});

test('a shaper that a killed supervisor has left is not taken for the own one', async () => {
  const arriving = () => execFileSync('tc', ['filter', 'show', 'dev', LINK, 'ingress'], { encoding: 'utf8' });
  const start = async (more: [string, number][]) => {
    execFileSync('ip', ['link', 'add', shaperOf(LINK), 'type', 'ifb']);
    return new TestGuest(ground, 'system', ['/bin/sleep', '300'], [...NETWORK, ...more]).running();
  };
  const limited = await start([['network_transmit_bytes', MiB]]);
  expect(arriving()).toContain(`Egress Redirect to device ${shaperOf(LINK)}`);
  await limited.stop();
  const free = await start([]);
  expect(await links()).not.toContain(shaperOf(LINK));
  await free.stop();
});

test('a shaper that is made while the guest ends goes with it', async () => {
  let made = 0;
  for (let round = 0; round < 20; round++) {
    const guest = await new TestGuest(ground, 'system', ['/bin/sleep', '300'], NETWORK).running();
    const init = Number(guest.state.init_pid);
    process.kill(init, 'SIGKILL');
    while (existsSync(`/proc/${init}/exe`)) await new Promise(setImmediate);
    // Its end has begun: the supervisor has looked which links there are, or is about to.
    await setLinkRates(LINK, { receive: null, transmit: MiB }).then(
      () => {
        made++;
      },
      (error: { code?: string }) => expect(error.code).toBe('ENODEV'),
    );
    await guest.stop();
    expect(await links(), `round ${round}`).not.toContain(shaperOf(LINK));
  }
  // It was a race, and some shapers came in between.
  expect(made).toBeGreaterThan(0);
});

test('root of a system guest cannot raise its own limits, but may divide what it has', async () => {
  const guest = await new TestGuest(
    ground,
    'system',
    ['/bin/sleep', '300'],
    [['cpu_micros', 50_000]],
  ).running();
  const before = await readLimits(guest.cgroup);
  const hierarchies = await native((addon) => addon.describeLayout());
  const v2 = hierarchies.find((one) => one.v2);
  const old = hierarchies.find((one) => !one.v2 && one.controllers.includes('memory'));
  const tries = old
    ? `mkdir /root/m /root/p && mount -t cgroup -o memory none /root/m; mount -t cgroup -o pids none /root/p
       echo 999999999999 > /root/m/memory.limit_in_bytes && echo RAISED; echo max > /root/p/pids.max && echo RAISED`
    : `cd /sys/fs/cgroup; echo max > memory.max && echo RAISED; echo max > pids.max && echo RAISED
       echo "max 100000" > cpu.max && echo RAISED; echo 10000 > cpu.weight && echo RAISED; echo 0 > memory.low && echo RAISED`;
  const { stdout, stderr } = guest.sh(tries);
  expect(stdout).not.toContain('RAISED');
  expect(stderr).toMatch(/denied|not permitted/i);
  expect(await readLimits(guest.cgroup)).toEqual(before);
  if (!v2 || old) return;
  // Its own groups below, with limits of their own.
  const divide = `cd /sys/fs/cgroup && mkdir all && for p in $(cat cgroup.procs); do echo $p > all/cgroup.procs; done
    echo "+memory +pids +cpu" > cgroup.subtree_control && mkdir part && echo 1048576 > part/memory.max && cat part/memory.max`;
  expect(guest.sh(divide).stdout.trim().split('\n').at(-1)).toBe('1048576');
  expect(readFileSync(`${v2.mount}/${guest.cgroup}/part/memory.max`, 'utf8').trim()).toBe('1048576');
});
