import { expect, test } from 'vitest';
import { timeOf } from './audit-verbs.ts';

test.each([
  ['2026-01-31', '2026-01-31T00:00:00.000Z'],
  ['2026-01-31T10:20:00Z', '2026-01-31T10:20:00.000Z'],
])('%s is %s', (given, time) => {
  expect(timeOf(given)).toBe(time);
});

test('an age is so long ago', () => {
  const ago = Date.now() - Date.parse(timeOf('90d'));
  expect(Math.abs(ago - 90 * 86_400_000)).toBeLessThan(10_000);
});

test.each([undefined, '', '90', '90 d', '-1d', '2026', '2026-13-01', 'yesterday'])(
  '%s is refused',
  (given) => {
    expect(() => timeOf(given)).toThrow('say how old with --before');
  },
);
