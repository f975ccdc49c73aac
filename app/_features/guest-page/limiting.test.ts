import { expect, it } from 'vitest';
import type { GuestLimits, GuestUsage } from '../../../server/guest/schema.ts';
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

const MIB = 1024 ** 2;
function at(over: Partial<GuestUsage>, limited: Partial<GuestLimits> = {}) {
  return limiting({
    state: 'running',
    limits: { ...limits, ...limited },
    usage: { ...usage, ...over },
    waitingForMemory: false,
  });
}

it('names nothing while there is room', () => {
  expect(at({})).toEqual([]);
  expect(at({ cpu: null, throttled: 0.001 })).toEqual([]);
  expect(limiting({ state: 'stopped', limits, usage: null, waitingForMemory: false })).toEqual([]);
});

it('names each limit that is reached', () => {
  const found = at({ cpu: 1.99, memory: 990, pids: 100 });
  expect(found.map((one) => one.what)).toEqual(['cpu', 'memory', 'pids']);
});

it('says how much of the time it was held back, also below its quota', () => {
  expect(at({ cpu: 1.2, throttled: 0.34 })[0]?.message).toContain('34 % of the last second');
});

it('names rates of network and disk, and memory that is slowed', () => {
  const rates = { networkReceive: MIB, networkTransmit: MIB };
  expect(at({ networkReceive: MIB, networkTransmit: 5 }, rates).map((one) => one.message)).toEqual([
    'network: receiving 1 MiB/s of 1 MiB/s',
  ]);
  const io = [{ device: '8:0', readBytes: null, writeBytes: MIB, readOps: null, writeOps: null }];
  expect(at({ ioWrite: MIB, ioRead: MIB }, { io }).map((one) => one.what)).toEqual(['io']);
  expect(at({ memory: 800 }, { memoryHigh: 700 })[0]?.message).toContain('slowed down');
});

it('names the freezer alone while frozen, and memory alone while it waits for some', () => {
  const frozen = { state: 'frozen' as const, limits, usage: { ...usage, memory: 990 } };
  expect(limiting({ ...frozen, waitingForMemory: false }).map((one) => one.what)).toEqual(['freezer']);
  expect(limiting({ ...frozen, waitingForMemory: true }).map((one) => one.what)).toEqual(['memory']);
});
