import { expect, test } from 'vitest';
import { AppError } from '../errors/app-error.ts';
import { checkLimits } from './check-limits.ts';
import { defaultLimits } from './limits.ts';
import type { GuestLimits } from './schema.ts';

const MiB = 1024 ** 2;
const GiB = 1024 * MiB;
const bounds = { cpu: 4, memory: 8 * GiB, swap: 0, pids: 32_768 };
const host = {
  bounds,
  parts: { cpus: new Set([0, 1, 3]), hugepages: new Map([['2MB', 2 * MiB]]) },
};
const defaults = defaultLimits('system', bounds);
const disk = { device: '8:0', readBytes: MiB, writeBytes: null, readOps: null, writeOps: null };

function check(given: Partial<GuestLimits>, before: GuestLimits = defaults): void {
  checkLimits({ given, limits: { ...before, ...given } }, host);
}

function refusal(given: Partial<GuestLimits>, before?: GuestLimits): AppError {
  try {
    check(given, before);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

test.each([
  [{ memory: bounds.memory, cpu: 4, pids: 32_768 }],
  [{ cpuset: '0-1,3', cpuWeight: 1, cpuPeriodMicros: 1000, cpu: 1 }],
  [{ cpu: 0.01, cpuBurstMicros: 1000 }],
  [{ memoryHigh: 512 * MiB, memoryLow: 512 * MiB }],
  [{ io: [disk, { ...disk, device: '8:16' }], hugepages: [{ size: '2MB', bytes: 4 * MiB }] }],
])('%o is right', (given) => {
  expect(() => check(given)).not.toThrow();
});

test.each([
  [{ memory: 16 * GiB }, 'memory', 'memory of 16 GiB is more than this host has: choose 4 MiB to 8 GiB'],
  [{ memory: 0 }, 'memory', 'memory of 0 B is too little: choose 4 MiB to 8 GiB'],
  [{ memory: -1 }, 'memory', 'memory of -1 B is too little: choose 4 MiB to 8 GiB'],
  [{ cpu: 64 }, 'cpu', 'cpu of 64 cores is more than this host has: choose 0.01 cores to 4 cores'],
  [{ cpu: Number.NaN }, 'cpu', 'cpu of NaN cores is too little: choose 0.01 cores to 4 cores'],
  [{ pids: 0 }, 'pids', 'pids of 0 is too little: choose 1 to 32768'],
  [{ swap: 1024 }, 'swap', 'swap of 1 KiB is more than this host has: it has no swap at all, so 0'],
  [
    { cpu: 0.5, cpuPeriodMicros: 1000 },
    'cpuPeriodMicros',
    '0.5 cores in periods of 1000 µs are 500 µs each, less than the 1000 that the kernel takes: choose periods of 2000 µs or more',
  ],
  [
    { cpuBurstMicros: 100_001 },
    'cpuBurstMicros',
    'cpuBurstMicros of 100001 is more than the quota of one period: choose at most 100000',
  ],
  [
    { cpuset: '0,2,4-6' },
    'cpuset',
    'cpuset 0,2,4-6 names CPUs that this host does not have (2,4-6): choose among 0-1,3',
  ],
  [{ cpuset: '3-0' }, 'cpuset', 'cpuset 3-0 names no CPU: ranges count upwards: choose among 0-1,3'],
  [{ memoryHigh: GiB }, 'memoryHigh', 'memoryHigh of 1 GiB is more than memory of 512 MiB: choose less'],
  [
    { memoryLow: 2 * MiB, memoryHigh: MiB },
    'memoryLow',
    'memoryLow of 2 MiB is more than memoryHigh of 1 MiB: what is spared would be reclaimed',
  ],
])('%o is refused on its field', (given, name, message) => {
  const error = refusal(given);
  expect(error.code).toBe('bad_input');
  expect(error.field).toEqual(['limits', name]);
  expect(error.message).toBe(message);
});

test('what no longer goes with what was set before is refused on what is given now', () => {
  expect(refusal({ memory: 64 * MiB }, { ...defaults, memoryHigh: 100 * MiB }).field).toEqual([
    'limits',
    'memory',
  ]);
  expect(refusal({ cpu: 0.1 }, { ...defaults, cpuBurstMicros: 50_000 }).field).toEqual(['limits', 'cpu']);
  // What was wrong before and is not touched is nobody's fault now.
  expect(() => check({ pids: 5 }, { ...defaults, cpuset: '7', memoryLow: GiB })).not.toThrow();
});

test.each([
  [{ io: [disk, disk] }, ['limits', 'io', 1, 'device'], /8:0 has limits twice/],
  [{ io: [{ ...disk, readBytes: null }] }, ['limits', 'io', 0, 'device'], /8:0 has no limit/],
  [
    { hugepages: [{ size: '1GB', bytes: 0 }] },
    ['limits', 'hugepages', 0, 'size'],
    /no huge pages of 1GB: it has 2MB/,
  ],
  [
    { hugepages: [{ size: '2MB', bytes: 3 * MiB }] },
    ['limits', 'hugepages', 0, 'bytes'],
    /3 MiB are no whole pages of 2MB: choose 4 MiB/,
  ],
  [
    { hugepages: [0, 2 * MiB].map((bytes) => ({ size: '2MB', bytes })) },
    ['limits', 'hugepages', 1, 'size'],
    /limited twice/,
  ],
])('%o is refused on its part', (given, field, message) => {
  const error = refusal(given);
  expect(error.field).toEqual(field);
  expect(error.message).toMatch(message);
});
