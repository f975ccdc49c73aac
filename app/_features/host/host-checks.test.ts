import { expect, test } from 'vitest';
import type { HostCheck, HostCheckReport } from '../../../server/host/check-schema.ts';
import { groupsOf, problemsOf, reportText, summaryOf } from './host-checks.ts';

const check = (name: string, more: Partial<HostCheck>): HostCheck => ({
  id: name,
  group: 'kernel',
  name,
  state: 'yes',
  required: false,
  detail: 'tried',
  consequence: more.state === undefined ? null : `no ${name}`,
  ...more,
});

const report = (checks: HostCheck[], ready = true): HostCheckReport => ({
  at: '2026-01-02T03:04:05.678Z',
  kernel: '6.12',
  ready,
  checks,
});

const mixed = report(
  [
    check('fine', {}),
    check('slow', { state: 'partly' }),
    check('gone', { state: 'no', group: 'network' }),
    check('vital', { state: 'no', required: true, group: 'network' }),
    check('short', { state: 'partly', required: true }),
  ],
  false,
);

test('problems come with the most serious first', () => {
  expect(problemsOf(mixed).map(({ name }) => name)).toEqual(['vital', 'gone', 'slow', 'short']);
  expect(groupsOf(mixed).map(({ group, checks }) => [group, checks.length])).toEqual([
    ['kernel', 3],
    ['network', 2],
  ]);
});

test('the sum says what is missing', () => {
  expect(summaryOf(mixed)).toBe('guests cannot run: 2 missing, 2 with a lack');
  expect(summaryOf(report([check('fine', {})]))).toBe('nothing is missing');
  expect(summaryOf(report([check('slow', { state: 'partly' })]))).toBe('1 with a lack');
});

test('the text to copy has the problems before all the rest', () => {
  const lines = reportText(mixed).split('\n');
  expect(lines[0]).toBe('Linux 6.12, 2026-01-02T03:04:05.678Z: guests cannot run: 2 missing, 2 with a lack');
  expect(lines[1]).toBe('no      vital: tried (no vital)');
  expect(lines.slice(5, 8)).toEqual(['', 'kernel', 'yes     fine: tried']);
});
