import { expect, it } from 'vitest';
import type { GuestProcess } from '../../../server/guest/effects-schema.ts';
import { filterProcesses, sortProcesses } from './sort-processes.ts';

const process = (pid: number, over: Partial<GuestProcess> = {}): GuestProcess => ({
  pid,
  guestPid: pid - 100,
  parent: 1,
  user: 'root',
  state: 'sleeping',
  threads: 1,
  cpu: null,
  memory: 0,
  startedAt: '2026-11-24T00:00:00.000Z',
  command: '/sbin/init',
  ...over,
});
const all = [
  process(103, { cpu: 0.5 }),
  process(101),
  process(102, { cpu: 0.5, command: '/bin/sh', user: 'ada' }),
];
const pids = (list: GuestProcess[]) => list.map(({ pid }) => pid);

it('sorts by a column, equal ones by pid either way', () => {
  expect(pids(sortProcesses(all, { column: 'cpu', descending: true }))).toEqual([102, 103, 101]);
  expect(pids(sortProcesses(all, { column: 'command', descending: false }))).toEqual([102, 101, 103]);
  expect(pids(sortProcesses(all, { column: 'pid', descending: true }))).toEqual([103, 102, 101]);
});

it('finds by words of command, user and pid', () => {
  expect(pids(filterProcesses(all, 'ADA sh'))).toEqual([102]);
  expect(pids(filterProcesses(all, '103'))).toEqual([103]);
  expect(filterProcesses(all, '')).toHaveLength(3);
});
