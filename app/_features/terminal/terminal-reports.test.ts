import { expect, it } from 'vitest';
import { isReport, mayBeSent } from './terminal-reports.ts';

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

it.each([
  ...[
    'a',
    '\r',
    '\x03',
    '\x1b',
    '\x1b[A',
    '\x1bOP',
    '\x1b[1;5C',
    '\x1b[3~',
    '\x1b[15;2~',
    '\x1b[Z',
    '\x1bx',
    '\x1b[1;2R',
  ],
  ...[
    '\x1bP',
    '\x1b]',
    '\x1b^',
    '\x1b[200~a\nb\x1b[201~',
    '\x1b[<0;3;4M',
    '\x1b[M !!',
    '\x1b[I',
    '\x1b[O',
    'ä',
    '漢',
  ],
  ...[
    '\x1b[?1;2c',
    '\x1b[>0;276;0c',
    '\x1b[0n',
    '\x1b[24;80R',
    '\x1b[?24;80R',
    '\x1b[?2004;1$y',
    '\x1b[?997;1n',
  ],
  ...[
    '\x1bP1$r0m\x1b\\',
    '\x1bP1$r2 q\x1b\\',
    '\x1bP0$r\x1b\\',
    '\x1bP1$r61;1"p\x1b\\',
    '\x1b]11;rgb:0e0e/1010/1313\x1b\\',
  ],
  ...['\x1b]4;1;rgb:ffff/0000/0000\x07', '\x1b[1;1R\x1b[?1;2c'],
])('lets %j through', (data) => {
  expect(mayBeSent(data)).toBe(true);
});

it.each([
  ['a title that comes back (CSI 21 t)', '\x1b]lrm -rf /\x1b\\'],
  ['an icon name', '\x1b]Lid\x1b\\'],
  ['a title by its number', '\x1b]2;id\x07'],
  ['the size of the window', '\x1b[8;24;80t'],
  ['DECRQSS that gives the question back', '\x1bP0$rid\n\x1b\\'],
  ['the clipboard', '\x1b]52;c;aWQ=\x1b\\'],
  ['a colour that is a word', '\x1b]11;id\x1b\\'],
  ['the version', '\x1bP>|xterm.js(6.0.0)\x1b\\'],
  ['a checksum of the screen', '\x1bP1!~ABCD\x1b\\'],
  ['a string of the terminal’s own', '\x1bP+r436f\x1b\\'],
  ['an application’s string', '\x1b_Gi=1;OK\x1b\\'],
  ['an allowed answer and another', '\x1b[0n\x1b]lid\x1b\\'],
  ['text after an answer', '\x1b[?1;2cid\r'],
  ['the same in eight bits', '\x9dlid\x9c'],
])('sends no %s', (_what, data) => {
  expect(mayBeSent(data)).toBe(false);
});
