import { expect, test } from 'vitest';
import type { GuestPage } from '../../../server/guest/search-schema.ts';
import { BOARD_PART, layBoard, moveTile, partsFor } from './lay-board.ts';
import { testGuest } from './test-guest.ts';

const page = (groups: [string, number][], offset: number, names: string[]): GuestPage => {
  const entries = groups.reduce((sum, [, count]) => sum + count, 0);
  return {
    rows: names.map((name) => testGuest(name)),
    ...{ offset, entries, matched: entries, total: entries, states: {} },
    groups: groups.map(([key, count]) => ({ key, count })),
  };
};
const names = (columns: ReturnType<typeof layBoard>) =>
  columns.map(({ key, rows }) => `${key}: ${rows.map((row) => row?.name ?? '?').join(' ')}`);

test('guests stand in the columns of their groups, and what is not known has a place', () => {
  const head = page(
    [
      ['prod', 3],
      ['test', 2],
    ],
    0,
    ['a', 'b'],
  );
  const groups: [string, number][] = [
    ['prod', 3],
    ['test', 2],
  ];
  expect(names(layBoard(head, [head]))).toEqual(['prod: a b ?', 'test: ? ?']);
  expect(names(layBoard(head, [head, page(groups, 2, ['c', 'd'])]))).toEqual(['prod: a b c', 'test: d ?']);
});

test('an answer from before a change puts nobody into another’s column', () => {
  const head = page(
    [
      ['dev', 1],
      ['prod', 1],
      ['test', 2],
    ],
    0,
    ['x'],
  );
  const old = page(
    [
      ['prod', 2],
      ['test', 2],
    ],
    1,
    ['b', 'c', 'd'],
  );
  expect(names(layBoard(head, [head, old]))).toEqual(['dev: x', 'prod: ?', 'test: c d']);
  expect(names(layBoard(page([], 0, ['a', 'b']), []))).toEqual([': ']);
  const flat = { ...page([], 0, ['a', 'b']), entries: 3 };
  expect(names(layBoard(flat, [flat]))).toEqual([': a b ?']);
});

test('only what is seen is asked for, whatever there is', () => {
  const head = page(
    [
      ['a', 4000],
      ['b', 6000],
    ],
    0,
    [],
  );
  expect(partsFor(undefined, new Map())).toEqual([0]);
  const seen = new Map([
    ['a', { first: 0, last: 9 }],
    ['b', { first: 100, last: 109 }],
  ]);
  expect(partsFor(head, seen)).toEqual([0, (4000 + 100) / BOARD_PART]);
  expect(partsFor(head, new Map([['b', { first: 0, last: 6000 }]])).length).toBeLessThanOrEqual(24);
  expect(partsFor(head, new Map([['gone', { first: 0, last: 9 }]]))).toEqual([0]);
});

test.each([
  ['ArrowDown', { column: 0, index: 1 }],
  ['ArrowUp', { column: 0, index: 0 }],
  ['ArrowRight', { column: 2, index: 0 }],
  ['ArrowLeft', { column: 0, index: 0 }],
  ['PageDown', { column: 0, index: 2 }],
  ['End', { column: 0, index: 2 }],
  ['x', null],
  ['toString', null],
])('%s leads from the first tile to %j', (key, to) => {
  expect(moveTile(key, { at: { column: 0, index: 0 }, counts: [3, 0, 5], page: 4 })).toEqual(to);
});

test('across a shorter column stays within it', () => {
  expect(moveTile('ArrowRight', { at: { column: 0, index: 4 }, counts: [5, 2], page: 4 })).toEqual({
    column: 1,
    index: 1,
  });
  expect(moveTile('ArrowLeft', { at: { column: 1, index: 1 }, counts: [5, 2], page: 4 })).toEqual({
    column: 0,
    index: 1,
  });
  expect(moveTile('End', { at: { column: 0, index: 0 }, counts: [5, 2], page: 4 })).toEqual({
    column: 0,
    index: 4,
  });
});
