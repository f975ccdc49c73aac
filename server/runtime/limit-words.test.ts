import { expect, test } from 'vitest';
import { type GuestLimits, MORE_LIMITS } from '../guest/limits-schema.ts';
import { checkQuota, kernelLimits, limitEntries, readBackOf } from './limit-words.ts';

const plain: GuestLimits = { ...MORE_LIMITS, cpu: 0.333, memory: 4096, swap: 0, pids: 9 };
const full: GuestLimits = {
  ...plain,
  cpu: 1.5,
  cpuWeight: 400,
  cpuPeriodMicros: 50_000,
  cpuBurstMicros: 20_000,
  cpuset: '0-1',
  memoryHigh: 2048,
  memoryLow: 1024,
  outOfMemory: 'kill-all',
  ioWeight: 200,
  io: [{ device: '8:0', readBytes: 1_048_576, writeBytes: null, readOps: null, writeOps: 100 }],
  hugepages: [{ size: '2MB', bytes: 4_194_304 }],
  networkReceive: 1000,
  networkTransmit: 2000,
  networkPriority: 6,
};

test('a spec has the four limits, and of the rest what is not as in a new group', () => {
  expect(limitEntries(plain)).toEqual([
    ['cpu_micros', '33300'],
    ['memory_bytes', '4096'],
    ['swap_bytes', '0'],
    ['pids', '9'],
  ]);
  expect(Object.fromEntries(limitEntries(full))).toEqual({
    cpu_micros: '75000',
    memory_bytes: '4096',
    swap_bytes: '0',
    pids: '9',
    cpu_period_micros: '50000',
    cpu_burst_micros: '20000',
    cpu_weight: '400',
    cpuset: '0-1',
    memory_high_bytes: '2048',
    memory_low_bytes: '1024',
    out_of_memory: 'kill-all',
    io_weight: '200',
    io_max: '8:0 rbps=1048576 wbps=max riops=max wiops=100',
    hugetlb: '2MB 4194304',
    network_receive_bytes: '1000',
    network_transmit_bytes: '2000',
    network_priority: '6',
  });
});

test('what the kernel reads back is what was asked for when it took all', () => {
  for (const limits of [plain, full]) {
    const rates = { receive: limits.networkReceive, transmit: limits.networkTransmit };
    expect(readBackOf(limits, kernelLimits(limits), rates)).toEqual(limits);
  }
});

test('where the kernel has another value, that is told', () => {
  const read = { ...kernelLimits(full), cpuMicros: 50_000, memoryHigh: 0, ioMax: [], cpuset: null };
  expect(readBackOf(full, read, null)).toMatchObject({
    cpu: 1,
    memoryHigh: 0,
    io: [],
    cpuset: null,
    networkReceive: null,
  });
});

test('what the host has not stands as it was wanted', () => {
  const read = { ...kernelLimits(full), cpuMicros: null, cpuWeight: null, memoryLow: null, pids: null };
  expect(readBackOf(full, read, null)).toMatchObject({ cpu: 1.5, cpuWeight: 400, memoryLow: 1024, pids: 9 });
});

test('a quota or burst that the kernel would refuse names the field and what would be right', () => {
  expect(() => checkQuota({ ...plain, cpu: 0.01, cpuPeriodMicros: 50_000 })).toThrow(
    'make the period 100000 µs or longer',
  );
  expect(() => checkQuota({ ...plain, cpu: 0.01 })).not.toThrow();
  expect(() => checkQuota({ ...full, cpuBurstMicros: 75_001 })).toThrow('at most 75000');
  expect(() => checkQuota({ ...full, cpuBurstMicros: 75_000 })).not.toThrow();
});
