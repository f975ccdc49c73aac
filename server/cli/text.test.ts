import { describe, expect, test } from 'vitest';
import { nearest } from '../errors/nearest.ts';
import { harmless } from './clean-text.ts';
import { exitStatusOf } from './exit-status.ts';
import { paintFor } from './paint.ts';
import { formatPairs, formatTable } from './table.ts';
import { formatAgo, formatBytes, formatDuration, parseBytes, parseDuration, parseNumber } from './units.ts';

describe('units', () => {
  test.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [1536, '1.5 KiB'],
    [1024 * 1024 - 1, '1 MiB'],
    [512 * 1024 ** 2, '512 MiB'],
    [1.5 * 1024 ** 3, '1.5 GiB'],
  ])('%i bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  test.each([
    ['512MiB', 512 * 1024 ** 2],
    ['512m', 512 * 1024 ** 2],
    ['1.5 GiB', 1.5 * 1024 ** 3],
    ['0', 0],
    ['4096', 4096],
  ])('%s is a size', (text, bytes) => expect(parseBytes(text, '--memory')).toBe(bytes));

  test.each(['', '-1', '1XB', 'MiB', '1e9', '0x10', 'NaN'])('%j is no size', (text) => {
    expect(() => parseBytes(text, '--memory')).toThrow(
      `--memory is ${JSON.stringify(text)}: give a size such as 512MiB or 2GiB`,
    );
  });

  test('numbers and times are decimal', () => {
    expect(parseNumber('1.5', '--cpu', '1.5')).toBe(1.5);
    expect(() => parseNumber('-1', '--cpu', '1.5')).toThrow('--cpu is "-1"');
    expect([parseDuration('30', '-t'), parseDuration('500ms', '-t'), parseDuration('2m', '-t')]).toEqual([
      30_000, 500, 120_000,
    ]);
    expect(() => parseDuration('soon', '--timeout')).toThrow('--timeout is "soon"');
    expect([formatDuration(84), formatDuration(1240), formatDuration(185_000)]).toEqual([
      '84 ms',
      '1.2 s',
      '3 min 5 s',
    ]);
  });

  test('times are told from now', () => {
    const now = Date.parse('2026-01-02T00:00:00Z');
    expect(formatAgo('2026-01-01T23:59:58Z', now)).toBe('now');
    expect(formatAgo('2026-01-01T23:59:00Z', now)).toBe('1 minute ago');
    expect(formatAgo('2025-12-30T00:00:00Z', now)).toBe('3 days ago');
    // A clock that is behind does not tell of the future.
    expect(formatAgo('2026-01-03T00:00:00Z', now)).toBe('now');
  });
});

describe('tables', () => {
  test('are aligned whatever colours are in them, and have no spaces at the ends', () => {
    const paint = paintFor({ isTty: true, noColor: false, dumb: false });
    const table = formatTable(
      [{ title: 'NAME' }, { title: 'SIZE', align: 'right' }, { title: 'X' }],
      [
        [paint('bold', 'a'), '1', ''],
        ['longer', '1024', 'y'],
      ],
    );
    expect(table.split('\n')).toEqual([
      'NAME    SIZE  X',
      '\u001b[1ma\u001b[22m          1',
      'longer  1024  y',
    ]);
    expect(
      formatPairs([
        ['a', '1'],
        ['long', ''],
      ]),
    ).toBe('a     1\nlong');
  });

  test('have no colours where NO_COLOR is set, or no terminal is', () => {
    expect(paintFor({ isTty: true, noColor: true, dumb: false })('red', 'x')).toBe('x');
    expect(paintFor({ isTty: false, noColor: false, dumb: false })('red', 'x')).toBe('x');
  });

  test('what others wrote cannot steer the terminal', () => {
    expect(harmless('a\u001b]0;title\u0007b\u001b[2Jc\r\nd\u009b31m\u0000')).toBe('abcd');
    expect(harmless('grün ✓')).toBe('grün ✓');
  });
});

describe('the nearest word', () => {
  test.each([
    ['strat', 'start'],
    ['stpo', 'stop'],
    ['unfreze', 'unfreeze'],
    ['RESTART', 'restart'],
    ['xyzzy', null],
    ['l', null],
  ])('of %s is %s', (typed, meant) => {
    expect(nearest(typed, ['start', 'stop', 'restart', 'freeze', 'unfreeze', 'console'])).toBe(meant);
  });
});

test('an end by a signal is 128 and its number', () => {
  expect(exitStatusOf({ status: 7, signal: null })).toBe(7);
  expect(exitStatusOf({ status: null, signal: 'SIGKILL' })).toBe(137);
  expect(exitStatusOf({ status: null, signal: 'SIGRTMIN+3' })).toBe(128);
});
