import { expect, it } from 'vitest';
import { layoutIdMap } from './id-map-layout.ts';

it('draws one range over all of both rulers', () => {
  const [band] = layoutIdMap([{ inside: 0, outside: 100_000, count: 65_536 }]);
  expect(band?.inside).toEqual([0, 1]);
  expect(band?.outside).toEqual([0, 1]);
});

it('keeps order, leaves gaps only where ids are not mapped, and shows the smallest', () => {
  const [root, one, rest] = layoutIdMap([
    { inside: 0, outside: 500_000, count: 1000 },
    { inside: 1000, outside: 1000, count: 1 },
    { inside: 1001, outside: 501_001, count: 64_535 },
  ]);
  expect(root?.inside[1]).toBeCloseTo(one?.inside[0] ?? 0);
  expect(one?.inside[1]).toBeCloseTo(rest?.inside[0] ?? 0);
  expect(rest?.inside[1]).toBeCloseTo(1);
  expect(one?.outside[0]).toBe(0);
  expect((root?.outside[0] ?? 0) - (one?.outside[1] ?? 0)).toBeCloseTo(0.04);
  expect((rest?.outside[0] ?? 0) - (root?.outside[1] ?? 0)).toBeCloseTo(0.04);
  expect((one?.inside[1] ?? 0) - (one?.inside[0] ?? 0)).toBeGreaterThan(0.02);
});
