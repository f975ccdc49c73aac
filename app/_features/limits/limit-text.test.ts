import { expect, test } from 'vitest';
import { MORE_LIMITS } from '../../../server/guest/limits-schema.ts';
import { changedKeys, formatMicros, LIMIT_KEYS, limitText, parseMicros, pickLimits } from './limit-text.ts';

const MIB = 1024 ** 2;
const limits = { ...MORE_LIMITS, cpu: 1, memory: 512 * MIB, swap: 0, pids: 512 };

test.each([
  [100_000, '100 ms'],
  [2500, '2.5 ms'],
  [750, '750 µs'],
  [1_000_000, '1 s'],
  [0, '0'],
])('%d µs are %s, and read back', (micros, text) => {
  expect(formatMicros(micros)).toBe(text);
  expect(parseMicros(text)).toBe(micros);
});

test('a bare number is milliseconds, and what is no time is none', () => {
  expect(parseMicros('20')).toBe(20_000);
  expect(parseMicros('750us')).toBe(750);
  expect(parseMicros('soon')).toBeNaN();
  expect(parseMicros('-5ms')).toBeNaN();
});

test('names what differs, and sends just that', () => {
  const io = [{ device: '8:0', readBytes: 10 * MIB, writeBytes: null, readOps: null, writeOps: 100 }];
  const after = { ...limits, memory: 768 * MIB, io };
  expect(changedKeys(limits, { ...limits, io: [] })).toEqual([]);
  expect(changedKeys(limits, after)).toEqual(['memory', 'io']);
  expect(pickLimits(after, ['memory'])).toEqual({ memory: 768 * MIB });
  expect(limitText('memory', after)).toBe('768 MiB');
  expect(limitText('io', after)).toBe('8:0: read 10 MiB/s, write 100 ops/s');
});

test('every limit reads as words, set or not', () => {
  for (const key of LIMIT_KEYS) expect(limitText(key, limits)).not.toBe('');
  expect(limitText('networkReceive', limits)).toBe('unlimited');
  expect(limitText('networkReceive', { ...limits, networkReceive: MIB })).toBe('1 MiB/s');
  expect(limitText('memory', { ...limits, memory: Number.NaN })).toBe('no number');
});
