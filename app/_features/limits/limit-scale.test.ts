import { expect, test } from 'vitest';
import { moveByKey, scaleTop, snap } from './limit-scale.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

test('a chart leaves room above the limit and the use, up to what the host has', () => {
  expect(scaleTop('bytes', [512 * MIB], 20 * MIB, 24 * GIB)).toBe(GIB);
  expect(scaleTop('bytes', [20 * GIB], 0, 24 * GIB)).toBe(24 * GIB);
  expect(scaleTop('cores', [1], 0.3, 8)).toBe(2);
  expect(scaleTop('cores', [1.5], 0.3, 2)).toBe(2);
  expect(scaleTop('count', [512], 7, 4_194_304)).toBe(1000);
});

test('a chart without any limit or use still has a scale', () => {
  expect(scaleTop('rate', [null, null], 0, 2 ** 40)).toBe(MIB);
  expect(scaleTop('cores', [], 0, 8)).toBe(1);
});

test('use above the bound is still on the chart', () => {
  expect(scaleTop('cores', [2], 2.1, 2)).toBeGreaterThanOrEqual(2.1);
});

test('dragging lands on round values within the bounds', () => {
  const range = { min: 4 * MIB, max: 2 * GIB };
  expect(snap('bytes', 700_000_000, GIB, range) % (4 * MIB)).toBe(0);
  expect(snap('bytes', 1, GIB, range)).toBe(4 * MIB);
  expect(snap('bytes', 9e9, GIB, range)).toBe(2 * GIB);
  expect(snap('cores', 1.4812, 2, { min: 0.01, max: 2 })).toBe(1.5);
  expect(snap('count', 503.2, 1000, { min: 1, max: 4000 })).toBe(505);
});

test('keys move by steps, by halves and doubles, and to the bounds', () => {
  const memory = { min: 4 * MIB, max: 8 * GIB };
  expect(moveByKey('bytes', 'ArrowUp', 512 * MIB, memory)).toBe(544 * MIB);
  expect(moveByKey('bytes', 'ArrowDown', 512 * MIB, memory)).toBe(480 * MIB);
  expect(moveByKey('bytes', 'PageUp', 512 * MIB, memory)).toBe(GIB);
  expect(moveByKey('bytes', 'PageDown', 512 * MIB, memory)).toBe(256 * MIB);
  expect(moveByKey('bytes', 'Home', 512 * MIB, memory)).toBe(4 * MIB);
  expect(moveByKey('cores', 'ArrowUp', 1, { min: 0.01, max: 2 })).toBe(1.1);
  expect(moveByKey('cores', 'PageUp', 1.5, { min: 0.01, max: 2 })).toBe(2);
  expect(moveByKey('count', 'ArrowUp', 512, { min: 1, max: 1000 })).toBe(562);
  expect(moveByKey('count', 'x', 512, { min: 1, max: 1000 })).toBeNull();
});
