import { expect, test } from 'vitest';
import { safeNext } from './safe-next.ts';

test.each([
  ['/guests/web?tab=1#x', '/guests/web?tab=1#x'],
  [null, '/guests'],
  ['', '/guests'],
  ['//evil.example', '/guests'],
  ['/\\evil.example', '/guests'],
  ['https://evil.example', '/guests'],
  ['javascript:alert(1)', '/guests'],
  ['/\t/evil.example', '/guests'],
])('%j leads to %s', (next, to) => {
  expect(safeNext(next)).toBe(to);
});
