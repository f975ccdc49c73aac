import { expect, test } from 'vitest';
import { moveFocus } from './table-keys.ts';

const size = { last: 99, page: 20 };

test.each([
  ['ArrowDown', 5, 6],
  ['ArrowUp', 0, 0],
  ['ArrowDown', 99, 99],
  ['PageDown', 90, 99],
  ['PageUp', 30, 10],
  ['Home', 50, 0],
  ['End', 50, 99],
  ['x', 5, null],
  ['constructor', 5, null],
])('%s at %d goes to %s', (key, from, to) => {
  expect(moveFocus(key, from, size)).toBe(to);
});
