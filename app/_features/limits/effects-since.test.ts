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

const NO_REASON = { pressure: null, memoryHigh: null };

test('tells what came since the base, not what was before', () => {
  const now = { ...start, throttledMicros: 3_500_000, throttledPeriods: 30, periods: 150, refusedForks: 4 };
  expect(effectsOf('cpu', now, start, NO_REASON)[0]).toEqual({
    name: 'Held back',
    text: '2.5 s, in 20 of 50 periods',
    hurts: true,
  });
  expect(effectsOf('pids', now, start, NO_REASON)).toEqual([
    { name: 'Refused forks', text: '3 times', hurts: true },
  ]);
  expect(effectsOf('pids', start, start, NO_REASON)[0]).toMatchObject({ text: 'none', hurts: false });
});

test('without a base, and after a new start, counts from the start', () => {
  expect(effectsOf('pids', start, null, NO_REASON)[0]?.text).toBe('1 time');
  expect(effectsOf('pids', { ...start, refusedForks: 0 }, start, NO_REASON)[0]?.text).toBe('none');
});

test('says what the host does not tell, and why', () => {
  const texts = effectsOf('memory', start, null, NO_REASON).map(({ name, text }) => `${name}: ${text}`);
  expect(texts).toContain('Slowed down: not on this host');
  expect(texts).toContain('Limit reached: 2 times');
  expect(texts).toContain('Most ever: 1 MiB');
  const why = { pressure: 'PSI is off', memoryHigh: 'v1 has no memory.high' };
  const reasons = effectsOf('memory', start, null, why).flatMap(({ name, reason }) =>
    reason ? [`${name}: ${reason}`] : [],
  );
  expect(reasons).toEqual(['Slowed down: v1 has no memory.high', 'Waiting, last 10 s: PSI is off']);
  const uncounted = effectsOf('pids', { ...start, refusedForks: null }, null, why);
  expect(uncounted[0]?.reason).toBe('the kernel of this host does not count it');
});
