import { expect, test } from 'vitest';
import { freeName } from './guest-name.ts';
import { guestName } from './schema.ts';

test('makes names of two words that are valid host names', () => {
  for (let at = 0; at < 200; at++) {
    const name = freeName(() => false);
    expect(guestName.parse(name)).toBe(name);
    expect(name).toMatch(/^[a-z]+-[a-z]+$/);
  }
});

test('never gives a name that is taken, even when every pair is', () => {
  const taken = new Set(['able-albatross', 'able-albatross-2']);
  expect(
    freeName(
      (name) => taken.has(name),
      () => 0,
    ),
  ).toBe('able-albatross-3');
});

test('tries another pair first', () => {
  const rolls = [0, 0, 1, 1];
  expect(
    freeName(
      (name) => name === 'able-albatross',
      () => rolls.shift() ?? 0,
    ),
  ).toBe('bold-anchovy');
});
