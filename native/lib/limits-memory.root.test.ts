import { afterEach, beforeEach, expect, test } from 'vitest';
import { createGroup, readEffects, setLimits } from './cgroups.ts';
import { TestGroups, UNLIMITED, until } from './test-groups.ts';

const MiB = 1024 * 1024;
const groups = new TestGroups();
const A = groups.of('a');

beforeEach(() => groups.probe());
afterEach(async () => {
  expect(await groups.clean()).toEqual([]);
});

const make = (group: string, limits = {}) =>
  createGroup(group, { limits: { ...UNLIMITED, ...limits }, devices: ['c 1:3 rwm'] });
const set = (limits: object) => setLimits(A, { ...UNLIMITED, ...limits });

const grow = (megabytes: number) =>
  `awk 'BEGIN { s = "x"; while (length(s) < ${megabytes * MiB}) s = s s; print length(s) }'`;

test('memory at its limit is counted, with its peak', async () => {
  await make(A, { memory: 256 * MiB, swap: 0 });
  expect((await groups.run(A, grow(30)).ended).status).toBe(0);
  expect(await readEffects(A)).toMatchObject({ memoryMax: 0, oomKills: 0 });
  expect((await readEffects(A)).memoryPeak).toBeGreaterThan(16 * MiB);
  await set({ memory: 16 * MiB, swap: 0 });
  await groups.run(A, grow(30)).ended;
  const effects = await readEffects(A);
  expect(effects.memoryMax).toBeGreaterThan(0);
  expect(effects.oomKills).toBeGreaterThan(0);
});

test('where memory can end all at once it does, else one', async () => {
  for (const killAll of [false, true]) {
    if (killAll && !groups.isV2('memory')) continue; // v1 has no such file: the supervisor does it
    await make(A, { memory: 32 * MiB, swap: 0, killAll });
    const bystander = groups.run(A, 'echo here; exec sleep 300');
    await new Promise((resolve) => bystander.child.stdout.once('data', resolve));
    await groups.run(A, grow(60)).ended;
    await until('a kill', async () => (await readEffects(A)).oomKills || undefined);
    if (killAll) expect((await bystander.ended).signal).toBe('SIGKILL');
    else expect(bystander.child.exitCode ?? bystander.child.signalCode).toBeNull();
    await groups.clean();
  }
});

test('over memory.high a guest is slowed and reclaimed from, not killed', async () => {
  if (groups.isV2('memory') === false) {
    // Nothing of the kind on v1: refused by name, see above.
    await make(A);
    expect((await readEffects(A)).memoryHigh).toBeNull();
    return;
  }
  await make(A, { memory: 256 * MiB, memoryHigh: 240 * MiB, swap: 0 });
  expect((await groups.run(A, grow(30)).ended).status).toBe(0);
  expect((await readEffects(A)).memoryHigh).toBe(0);
  await set({ memory: 256 * MiB, memoryHigh: 16 * MiB, swap: 0 });
  groups.run(A, grow(60));
  await until('memory.high', async () => (await readEffects(A)).memoryHigh || undefined);
  expect((await readEffects(A)).oomKills).toBe(0);
});
