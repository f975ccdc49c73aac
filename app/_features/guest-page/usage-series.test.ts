import { expect, it } from 'vitest';
import type { GuestUsage } from '../../../server/guest/schema.ts';
import { EMPTY_SERIES, joinHistory, SAMPLES, withSample } from './usage-series.ts';

function usage(cpu: number): GuestUsage {
  return {
    cpu,
    cpuTotalMicros: 0,
    memory: 1,
    swap: null,
    pids: 1,
    networkReceive: 0,
    networkTransmit: 0,
    ioRead: null,
    ioWrite: null,
    throttled: null,
  };
}

it('keeps one sample a second, the newer one, in order', () => {
  let history = withSample(EMPTY_SERIES, 10.2, usage(1));
  history = withSample(history, 10.9, usage(2));
  history = withSample(history, 11, usage(3));
  history = withSample(history, 9, usage(4));
  expect(history.at).toEqual([10, 11]);
  expect(history.cpu).toEqual([2, 3]);
});

it('forgets what is older than ten minutes', () => {
  let history = EMPTY_SERIES;
  for (let at = 0; at < SAMPLES + 5; at++) history = withSample(history, at, usage(at));
  expect(history.at).toHaveLength(SAMPLES);
  expect(history.cpu[0]).toBe(5);
});

it('joins what was remembered with what was seen, without a second twice', () => {
  const remembered = withSample(withSample(EMPTY_SERIES, 1, usage(1)), 2, usage(2));
  const seen = withSample(withSample(EMPTY_SERIES, 2, usage(20)), 3, usage(3));
  expect(joinHistory(remembered, seen).cpu).toEqual([1, 2, 3]);
  expect(joinHistory(remembered, EMPTY_SERIES)).toEqual(remembered);
});

it('begins a column that was not remembered with what was seen', () => {
  const { ioRead: _none, ...remembered } = withSample(EMPTY_SERIES, 1, usage(1));
  const seen = withSample(EMPTY_SERIES, 2, { ...usage(2), ioRead: 5 });
  expect(joinHistory(remembered as typeof seen, seen).ioRead).toEqual([null, 5]);
});
