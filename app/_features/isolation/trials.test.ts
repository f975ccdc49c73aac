import { expect, test } from 'vitest';
import type { WallTrialView } from '../../../server/guest/probe-schema.ts';
import { heldWalls, openedWalls, summaryOf } from './trials.ts';

const trial = (id: string, more: Partial<WallTrialView>): WallTrialView => ({
  id,
  group: 'system calls',
  title: id,
  cve: [],
  state: 'held',
  answer: 'EPERM',
  expected: 'EPERM',
  settings: [],
  why: null,
  ...more,
});

test('what no setting opens comes first, then the setting that opens most', () => {
  const trials = [
    trial('a', { state: 'weakened', settings: ['isolation.seccomp'] }),
    trial('b', { state: 'weakened', settings: ['isolation.nesting', 'isolation.seccomp'] }),
    trial('c', { state: 'open' }),
    trial('d', { state: 'untried' }),
    trial('e', {}),
  ];
  const found = openedWalls({ trials }).map((one) => [one.setting, one.trials.map(({ id }) => id)]);
  expect(found).toEqual([
    [null, ['c']],
    ['isolation.seccomp', ['a', 'b']],
    ['isolation.nesting', ['b']],
  ]);
});

test('what held is told by group', () => {
  const trials = [
    trial('a', {}),
    trial('b', { group: 'devices' }),
    trial('c', {}),
    trial('d', { state: 'open' }),
  ];
  expect(heldWalls({ trials }).map(({ group, trials: found }) => [group, found.length])).toEqual([
    ['system calls', 2],
    ['devices', 1],
  ]);
});

test('the sum leaves out what there is none of', () => {
  expect(summaryOf({ counts: { open: 0, weakened: 0, held: 9, untried: 0 } })).toBe('9 held');
  expect(summaryOf({ counts: { open: 1, weakened: 2, held: 9, untried: 3 } })).toBe(
    '1 open, 2 weakened, 9 held, 3 not tried',
  );
});
