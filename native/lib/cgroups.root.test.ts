import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  createGroup,
  freeze,
  groupsIn,
  isFrozen,
  killGroup,
  oomKills,
  readLimits,
  readUsage,
  removeGroup,
  setLimits,
} from './cgroups.ts';
import { TestGroups, UNLIMITED, until } from './test-groups.ts';

const MiB = 1024 * 1024;
const groups = new TestGroups();
const GROUP = groups.of('a');
const NULL_ONLY = ['c 1:3 rwm'];

beforeEach(() => groups.probe());
afterEach(async () => {
  expect(await groups.clean()).toEqual([]);
});

const inGroup = (script: string, group = GROUP) => groups.run(group, script);

const FORKS =
  'i=0; while [ $i -lt 20 ]; do sleep 300 >/dev/null 2>&1 & i=$((i+1)); done; echo forked $i; kill $(jobs -p)';

test('limits are what the kernel reads back, raised and lowered in any order', async () => {
  await createGroup(GROUP, { limits: UNLIMITED, devices: NULL_ONLY });
  expect(await readLimits(GROUP)).toMatchObject(UNLIMITED);
  for (const memory of [64 * MiB, 256 * MiB, 32 * MiB]) {
    const limits = { cpuMicros: 50_000, memory, swap: 8 * MiB, pids: 77 };
    expect(await setLimits(GROUP, limits)).toMatchObject(limits);
  }
  expect(await setLimits(GROUP, UNLIMITED)).toMatchObject(UNLIMITED);
});

test('a limit of processes refuses the next fork', async () => {
  await createGroup(GROUP, { limits: { ...UNLIMITED, pids: 64 }, devices: NULL_ONLY });
  expect((await inGroup(FORKS).ended).output).toContain('forked 20');
  await setLimits(GROUP, { ...UNLIMITED, pids: 8 });
  const { output } = await inGroup(FORKS).ended;
  expect(output).toMatch(/fork/i);
  expect(output).not.toContain('forked 20');
});

test('a limit of memory kills who goes over it, and counts that', async () => {
  const limits = { ...UNLIMITED, memory: 256 * MiB, swap: 0 };
  await createGroup(GROUP, { limits, devices: NULL_ONLY });
  const eat = 'head -c 100000000 /dev/zero | tail -c 90000000 | wc -c';
  const allowed = await inGroup(`exec 2>&1; ${eat}`).ended;
  // /dev/zero is refused to this group: the bytes come through a pipe from outside instead.
  expect(allowed.output).toMatch(/not permitted/);
  const grow = 'awk \'BEGIN { s = "x"; while (length(s) < 60000000) s = s s; print length(s) }\'';
  expect((await inGroup(grow).ended).output.trim()).toBe('67108864');
  expect(await oomKills(GROUP)).toBe(0);
  await setLimits(GROUP, { ...UNLIMITED, memory: 32 * MiB, swap: 0 });
  await inGroup(grow).ended;
  expect(await oomKills(GROUP)).toBeGreaterThan(0);
});

test('a limit of CPU throttles', async () => {
  await createGroup(GROUP, { limits: { ...UNLIMITED, cpuMicros: 10_000 }, devices: NULL_ONLY });
  inGroup('while :; do :; done');
  const cpu = groups.hierarchies.find(({ controllers }) => controllers.includes('cpu'));
  const stat = join(cpu?.mount ?? '', GROUP, 'cpu.stat');
  const throttled = () => Number(/nr_throttled (\d+)/.exec(readFileSync(stat, 'utf8'))?.[1]);
  expect(await until('throttling', () => throttled() || undefined)).toBeGreaterThan(0);
  const [usage] = await readUsage([{ group: GROUP, link: null }]);
  expect(usage?.cpuTotalMicros).toBeGreaterThan(0);
  expect(usage?.pids).toBe(1);
  expect(usage?.networkReceiveBytes).toBeNull();
});

test('devices are refused but those on the list', async () => {
  await createGroup(GROUP, { limits: UNLIMITED, devices: NULL_ONLY });
  const use = 'echo x > /dev/null && echo null; head -c1 /dev/zero >/dev/null && echo zero; exit 0';
  const { output } = await inGroup(use).ended;
  expect(output).toContain('null');
  expect(output).not.toContain('\nzero');
  expect(output).toMatch(/\/dev\/zero.*not permitted/);
});

test('a frozen group stands still, thaws, and dies frozen', async () => {
  await createGroup(GROUP, { limits: UNLIMITED, devices: NULL_ONLY });
  const counting = inGroup('i=0; while :; do i=$((i+1)); echo $i; done');
  let lines = 0;
  counting.child.stdout.on('data', () => {
    lines++;
  });
  await until('output', () => lines || undefined);
  expect(await isFrozen(GROUP)).toBe(false);
  await freeze(GROUP, true);
  expect(await isFrozen(GROUP)).toBe(true);
  const cpuNow = async () => (await readUsage([{ group: GROUP, link: null }]))[0]?.cpuTotalMicros;
  const before = await cpuNow();
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
  expect(await cpuNow()).toBe(before);
  await freeze(GROUP, false);
  expect(await isFrozen(GROUP)).toBe(false);
  await until('running on', async () => ((await cpuNow()) ?? 0) > (before ?? 0) || undefined);
  await freeze(GROUP, true);
  await killGroup(GROUP);
  expect((await counting.ended).signal).toBe('SIGKILL');
});

test('removing takes what is below, waits for the dying, and spares the neighbours', async () => {
  await createGroup(GROUP, { limits: UNLIMITED, devices: NULL_ONLY });
  await createGroup(groups.of('b'), { limits: UNLIMITED, devices: NULL_ONLY });
  await createGroup(`${GROUP}/deep/er`, { limits: UNLIMITED, devices: NULL_ONLY });
  expect((await groupsIn(`${groups.parent}/guests`)).sort()).toEqual(['a', 'b']);
  const below = inGroup('exec sleep 300', `${GROUP}/deep/er`);
  // The last one that it joins.
  const file = groups.filesOf(`${GROUP}/deep/er`).at(-1);
  await until('joining', () => readFileSync(file ?? '', 'utf8').trim() || undefined);
  await killGroup(GROUP);
  await removeGroup(GROUP);
  await below.ended;
  expect(await groupsIn(`${groups.parent}/guests`)).toEqual(['b']);
  await removeGroup(GROUP);
  await killGroup(GROUP);
});

test('names outside the hierarchy and of no group are errors', async () => {
  await expect(removeGroup('../x')).rejects.toMatchObject({ code: 'EINVAL', path: '../x' });
  await expect(removeGroup('')).rejects.toMatchObject({ code: 'EINVAL' });
  await expect(setLimits(`${groups.parent}/none`, UNLIMITED)).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(setLimits(GROUP, { ...UNLIMITED, pids: 1.5 })).rejects.toMatchObject({ code: 'EINVAL' });
  expect(await readUsage([{ group: `${groups.parent}/none`, link: null }])).toEqual([null]);
});

test('other groups stay as they are', async () => {
  const own = readFileSync('/proc/self/cgroup', 'utf8');
  await createGroup(GROUP, { limits: { ...UNLIMITED, memory: 16 * MiB, swap: 0 }, devices: NULL_ONLY });
  expect(readFileSync('/proc/self/cgroup', 'utf8')).toBe(own);
  writeFileSync('/dev/null', 'x');
});
