import { expect, test } from 'vitest';
import type { GuestPage } from '../../../server/guest/search-schema.ts';
import { testGuest } from './test-guest.ts';
import { layOut } from './use-guest-search.ts';

const page = (names: string[], over: Partial<GuestPage>): GuestPage => ({
  rows: names.map((name) => testGuest(name)),
  ...{ offset: 0, entries: names.length, matched: names.length, total: 9, states: {}, groups: [], ...over },
});
const names = (head: GuestPage, ...parts: (GuestPage | undefined)[]) =>
  layOut(head, [head, ...parts]).rows.map((row) => row?.name ?? null);

test('known rows stand in their places, the others are empty', () => {
  const head = page(['c', 'd'], { offset: 2, entries: 6 });
  expect(names(head)).toEqual([null, null, 'c', 'd', null, null]);
  expect(names(head, undefined, page(['e', 'f', 'gone'], { offset: 4 }))).toEqual([
    null,
    null,
    'c',
    'd',
    'e',
    'f',
  ]);
});

test('each group has its head above its rows', () => {
  const groups = [
    { key: 'prod', count: 1 },
    { key: '', count: 2 },
  ];
  const { rows, headings } = layOut(page(['a'], { entries: 3, groups }), [page(['a', 'b'], {})]);
  expect(rows.map((row) => row?.name ?? null)).toEqual([null, 'a', null, 'b', null]);
  expect([...headings]).toEqual([
    [0, groups[0]],
    [2, groups[1]],
  ]);
});
