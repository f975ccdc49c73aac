import { expect, it } from 'vitest';
import { cleanPaste, countLines } from './paste-text.ts';

it('takes the means to escape a bracketed paste away', () => {
  expect(cleanPaste('echo a\x1b[201~\nrm -rf /\n')).toBe('echo a[201~\nrm -rf /\n');
  expect(cleanPaste('a\x03b\x9b201~c\x7f\0d')).toBe('ab201~cd');
});

it('keeps tabs, line ends and every printable character', () => {
  expect(cleanPaste('a\tb\r\nc\nd é 漢 🙂')).toBe('a\tb\nc\nd é 漢 🙂');
});

it('counts lines as a shell would', () => {
  expect(countLines('')).toBe(1);
  expect(countLines('one\n')).toBe(1);
  expect(countLines('one\ntwo')).toBe(2);
  expect(countLines('one\ntwo\n\n')).toBe(3);
});
