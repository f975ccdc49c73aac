import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type CgroupLimits, native } from './addon.ts';
import { controllersOf, layoutOf } from './host-features.ts';

const MiB = 1024 * 1024;
const UNLIMITED = { cpuMicros: null, memory: null, swap: null, pids: null };

/** A folder that looks like a host with these mounts (proc_pid_mountinfo(5)) and files. */
function host(mounts: readonly string[], files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'berth-cgroup-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const all = { ...files, 'proc/self/mountinfo': `${mounts.join('\n')}\n` };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

const V1 = (name: string, options = name) =>
  `31 23 0:28 / /sys/fs/cgroup/${name} rw,relatime shared:9 - cgroup cgroup rw,${options}`;
const V2 = (at: string) => `41 31 0:38 / ${at} rw,nosuid - cgroup2 cgroup2 rw,nsdelegate`;

test('v2, v1 and hybrid hosts are told apart, controllers by controller', async () => {
  const pure = host([V2('/sys/fs/cgroup')], {
    'sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory pids\n',
  });
  const hierarchies = await native((addon) => addon.describeLayout(pure));
  expect(layoutOf(hierarchies)).toBe('v2');
  expect(controllersOf(hierarchies)).toMatchObject({ cpu: 'v2', io: 'v2', devices: 'v2', freezer: 'v2' });

  const mixed = host(
    [V1('cpu,cpuacct'), V1('memory'), V1('systemd', 'xattr,name=systemd'), V2('/sys/fs/cgroup/unified')],
    {
      'sys/fs/cgroup/unified/cgroup.controllers': 'pids\n',
    },
  );
  const both = await native((addon) => addon.describeLayout(mixed));
  expect(layoutOf(both)).toBe('hybrid');
  expect(both.map(({ controllers }) => controllers)).toEqual([
    ['cpu', 'cpuacct'],
    ['memory'],
    ['name=systemd'],
    ['pids'],
  ]);
  expect(controllersOf(both)).toMatchObject({ cpu: 'v1', memory: 'v1', pids: 'v2', io: null });
  expect(layoutOf(both.filter(({ v2 }) => !v2))).toBe('v1');
});

test('mounts that are no root of a hierarchy, and other file systems, do not count', async () => {
  const bound = V1('memory').replace(' / /sys', ' /docker/a /sys');
  const root = host([bound, '22 1 0:20 / /proc rw - proc proc rw'], {});
  await expect(native((addon) => addon.describeLayout(root))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('v2 limits are written in the words of v2, high under max', async () => {
  const group = 'sys/fs/cgroup/berth0/guests/a';
  const files = ['cpu.max', 'memory.high', 'memory.max', 'memory.swap.max', 'pids.max'];
  const root = host([V2('/sys/fs/cgroup')], {
    'sys/fs/cgroup/cgroup.controllers': 'cpu io memory pids\n',
    ...Object.fromEntries(files.map((name) => [`${group}/${name}`, 'max\n'])),
    [`${group}/cpu.max.burst`]: '0\n',
    [`${group}/cpu.weight`]: '100\n',
    [`${group}/memory.low`]: '0\n',
    [`${group}/memory.oom.group`]: '0\n',
    [`${group}/io.max`]: '8:16 rbps=max wbps=7 riops=max wiops=max\n',
    [`${group}/io.weight`]: 'default 100\n',
  });
  const set = (limits: CgroupLimits) =>
    native((addon) => addon.setLimits('berth0/guests/a', { ...UNLIMITED, ...limits }, root));
  const read = (name: string) => readFileSync(join(root, group, name), 'utf8');
  const limits = {
    cpuMicros: 150_000,
    cpuPeriodMicros: 200_000,
    cpuBurstMicros: 50_000,
    cpuWeight: 400,
    memory: 64 * MiB,
    memoryLow: 8 * MiB,
    killAll: true,
    swap: 0,
    pids: 9,
    ioWeight: 250,
  };
  expect(await set(limits)).toMatchObject({ ...limits, memoryHigh: 62 * MiB });
  expect(read('cpu.max')).toBe('150000 200000');
  expect(read('cpu.max.burst')).toBe('50000');
  expect(read('io.weight')).toBe('default 250');
  // The last line of a device that has limits no more, as a file that is no kernel's keeps only that.
  expect(read('io.max')).toBe('8:16 rbps=max wbps=max riops=max wiops=max');
  expect(await set({ ...UNLIMITED, memoryHigh: 4 * MiB })).toMatchObject({
    memory: null,
    memoryHigh: 4 * MiB,
  });
  expect(read('cpu.max')).toBe('max 100000');
  expect(read('memory.oom.group')).toBe('0');
  expect(read('io.weight')).toBe('default 100');
});

test('a limit whose controller the host has not is refused by its name, and nothing is set', async () => {
  const group = 'sys/fs/cgroup/berth0/guests/a';
  const root = host([V2('/sys/fs/cgroup')], {
    'sys/fs/cgroup/cgroup.controllers': 'pids\n',
    [`${group}/pids.max`]: 'max\n',
  });
  for (const [controller, limits] of Object.entries({
    cpu: { cpuWeight: 50 },
    memory: { memoryLow: MiB },
    io: { ioMax: ['8:0 rbps=1 wbps=max riops=max wiops=max'] },
    cpuset: { cpuset: '0' },
    hugetlb: { hugetlb: ['2MB 0'] },
  })) {
    const wanted = { ...UNLIMITED, pids: 5, ...limits };
    await expect(
      native((addon) => addon.setLimits('berth0/guests/a', wanted, root)),
      controller,
    ).rejects.toMatchObject({ code: 'EOPNOTSUPP', action: `limit ${controller}` });
  }
  expect(readFileSync(join(root, group, 'pids.max'), 'utf8')).toBe('max\n');
});

test('what was written before the write that fails is put back', async () => {
  const group = 'sys/fs/cgroup/berth0/guests/a';
  const root = host([V2('/sys/fs/cgroup')], {
    'sys/fs/cgroup/cgroup.controllers': 'cpu memory pids\n',
    [`${group}/cpu.max`]: '70000 100000\n',
    [`${group}/cpu.weight`]: '30\n',
    [`${group}/memory.low`]: '0\n',
    // memory.high is not there: the write after the first three fails
  });
  await expect(
    native((addon) =>
      addon.setLimits('berth0/guests/a', { ...UNLIMITED, cpuMicros: 10_000, memoryLow: MiB }, root),
    ),
  ).rejects.toMatchObject({ code: 'ENOENT', path: 'memory.high' });
  const read = (name: string) => readFileSync(join(root, group, name), 'utf8');
  expect([read('cpu.max'), read('cpu.weight'), read('memory.low')]).toEqual(['70000 100000', '30', '0']);
});
