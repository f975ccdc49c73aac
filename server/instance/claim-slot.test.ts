import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ClaimOptions, claimSlot } from './claim-slot.ts';
import { readInstance } from './read-instance.ts';
import { releaseSlot } from './release-slot.ts';

let root: string;
let options: ClaimOptions & { claimsDir: string };

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'berth-claim-'));
  const host = { links: join(root, 'net'), cgroup: join(root, 'cgroup'), routes: join(root, 'route') };
  mkdirSync(host.links);
  mkdirSync(join(host.cgroup, 'memory'), { recursive: true });
  writeFileSync(host.routes, 'Iface\tDestination\tGateway\n');
  options = { claimsDir: join(root, 'claims'), host };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const folder = (name: string) => join(root, name);
const claimOf = (slot: number) => JSON.parse(readFileSync(join(options.claimsDir, `${slot}.json`), 'utf8'));

/** As if its claimer had ended: then only the folder proves a claim. */
function forgetClaimer(slot: number): void {
  const claim = { ...claimOf(slot), claimer: { pid: 1, startTime: 'never' } };
  writeFileSync(join(options.claimsDir, `${slot}.json`), JSON.stringify(claim));
}

test('each folder has its slot, and keeps it', async () => {
  const first = await claimSlot(folder('a'), options);
  const second = await claimSlot(folder('b'), options);
  expect([first.slot, second.slot]).toEqual([0, 1]);
  expect(first.id).toMatch(/^[0-9a-f]{32}$/);
  expect(await claimSlot(folder('a'), options)).toEqual(first);
  expect(readInstance(folder('a'))).toEqual(first);
  expect(readInstance(folder('none'))).toBeNull();
});

test('claims at once get slots of their own', async () => {
  const names = Array.from({ length: 12 }, (_, at) => `x${at}`);
  const instances = await Promise.all(names.map((name) => claimSlot(folder(name), options)));
  expect(new Set(instances.map(({ slot }) => slot)).size).toBe(12);
  await expect(claimSlot(folder('late'), options)).rejects.toThrow(/no slot is free.*0: claimed by/);
});

test('a claim whose folder is gone or another one is taken over', async () => {
  await claimSlot(folder('a'), options);
  rmSync(folder('a'), { recursive: true });
  forgetClaimer(0);
  const next = await claimSlot(folder('b'), options);
  expect(next.slot).toBe(0);
  expect(claimOf(0).dataDir).toBe(folder('b'));
});

test('a claim whose claimer is still at it is not stale', async () => {
  await claimSlot(folder('a'), options);
  rmSync(folder('a'), { recursive: true });
  expect((await claimSlot(folder('b'), options)).slot).toBe(1);
});

test('a lost claim is made again, one that somebody has taken is not', async () => {
  const first = await claimSlot(folder('a'), options);
  rmSync(join(options.claimsDir, '0.json'));
  expect(await claimSlot(folder('a'), options)).toEqual(first);
  rmSync(join(options.claimsDir, '0.json'));
  await claimSlot(folder('b'), options);
  await expect(claimSlot(folder('a'), options)).rejects.toThrow(
    `slot 0 of ${folder('a')} is claimed by ${folder('b')}`,
  );
});

test('a folder that was moved keeps its slot, a copy of it has none', async () => {
  const first = await claimSlot(folder('a'), options);
  cpSync(folder('a'), folder('copy'), { recursive: true });
  await expect(claimSlot(folder('copy'), options)).rejects.toThrow('two folders cannot share it');
  rmSync(folder('copy'), { recursive: true });
  renameSync(folder('a'), folder('moved'));
  forgetClaimer(0);
  expect(await claimSlot(folder('moved'), options)).toEqual({ ...first, dataDir: folder('moved') });
});

test('a corrupt or foreign folder is told and left alone', async () => {
  await claimSlot(folder('a'), options);
  writeFileSync(join(folder('a'), 'instance.json'), '{"slot":');
  await expect(claimSlot(folder('a'), options)).rejects.toThrow(/instance.json is corrupt.*\{\\"slot\\":/);
  expect(readFileSync(join(folder('a'), 'instance.json'), 'utf8')).toBe('{"slot":');
  mkdirSync(join(folder('home'), 'photos'), { recursive: true });
  await expect(claimSlot(folder('home'), options)).rejects.toThrow('no instance.json but contains photos');
  expect(existsSync(join(folder('home'), 'instance.json'))).toBe(false);
});

test('groups that an instance left without a process keep no slot, and those with one stay whole', async () => {
  const groups = join(options.host?.cgroup ?? '', 'memory');
  for (const path of ['berth0/guests/old', 'berth0/supervisors', 'berth1/guests', 'berth1/supervisors'])
    mkdirSync(join(groups, path), { recursive: true });
  writeFileSync(join(groups, 'berth1/supervisors/cgroup.procs'), '4711\n');
  expect((await claimSlot(folder('a'), options)).slot).toBe(0);
  expect(existsSync(join(groups, 'berth0'))).toBe(false);
  expect((await claimSlot(folder('b'), options)).slot).toBe(2);
  expect(existsSync(join(groups, 'berth1/guests'))).toBe(true);
});

test('a slot whose names the host uses already is left out', async () => {
  const { host } = options;
  mkdirSync(join(host?.links ?? '', 'berth0'));
  mkdirSync(join(host?.links ?? '', 'bv1-7'));
  mkdirSync(join(host?.links ?? '', 'bi4-7'));
  const group = join(host?.cgroup ?? '', 'memory', 'berth2');
  mkdirSync(join(group, 'supervisors'), { recursive: true });
  writeFileSync(join(group, 'supervisors/cgroup.procs'), '4711\n');
  // 10.209.48.0/24 lies in slot 3's 10.209.48.0/20.
  writeFileSync(
    host?.routes ?? '',
    'Iface\tDestination\nppp0\t0030D10A\t0\t1\t0\t0\t0\t00FFFFFF\neth0\t0000000A\t0\t1\t0\t0\t0\t000000FF\n',
  );
  expect((await claimSlot(folder('a'), options)).slot).toBe(5);
  for (const [slot, reason] of [
    [0, 'the link berth0 exists'],
    [1, 'the link bv1-7 exists'],
    [2, 'memory/berth2 exists'],
    [3, '10.209.48.0/20 overlaps a route of the host over ppp0'],
    [4, 'the link bi4-7 exists'],
  ] as const) {
    await expect(claimSlot(folder('b'), { ...options, slot })).rejects.toThrow(reason);
  }
});

test('a released slot is free, one of another instance stays', async () => {
  const first = await claimSlot(folder('a'), options);
  releaseSlot({ slot: 0, id: 'f'.repeat(32) }, options.claimsDir);
  expect(claimOf(0).id).toBe(first.id);
  releaseSlot(first, options.claimsDir);
  expect(existsSync(join(options.claimsDir, '0.json'))).toBe(false);
});
