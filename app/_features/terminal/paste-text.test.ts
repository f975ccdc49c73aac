import { expect, it } from 'vitest';
import { mustAsk, preparePaste } from './paste-text.ts';

it('takes the means to escape a bracketed paste away, and says how many there were', () => {
  expect(preparePaste('echo a\x1b[201~\nrm -rf /\n')).toEqual({
    ...{ text: 'echo a[201~\nrm -rf /', lines: 2, controls: 1, hadEnd: true },
  });
  expect(preparePaste('a\x03b\x9b201~c\x7f\0d')).toMatchObject({ text: 'ab201~cd', controls: 4 });
});

it('keeps tabs, line ends within and every printable character', () => {
  expect(preparePaste('a\tb\r\nc\rd é 漢 🙂').text).toBe('a\tb\nc\nd é 漢 🙂');
});

it('leaves Enter to the person, and says so', () => {
  expect(preparePaste('ls\n')).toMatchObject({ text: 'ls', hadEnd: true });
  expect(preparePaste('ls\r\n\r\n')).toMatchObject({ text: 'ls', hadEnd: true });
  expect(preparePaste('ls')).toMatchObject({ text: 'ls', hadEnd: false });
});

it('asks about two lines, not about one with an end', () => {
  expect(mustAsk(preparePaste(''))).toBe(false);
  expect(mustAsk(preparePaste('one\n'))).toBe(false);
  expect(mustAsk(preparePaste('one\ntwo'))).toBe(true);
  expect(mustAsk(preparePaste('one\rtwo'))).toBe(true);
});
