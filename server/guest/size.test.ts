import { expect, it } from 'vitest';
import { formatSize, parseSize } from './size-schema.ts';

it.each([
  ['512 MiB', 512 * 1024 ** 2],
  ['512M', 512 * 1024 ** 2],
  ['1.5 GiB', 1.5 * 1024 ** 3],
  ['4096', 4096],
  ['10 kb', 10_240],
  ['0 B', 0],
])('reads %s', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

it.each(['', 'lots', '-1 MiB', '1 XiB', '1 2 MiB', '1e9'])('refuses %j', (text) => {
  expect(parseSize(text)).toBeNull();
});

it.each([0, 1, 1000, 1024, 1025, 512 * 1024 ** 2, 1536 * 1024 ** 2, 2 ** 45])(
  'writes %i so that it reads the same',
  (bytes) => {
    expect(parseSize(formatSize(bytes))).toBe(bytes);
  },
);
