import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { native } from './addon.ts';
import { controllersOf, layoutOf } from './host-features.ts';

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
    'sys/fs/cgroup/cgroup.controllers': 'cpu memory pids\n',
    ...Object.fromEntries(files.map((name) => [`${group}/${name}`, 'max\n'])),
  });
  const limits = { cpuMicros: 150_000, memory: 64 * 1024 * 1024, swap: 0, pids: 9 };
  expect(await native((addon) => addon.setLimits('berth0/guests/a', limits, root))).toEqual(limits);
  const read = (name: string) => readFileSync(join(root, group, name), 'utf8');
  expect(read('cpu.max')).toBe('150000 100000');
  expect(Number(read('memory.high'))).toBe(62 * 1024 * 1024);
  expect(read('pids.max')).toBe('9');
  const unlimited = { cpuMicros: null, memory: null, swap: null, pids: null };
  expect(await native((addon) => addon.setLimits('berth0/guests/a', unlimited, root))).toEqual(unlimited);
  expect(read('cpu.max')).toBe('max 100000');
});
