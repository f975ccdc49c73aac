import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ENTER, TestGround, TestGuest, until } from './test-guest.ts';

const MIB = 1024 * 1024;
const SLEEP = ['/bin/sleep', '1000'];

let ground: TestGround;
let place: string;
let lxcfs: ChildProcess;
const hierarchies = () =>
  readFileSync('/proc/cgroups', 'utf8')
    .split('\n')
    .map((line) => line.split('\t').slice(0, 2));
const before = hierarchies();

beforeAll(() => {
  ground = new TestGround();
  place = join(ground.dir, 'lxcfs');
  mkdirSync(place);
});
beforeEach(startLxcfs);
afterEach(stopLxcfs);
afterAll(() => ground[Symbol.asyncDispose]());

async function startLxcfs(): Promise<void> {
  const options = ['-f', '--enable-cfs', '--enable-loadavg', `--pidfile=${ground.dir}/lxcfs.pid`];
  lxcfs = spawn('lxcfs', [...options, place], { stdio: 'ignore' });
  await until('lxcfs answers', () => existsSync(join(place, 'proc/meminfo')), 30_000);
}

async function stopLxcfs(): Promise<void> {
  if (lxcfs.exitCode === null && lxcfs.signalCode === null) {
    const ended = once(lxcfs, 'exit');
    lxcfs.kill('SIGKILL');
    await ended;
  }
  spawnSync('umount', ['-l', place]);
}

const totalIn = (guest: TestGuest) =>
  Number(/^MemTotal: +(\d+) kB/m.exec(guest.sh('cat /proc/meminfo').stdout)?.[1]) * 1024;
const hostTotal = () =>
  Number(/^MemTotal: +(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]) * 1024;
const processorsIn = (guest: TestGuest) => guest.sh('grep -c ^processor /proc/cpuinfo').stdout.trim();

function make(kind: 'application' | 'system', options: { lxcfs: boolean }): TestGuest {
  const guest = new TestGuest(ground, kind, SLEEP, [
    ['cpu_micros', 50_000],
    ['cpuset', '0'],
    ...(options.lxcfs ? ([['lxcfs', place]] as [string, string][]) : []),
  ]);
  guest.spec.splice(
    guest.spec.findIndex(([key]) => key === 'memory_bytes'),
    1,
    ['memory_bytes', 64 * MIB],
  );
  return guest;
}

describe.each(['application', 'system'] as const)('lxcfs in %s guests', (kind) => {
  it('tells the limits of the guest, which are told nowhere without it', async () => {
    await using guest = await make(kind, { lxcfs: true }).running();
    expect(totalIn(guest)).toBe(64 * MIB);
    expect(processorsIn(guest)).toBe('1');
    expect(guest.sh('cat /sys/devices/system/cpu/online').stdout.trim()).toBe('0');
    expect(Number(guest.sh('cat /proc/uptime').stdout.split(' ')[0])).toBeLessThan(120);
    expect(guest.sh('cat /proc/stat').stdout).toMatch(/^cpu0 /m);
    expect(guest.sh('cat /proc/stat').stdout).not.toMatch(/^cpu1 /m);
    expect(guest.sh('cat /proc/loadavg').stdout).toMatch(/^\d+\.\d+ /);
    // The control.
    await using plain = await make(kind, { lxcfs: false }).running();
    expect(totalIn(plain)).toBe(hostTotal());
    expect(hostTotal()).toBeGreaterThan(64 * MIB);
  });

  it('leaves masks as they are, and what it gives cannot be taken off or written', async () => {
    await using guest = await make(kind, { lxcfs: true }).running();
    expect(guest.sh('cat /proc/slabinfo | wc -c').stdout.trim()).toBe('0');
    expect(guest.sh('umount /proc/meminfo').status).not.toBe(0);
    expect(guest.sh('echo x > /proc/uptime').stderr).toMatch(/read-only file system/i);
    expect(totalIn(guest)).toBe(64 * MIB);
  });
});

const renew = (guest: TestGuest) =>
  spawnSync(ENTER, ['lxcfs', '--run-dir', guest.runDir], { encoding: 'utf8', timeout: 30_000 });

describe('lxcfs that falls', () => {
  it('is there again once it was started anew, and else the kernel tells', async () => {
    await using guest = await make('system', { lxcfs: true }).running();
    await stopLxcfs();
    expect(guest.sh('cat /proc/meminfo').stderr).toMatch(/not connected/);
    await startLxcfs();
    expect(renew(guest)).toMatchObject({ status: 0, stderr: '' });
    expect(totalIn(guest)).toBe(64 * MIB);

    await stopLxcfs();
    expect(renew(guest)).toMatchObject({ status: 0, stderr: '' });
    expect(totalIn(guest)).toBe(hostTotal());
    expect(guest.sh('cat /proc/uptime /proc/stat /proc/loadavg /sys/devices/system/cpu/online').status).toBe(
      0,
    );
  });

  it('before a start does not keep the guest from starting', async () => {
    await stopLxcfs();
    await using guest = await make('system', { lxcfs: true }).running();
    expect(totalIn(guest)).toBe(hostTotal());
  });
});

it('no hierarchy of control groups came by it', () => {
  expect(hierarchies()).toEqual(before);
});
