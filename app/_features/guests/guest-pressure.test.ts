import { expect, test } from 'vitest';
import type { GuestUsage } from '../../../server/guest/schema.ts';
import { guestPressure } from './guest-pressure.ts';
import { testGuest } from './test-guest.ts';

const limits = { ...testGuest('a').limits, cpu: 2, memory: 1000, pids: 100 };
const idle = { ...testGuest('a').usage, cpu: 0, memory: 0, pids: 0, throttled: 0 } as GuestUsage;

test.each<[string, Partial<GuestUsage>, string]>([
  ['what it has most of', { memory: 100, pids: 3 }, 'memory 10 % low'],
  ['full use of the CPU alone is none', { cpu: 2, memory: 20 }, 'memory 2 % low'],
  ['time in which it is held back', { cpu: 2, throttled: 0.3, memory: 600 }, 'cpu held back 30 % high'],
  ['a little of that', { throttled: 0.06, memory: 600 }, 'cpu held back 6 % some'],
  ['less of it than anybody feels', { throttled: 0.01, memory: 600 }, 'memory 60 % low'],
  ['near a limit', { memory: 700 }, 'memory 70 % some'],
  ['at a limit', { memory: 800, pids: 95 }, 'processes 95 % high'],
  ['use, where nothing more is told', { cpu: 1.9, throttled: null }, 'cpu 95 % high'],
  ['nothing known of the CPU', { cpu: null, throttled: null, memory: 10 }, 'memory 1 % low'],
])('%s', (_what, over, expected) => {
  const found = guestPressure({ limits, usage: { ...idle, ...over }, waitingForMemory: false });
  expect(found && `${found.words} ${found.level}`).toBe(expected);
});

test('one that stands still for want of memory is pressed hard, one that does not run by nothing', () => {
  expect(guestPressure({ limits, usage: idle, waitingForMemory: true })).toMatchObject({
    ...{ level: 'high', words: 'waits for memory' },
  });
  expect(guestPressure({ limits, usage: null, waitingForMemory: false })).toBeNull();
});
