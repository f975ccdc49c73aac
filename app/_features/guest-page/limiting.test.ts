import { expect, it } from 'vitest';
import type { GuestUsage } from '../../../server/guest/schema.ts';
import { MORE_LIMITS } from '../../../server/guest/schema.ts';
import { limiting } from './limiting.ts';

const limits = { ...MORE_LIMITS, cpu: 2, memory: 1000, swap: 0, pids: 100 };
const usage: GuestUsage = {
  cpu: 0.5,
  cpuTotalMicros: 0,
  memory: 500,
  swap: null,
  pids: 5,
  networkReceive: null,
  networkTransmit: null,
  ioRead: null,
  ioWrite: null,
  throttled: null,
};

it('names nothing while there is room', () => {
  expect(limiting('running', limits, usage)).toEqual([]);
  expect(limiting('running', limits, { ...usage, cpu: null })).toEqual([]);
  expect(limiting('stopped', limits, null)).toEqual([]);
});

it('names each limit that is reached', () => {
  const found = limiting('running', limits, { ...usage, cpu: 1.99, memory: 990, pids: 100 });
  expect(found.map((one) => one.what)).toEqual(['cpu', 'memory', 'pids']);
});

it('names the freezer alone while frozen', () => {
  expect(limiting('frozen', limits, { ...usage, memory: 990 }).map((one) => one.what)).toEqual(['freezer']);
});
