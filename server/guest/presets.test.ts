import { expect, test } from 'vitest';
import { checkLimits } from './check-limits.ts';
import { defaultLimits } from './limits.ts';
import { limitPresets } from './presets.ts';

const MiB = 1024 ** 2;
const GiB = 1024 * MiB;

test('presets by name, the last an equal share of the host', () => {
  const bounds = { cpu: 8, memory: 32 * GiB, swap: 8 * GiB, pids: 4_194_304 };
  const presets = limitPresets(bounds, 4);
  expect(presets.map(({ name }) => name)).toEqual(['small', 'medium', 'large', 'share']);
  expect(presets[1]).toEqual({
    name: 'medium',
    summary: '1 core, 1 GiB, 2048 processes',
    limits: { cpu: 1, memory: GiB, swap: 512 * MiB, pids: 2048 },
  });
  expect(presets[3]?.limits).toMatchObject({ cpu: 2, swap: 2 * GiB });
  expect(presets[3]?.summary).toMatch(/^1\/4 of this host, 2 cores, 7.2 GiB/);
});

test.each([
  [{ cpu: 1, memory: 200 * MiB, swap: 0, pids: 300 }, 0],
  [{ cpu: 2, memory: 8 * GiB, swap: GiB, pids: 32_768 }, 1000],
])('on %o with %d guests, none is more than the host has', (bounds, guests) => {
  const parts = { cpus: new Set([0]), hugepages: new Map<string, number>() };
  for (const { limits } of limitPresets(bounds, guests)) {
    const all = { ...defaultLimits('system', bounds), ...limits };
    expect(() => checkLimits({ given: limits, limits: all }, { bounds, parts })).not.toThrow();
  }
});
