import { expect, test } from 'vitest';
import { measurePassword } from './password-strength.ts';

test.each([
  ['short', 0],
  ['aaaaaaaaaaaaaaaa', 1],
  ['xadaleyx-9931', 1],
  ['password123456', 1],
  ['horse battery', 2],
  ['horse battery st', 3],
  ['correct horse battery staple', 4],
])('%j is level %d', (password, level) => {
  expect(measurePassword(password, 'adaley').level).toBe(level);
});
