import { mkdtempSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { createGroup, readEffects, readLimits, readUsage, setLimits } from './cgroups.ts';
import { TestGroups, UNLIMITED, until } from './test-groups.ts';

const MiB = 1024 * 1024;
const groups = new TestGroups();
const [A, B] = [groups.of('a'), groups.of('b')];
const DEVICES = ['c 1:3 rwm', 'c 1:5 rwm', 'c 1:9 r'];
const BURN = 'while :; do :; done';

beforeEach(() => groups.probe());
afterEach(async () => {
  expect(await groups.clean()).toEqual([]);
});

const make = (group: string, limits = {}) =>
  createGroup(group, { limits: { ...UNLIMITED, ...limits }, devices: DEVICES });
const set = (limits: object) => setLimits(A, { ...UNLIMITED, ...limits });
const usageOf = async (group: string) => (await readUsage([{ group, link: null }]))[0];
const fileOf = (controller: string, file: string) =>
  readFileSync(
    join(groups.hierarchies.find((one) => one.controllers.includes(controller))?.mount ?? '', A, file),
    'utf8',
  );

/** The CPUs that this test may use. */
function cpus(): number[] {
  const list = /Cpus_allowed_list:\s*(\S+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
  return list.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, at) => first + at);
  });
}

/** A folder on a real disk, and the number of that disk. */
function diskFolder(): { folder: string; disk: string } {
  for (const place of ['/var/tmp', '/tmp', process.cwd()]) {
    const { dev } = statSync(place);
    const number = `${Math.floor(dev / 256)}:${dev % 256}`;
    try {
      const sys = realpathSync(`/sys/dev/block/${number}`);
      const partition = (() => {
        try {
          return readFileSync(join(sys, 'partition'), 'utf8');
        } catch {
          return null;
        }
      })();
      const disk = readFileSync(join(partition ? dirname(sys) : sys, 'dev'), 'utf8').trim();
      const folder = mkdtempSync(join(place, 'berth-limits-'));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      return { folder, disk };
    } catch {
      // tmpfs, overlay: no disk of its own
    }
  }
  throw new Error('no folder of this host is on a disk');
}

test('every limit is what the kernel reads back, at the start and live, and can be lifted', async () => {
  const last = `${cpus().at(-1)}`;
  const { disk } = diskFolder();
  const all = {
    cpuMicros: 50_000,
    cpuPeriodMicros: 50_000,
    cpuBurstMicros: 20_000,
    cpuWeight: 400,
    cpuset: last,
    memory: 64 * MiB,
    swap: 0,
    pids: 9,
    ioMax: [`${disk} rbps=1048576 wbps=max riops=max wiops=100`],
    ...(groups.isV2('memory') ? { memoryHigh: 32 * MiB, memoryLow: 8 * MiB, killAll: true } : {}),
    ...(groups.isV2('hugetlb') === null ? {} : { hugetlb: ['2MB 4194304'] }),
  };
  await make(A, all);
  expect(await readLimits(A)).toMatchObject(all);
  const lifted = await set({});
  expect(lifted).toMatchObject({
    ...UNLIMITED,
    cpuPeriodMicros: 100_000,
    cpuBurstMicros: 0,
    cpuWeight: 100,
    cpuset: null,
    killAll: false,
    ioMax: [],
    hugetlb: [],
  });
  expect(await set(all)).toMatchObject(all);
  const other = {
    ...all,
    cpuMicros: 10_000,
    cpuBurstMicros: 10_000,
    ioMax: [`${disk} rbps=max wbps=2097152 riops=max wiops=max`],
  };
  expect(await set(other)).toMatchObject(other);
});

test('a weight of the disks is read back where the kernel has one', async () => {
  await make(A);
  const { ioWeight } = await readLimits(A);
  if (ioWeight === null) {
    await expect(set({ ioWeight: 300 })).rejects.toMatchObject({ code: 'EOPNOTSUPP' });
    return;
  }
  // BFQ's steps are eleven times as large above 100.
  for (const wanted of [1, 50, 100, 300, 10_000]) {
    const read = (await set({ ioWeight: wanted })).ioWeight ?? 0;
    expect(Math.abs(read - wanted), `${wanted}`).toBeLessThan(wanted <= 100 ? 1 : 11);
  }
});

test('what the kernel refuses leaves all as it was', async () => {
  await make(A, { cpuMicros: 20_000, memory: 64 * MiB, pids: 9, cpuWeight: 30 });
  const before = await readLimits(A);
  const wanted = { cpuMicros: 90_000, memory: 32 * MiB, pids: 5, cpuWeight: 70 };
  for (const wrong of [
    { ioMax: ['4000:9 rbps=1 wbps=max riops=max wiops=max'] },
    { cpuset: '4000' },
    { hugetlb: ['3MB 0'] },
    { cpuMicros: 5 },
  ]) {
    await expect(set({ ...wanted, ...wrong }), JSON.stringify(wrong)).rejects.toThrow(
      /limit (io|cpuset|hugetlb|cpu)/,
    );
    expect(await readLimits(A)).toEqual(before);
  }
  if (groups.isV2('memory') === false) {
    await expect(set({ memoryHigh: MiB })).rejects.toMatchObject({ code: 'EOPNOTSUPP', path: 'memory.high' });
    await expect(set({ memoryLow: MiB })).rejects.toMatchObject({ code: 'EOPNOTSUPP', path: 'memory.low' });
  }
});

