import { expect, test } from 'vitest';
import { readSorts, sortAlso, sortText } from './sort-keys.ts';

test.each([
  ['', 'name'],
  ['-', 'name'],
  ['-memory', '-memory'],
  ['-state,,name', '-state,name'],
  ['field:cost,-name', 'field:cost,-name'],
])('%o is read as %s', (text, order) => {
  expect(sortText(readSorts(text))).toBe(order);
});

test('a head that is pressed with Shift comes behind, is turned round, then goes', () => {
  const press = (text: string, column: string) => sortText(sortAlso(readSorts(text), column));
  expect(press('-state', 'name')).toBe('-state,name');
  expect(press('-state,name', 'name')).toBe('-state,-name');
  expect(press('-state,-name', 'name')).toBe('-state');
  expect(press('-state,name', 'state')).toBe('name');
  expect(press('-state', 'state')).toBe('state');
  const full = `${'a'.repeat(190)},memory`;
  expect(press(full, 'created')).toBe(full);
});
