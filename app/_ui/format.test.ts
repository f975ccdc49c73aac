import { expect, test } from 'vitest';
import {
  clockTime,
  formatBytes,
  formatBytesExact,
  formatBytesWithin,
  formatCores,
  formatDuration,
  formatRelative,
  parseBytes,
  plural,
  shellQuote,
} from './format.ts';

const MIB = 1024 ** 2;

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1 KiB'],
  [1536, '1.5 KiB'],
  [512 * MIB, '512 MiB'],
  [1023.9 * MIB, '1 GiB'],
  [9.96 * MIB, '10 MiB'],
])('%d bytes read %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0, '0'],
  [4 * 1024 * MIB, '4 GiB'],
  [24_684_092 * 1024, '23.54 GiB'],
])('a limit of %d bytes reads %s, never more than it is', (bytes, text) => {
  expect(formatBytesWithin(bytes)).toBe(text);
  expect(parseBytes(text)).toBeLessThanOrEqual(bytes);
});

test.each(['512 MiB', '1.5 GiB', '1000 B', '0', '64 KiB'])('%s is written as it is read', (text) => {
  expect(formatBytesExact(parseBytes(text))).toBe(text);
});

test('sizes are read in every usual spelling, and nonsense is NaN', () => {
  expect(['512M', '512mib', '512 MB', ' 512m '].map(parseBytes)).toEqual(Array(4).fill(512 * MIB));
  expect(['-1', '-5 MiB'].map(parseBytes)).toEqual([-1, -5 * MIB]);
  expect(formatBytesExact(-5 * MIB)).toBe('-5 MiB');
  expect(['', 'much', '--1', '1x', '1.2.3'].map(parseBytes)).toEqual(Array(5).fill(Number.NaN));
});

test.each([
  [0, '0'],
  [0.004, '0'],
  [0.25, '0.25'],
  [1.5, '1.5'],
  [10, '10'],
  [100, '100'],
])('%d cores read %s', (cores, text) => {
  expect(formatCores(cores)).toBe(text);
});

test('durations', () => {
  expect([3, 1234, 59_980, 125_000].map(formatDuration)).toEqual(['3 ms', '1.2 s', '1 min 0 s', '2 min 5 s']);
});

test('relative times, never of the future', () => {
  const since = (seconds: number) => formatRelative(0, seconds * 1000);
  expect([-5, 0, 12, 300, 12_000, 90_000, 400_000].map(since)).toEqual([
    'now',
    'now',
    '12 s',
    '5 min',
    '3 h 20 min',
    '1 d',
    '4 d',
  ]);
});

test('words', () => {
  expect([plural(1, 'guest'), plural(2, 'guest')]).toEqual(['1 guest', '2 guests']);
  expect([shellQuote('a-b/c'), shellQuote("it's"), shellQuote('')]).toEqual(['a-b/c', `'it'\\''s'`, "''"]);
});

test('a time of today is told without its day', () => {
  const at = new Date(2026, 10, 24, 9, 3, 7);
  expect(clockTime(at.toISOString(), at.getTime() + 3_600_000)).toBe('09:03');
  expect(clockTime(at.toISOString(), at.getTime() + 86_400_000)).toBe('2026-11-24 09:03');
});
