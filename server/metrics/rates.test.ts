import { expect, test } from 'vitest';
import { type Sample, usageOf } from './rates.ts';

const raw = {
  cpuTotalMicros: 1_000_000,
  memory: 4096,
  swap: null,
  pids: 3,
  networkReceiveBytes: 1000,
  networkTransmitBytes: 500,
  ioReadBytes: 0,
  ioWriteBytes: null,
  throttledMicros: 100_000,
};
const first: Sample = { run: '42', clockMs: 10_000, raw };
const second: Sample = {
  run: '42',
  clockMs: 12_000,
  raw: {
    ...raw,
    cpuTotalMicros: 4_000_000,
    networkReceiveBytes: 3000,
    networkTransmitBytes: null,
    ioReadBytes: 8192,
    ioWriteBytes: null,
    throttledMicros: 600_000,
  },
};

test('the first sample has no rates', () => {
  expect(usageOf(first, undefined)).toEqual({
    cpu: null,
    cpuTotalMicros: 1_000_000,
    memory: 4096,
    swap: null,
    pids: 3,
    networkReceive: null,
    networkTransmit: null,
    ioRead: null,
    ioWrite: null,
    throttled: null,
  });
});

test('rates are per second of the clock, whatever the interval was', () => {
  expect(usageOf(second, first)).toMatchObject({
    cpu: 1.5,
    networkReceive: 1000,
    networkTransmit: null,
    ioRead: 4096,
    ioWrite: null,
    throttled: 0.25,
  });
});

test('another run, a counter that went back and a clock that stood still give no rate', () => {
  expect(usageOf({ ...second, run: '43' }, first).cpu).toBeNull();
  expect(usageOf({ ...second, raw: { ...raw, cpuTotalMicros: 5 } }, first).cpu).toBeNull();
  expect(usageOf({ ...second, clockMs: first.clockMs }, first).cpu).toBeNull();
});
