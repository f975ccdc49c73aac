import { expect, test } from 'vitest';
import { MORE_LIMITS } from '../../../server/guest/limits-schema.ts';
import { findLimitProblems } from './limit-problems.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const limits = { ...MORE_LIMITS, cpu: 1, memory: 512 * MIB, swap: 0, pids: 512 };
const bounds = { cpu: 2, memory: 4 * GIB, swap: 0, pids: 1000 };

test('nothing is wrong with what was not changed', () => {
  expect(findLimitProblems({ ...limits, cpu: 99 }, [], bounds)).toEqual({});
  expect(findLimitProblems(limits, ['cpu', 'memory', 'io'], bounds)).toEqual({});
});

test('each wrong value is told at its own field, with what would be right', () => {
  const wrong = {
    ...limits,
    cpu: 3,
    memory: Number.NaN,
    swap: MIB,
    pids: 0,
    cpuWeight: 20_000,
    cpuset: '0-',
  };
  const problems = findLimitProblems(wrong, ['cpu', 'memory', 'swap', 'pids', 'cpuWeight', 'cpuset'], bounds);
  expect(problems.cpu).toBe('more than this host has: at most 2 cores');
  expect(problems.memory).toContain('at most 4 GiB');
  expect(problems.swap).toBe('this host has none');
  expect(problems.pids).toBe('too little: at least 1');
  expect(problems.cpuWeight).toContain('10000');
  expect(problems.cpuset).toContain('0-1,3');
});

test('limits that contradict each other are told', () => {
  const high = findLimitProblems({ ...limits, memoryHigh: GIB }, ['memoryHigh'], bounds);
  expect(high.memoryHigh).toContain('512 MiB');
  const burst = findLimitProblems({ ...limits, cpuBurstMicros: 200_000 }, ['cpuBurstMicros'], bounds);
  expect(burst.cpuBurstMicros).toContain('100 ms');
  // lowering the limit under what was set before is the same contradiction
  expect(findLimitProblems({ ...limits, memoryHigh: GIB }, ['memory'], bounds).memoryHigh).toBeDefined();
});

test('a rate of a disk that is none is told at that disk', () => {
  const io = [{ device: 'sda', readBytes: Number.NaN, writeBytes: null, readOps: null, writeOps: null }];
  const problems = findLimitProblems({ ...limits, io }, ['io'], bounds);
  expect(Object.keys(problems).sort()).toEqual(['io.0.device', 'io.0.readBytes']);
});
