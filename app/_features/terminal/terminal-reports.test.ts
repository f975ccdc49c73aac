import { expect, it } from 'vitest';
import { isReport } from './terminal-reports.ts';

it.each([
  '\x1b[?1;2c',
  '\x1b[>0;276;0c',
  '\x1b[24;80R',
  '\x1b[0n',
  '\x1b[?2004;1$y',
  '\x1bP1$r0m\x1b\\',
  '\x1b]11;rgb:0000/0000/0000\x1b\\',
  '\x1b[1;1R\x1b[?1;2c',
])('knows the answer %j', (data) => {
  expect(isReport(data)).toBe(true);
});

it.each([
  'a',
  '\r',
  '\x1b',
  '\x1b[A',
  '\x1bOA',
  '\x1b[1;5C',
  '\x1b[3~',
  '\x1b[200~x\x1b[201~',
  '\x1b[15~',
  '\x1b[Z',
])('takes %j for a key', (data) => {
  expect(isReport(data)).toBe(false);
});
