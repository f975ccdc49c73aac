import { expect, test } from 'vitest';
import { sparklinePath } from './sparkline.tsx';

const box = { width: 30, height: 10, samples: 4, max: 1 };

test('the newest value is at the right edge, full at the top and nothing at the bottom', () => {
  expect(sparklinePath({ ...box, values: [0, 1] })).toBe('M20.0 9.0L30.0 1.0');
});

test('a gap lifts the pen, and values beyond the scale stay inside', () => {
  expect(sparklinePath({ ...box, values: [2, null, -1] })).toBe('M10.0 1.0M30.0 9.0');
});

test('a scale of nothing draws a flat line', () => {
  expect(sparklinePath({ ...box, max: 0, values: [0, 0] })).toBe('M20.0 9.0L30.0 9.0');
});
