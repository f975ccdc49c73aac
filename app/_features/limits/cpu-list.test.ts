import { expect, test } from 'vitest';
import { formatCpuList, parseCpuList, toggleCpu } from './cpu-list.ts';

test.each([
  ['0', [0]],
  ['0-1,3', [0, 1, 3]],
  ['3,1-2,2', [1, 2, 3]],
  ['', []],
  ['x,2', [2]],
])('reads %j', (text, cpus) => expect(parseCpuList(text)).toEqual(cpus));

test.each([
  [[0], '0'],
  [[3, 1, 0], '0-1,3'],
  [[0, 1, 2, 3], '0-3'],
  [[], ''],
])('writes %j', (cpus, text) => expect(formatCpuList(cpus)).toBe(text));

test('all CPUs are no list, and the last one cannot be taken away', () => {
  expect(toggleCpu(null, 1, false, 4)).toBe('0,2-3');
  expect(toggleCpu('0,2-3', 1, true, 4)).toBeNull();
  expect(toggleCpu('2', 2, false, 4)).toBe('2');
});
