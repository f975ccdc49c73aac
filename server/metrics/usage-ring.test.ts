import { expect, test } from 'vitest';
import { RING_SAMPLES, UsageRing } from './usage-ring.ts';

const usage = {
  cpu: null,
  cpuTotalMicros: 0,
  memory: 1,
  swap: null,
  pids: 1,
  networkReceive: 0,
  networkTransmit: null,
  ioRead: null,
  ioWrite: 4096,
  throttled: 0.25,
};

test('is empty at first', () => {
  expect(new UsageRing().history()).toEqual({
    at: [],
    cpu: [],
    memory: [],
    pids: [],
    networkReceive: [],
    networkTransmit: [],
    ioRead: [],
    ioWrite: [],
    throttled: [],
  });
});

test('keeps unknown values apart from zero', () => {
  const ring = new UsageRing();
  ring.push(1, usage);
  expect(ring.history()).toEqual({
    at: [1],
    cpu: [null],
    memory: [1],
    pids: [1],
    networkReceive: [0],
    networkTransmit: [null],
    ioRead: [null],
    ioWrite: [4096],
    throttled: [0.25],
  });
});

test('keeps the newest ten minutes, oldest first', () => {
  const ring = new UsageRing();
  for (let second = 0; second < RING_SAMPLES + 5; second++) ring.push(second, { ...usage, memory: second });
  const { at, memory } = ring.history();
  expect(at).toHaveLength(RING_SAMPLES);
  expect([at[0], at.at(-1)]).toEqual([5, RING_SAMPLES + 4]);
  expect(memory).toEqual(at);
});
