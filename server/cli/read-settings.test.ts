import { expect, it } from 'vitest';
import { readSettings } from './read-settings.ts';

it('reads settings of any part', () => {
  expect(readSettings(undefined)).toBeUndefined();
  expect(readSettings('{"isolation":{"nesting":true}}')).toEqual({ isolation: { nesting: true } });
});

it.each([
  ['{', 'no JSON'],
  ['{"isolation":{"nesting":"maybe"}}', 'isolation.nesting'],
  ['{"command":[]}', 'command'],
  ['[]', 'expected object'],
])('says what is wrong with %j', (text, message) => {
  expect(() => readSettings(text)).toThrow(message);
});
