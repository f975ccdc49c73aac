import { expect, test } from 'vitest';
import type { GuestEffects } from '../../../server/guest/effects-schema.ts';
import { effectsOf } from './effects-since.ts';

const start: GuestEffects = {
  at: '2026-11-24T00:00:00.000Z',
  throttledMicros: 1_000_000,
  throttledPeriods: 10,
  periods: 100,
  memoryHigh: null,
  memoryMax: 2,
  oomKills: 0,
  memoryPeak: 1024 ** 2,
  reclaimed: 5,
  refusedForks: 1,
  cpuPressure: 0.25,
  memoryPressure: null,
  ioPressure: 0,
};

test('tells what came since the base, not what was before', () => {
  const now = { ...start, throttledMicros: 3_500_000, throttledPeriods: 30, periods: 150, refusedForks: 4 };
  expect(effectsOf('cpu', now, start)[0]).toEqual({
    name: 'Held back',
    text: '2.5 s, in 20 of 50 periods',
    hurts: true,
  });
  expect(effectsOf('pids', now, start)).toEqual([{ name: 'Refused forks', text: '3 times', hurts: true }]);
  expect(effectsOf('pids', start, start)[0]).toMatchObject({ text: 'none', hurts: false });
});

test('without a base, and after a new start, counts from the start', () => {
  expect(effectsOf('pids', start, null)[0]?.text).toBe('1 time');
  expect(effectsOf('pids', { ...start, refusedForks: 0 }, start)[0]?.text).toBe('none');
});

test('says what the host does not tell', () => {
  const texts = effectsOf('memory', start, null).map(({ name, text }) => `${name}: ${text}`);
  expect(texts).toContain('Slowed down: not told here');
  expect(texts).toContain('Limit reached: 2 times');
  expect(texts).toContain('Most ever: 1 MiB');
});