test('of two groups on one CPU the one of four times the weight gets four times as much', async () => {
  const cpuset = `${cpus()[0]}`;
  const ratio = async (weight: number) => {
    await make(A, { cpuset, cpuWeight: weight });
    await make(B, { cpuset, cpuWeight: 100 });
    for (const group of [A, B]) groups.run(group, BURN);
    const micros = async (group: string) => (await usageOf(group))?.cpuTotalMicros ?? 0;
    // Counted from when both run.
    const [a, b] = await until('both to run', async () => {
      const now = [await micros(A), await micros(B)];
      return now.every((one) => one > 20_000) ? now : undefined;
    });
    return until('a second of CPU', async () => {
      const used = [(await micros(A)) - (a ?? 0), (await micros(B)) - (b ?? 0)];
      return (used[0] ?? 0) + (used[1] ?? 0) > 1_000_000 ? (used[0] ?? 0) / (used[1] ?? 1) : undefined;
    });
  };
  const weighted = await ratio(400);
  expect(weighted).toBeGreaterThan(2.5);
  expect(weighted).toBeLessThan(6);
  await groups.clean();
  const equal = await ratio(100);
  expect(equal).toBeGreaterThan(0.6);
  expect(equal).toBeLessThan(1.6);
});

test('a list of CPUs is what processes may run on, live', async () => {
  const last = cpus().at(-1) ?? 0;
  const allowed = async () =>
    (await groups.run(A, 'grep Cpus_allowed_list /proc/self/status').ended).output.trim().split(/\s+/)[1];
  await make(A);
  const all = await allowed();
  expect(all).toBe(/Cpus_allowed_list:\s*(\S+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
  await set({ cpuset: `${last}` });
  expect(await allowed()).toBe(`${last}`);
  await set({});
  expect(await allowed()).toBe(all);
});

test('a quota holds back, counted, and a burst lets through what was saved', async () => {
  await make(A, { cpuMicros: 10_000 });
  groups.run(A, BURN);
  const effects = await until('throttling', async () => {
    const now = await readEffects(A);
    return (now.throttledMicros ?? 0) > 0 && (now.throttledPeriods ?? 0) > 0 ? now : undefined;
  });
  expect(effects.periods).toBeGreaterThanOrEqual(effects.throttledPeriods ?? 0);
  expect((await usageOf(A))?.throttledMicros).toBeGreaterThan(0);
  await groups.clean();

  const bursts = () => Number(/nr_bursts (\d+)/.exec(fileOf('cpu', 'cpu.stat'))?.[1]);
  await make(A, { cpuMicros: 20_000, cpuBurstMicros: 20_000 });
  groups.run(A, 'while :; do sleep 0.3; i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; done');
  await until('a burst', () => bursts() || undefined);
  await groups.clean();
  await make(A, { cpuMicros: 20_000 });
  groups.run(A, BURN);
  await until('throttling', async () => (await readEffects(A)).throttledPeriods || undefined);
  expect(bursts()).toBe(0);
});

test('refused forks are counted', async () => {
  const forks = 'i=0; while [ $i -lt 20 ]; do sleep 300 >/dev/null 2>&1 & i=$((i+1)); done';
  await make(A, { pids: 64 });
  await groups.run(A, forks).ended;
  expect((await readEffects(A)).refusedForks).toBe(0);
  await groups.clean();
  await make(A, { pids: 6 });
  expect((await groups.run(A, forks).ended).output).toMatch(/fork/i);
  expect((await readEffects(A)).refusedForks).toBeGreaterThan(0);
});

test('a disk gives no more bytes than its limit, counts them, and all again without it', async () => {
  const { folder, disk } = diskFolder();
  const bytes = 3 * MiB;
  const write = async () => {
    const from = performance.now();
    const dd = `dd if=/dev/zero of=${join(folder, 'file')} bs=64k count=${bytes / 65_536} oflag=direct`;
    const { status, output } = await groups.run(A, dd).ended;
    expect(status, output).toBe(0);
    return bytes / ((performance.now() - from) / 1000);
  };
  const limit = (wbps: string) => set({ ioMax: [`${disk} rbps=max wbps=${wbps} riops=max wiops=max`] });
  await make(A);
  await limit(`${MiB}`);
  expect(await write()).toBeLessThan(1.3 * MiB);
  expect((await usageOf(A))?.ioWriteBytes).toBeGreaterThanOrEqual(bytes);
  await limit('max');
  expect((await readLimits(A)).ioMax).toEqual([]);
  // The best of some, as the disk is everybody's.
  let best = 0;
  for (let round = 0; round < 5 && best < 2 * MiB; round++) best = Math.max(best, await write());
  expect(best).toBeGreaterThan(2 * MiB);
});

test('pressure is a share, where the host tells it', async () => {
  await make(A, { cpuMicros: 5000 });
  groups.run(A, BURN);
  const { cpuPressure, memoryPressure, ioPressure } = await readEffects(A);
  for (const pressure of [cpuPressure, memoryPressure, ioPressure]) {
    if (pressure === null) continue;
    expect(pressure).toBeGreaterThanOrEqual(0);
    expect(pressure).toBeLessThanOrEqual(1);
  }
  if (cpuPressure !== null)
    await until('pressure', async () => (await readEffects(A)).cpuPressure || undefined);
});

test('the counters of a group that ends and comes again are its new ones', async () => {
  await make(A);
  groups.run(A, BURN);
  await until('CPU time', async () => ((await usageOf(A))?.cpuTotalMicros ?? 0) > 100_000 || undefined);
  await groups.clean();
  expect(await usageOf(A)).toBeNull();
  await make(A);
  expect((await usageOf(A))?.cpuTotalMicros).toBeLessThan(100_000);
});
