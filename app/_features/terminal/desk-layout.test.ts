import { expect, it } from 'vitest';
import {
  boxesOf,
  dividersOf,
  grown,
  type Layout,
  leavesOf,
  mapLeaves,
  neighbourOf,
  splitLeaf,
  withRatio,
} from './desk-layout.ts';

/** a left, b over c right. */
const THREE: Layout = splitLeaf(splitLeaf('a', 'a', 'right', 'b'), 'b', 'down', 'c');

it('splits a pane in two halves and leaves the others', () => {
  expect(leavesOf(THREE)).toEqual(['a', 'b', 'c']);
  expect(Object.fromEntries(boxesOf(THREE))).toEqual({
    a: { left: 0, top: 0, width: 0.5, height: 1 },
    b: { left: 0.5, top: 0, width: 0.5, height: 0.5 },
    c: { left: 0.5, top: 0.5, width: 0.5, height: 0.5 },
  });
});

it('gives the place of what is gone to its neighbour', () => {
  const without = (gone: string) => mapLeaves(THREE, (leaf) => (leaf === gone ? null : leaf));
  expect(without('a')).toEqual({ direction: 'down', ratio: 0.5, first: 'b', second: 'c' });
  expect(without('b')).toEqual({ direction: 'right', ratio: 0.5, first: 'a', second: 'c' });
  expect(mapLeaves('a', () => null)).toBeNull();
});

it('moves one divider, and no further than both parts need', () => {
  expect(dividersOf(THREE).map(({ path, direction }) => [path, direction])).toEqual([
    ['', 'right'],
    ['1', 'down'],
  ]);
  const moved = withRatio(withRatio(THREE, '1', 0.25), '', 0.99);
  expect(boxesOf(moved).get('a')?.width).toBe(0.9);
  expect(boxesOf(moved).get('b')?.height).toBe(0.25);
  expect(grown(THREE, 'c', 'down')).toEqual(withRatio(THREE, '1', 0.55));
  expect(grown(THREE, 'c', 'left')).toEqual(withRatio(THREE, '', 0.45));
  expect(grown(THREE, 'a', 'down')).toBe(THREE);
});

it('finds the pane on a side, where there is one', () => {
  expect(neighbourOf(withRatio(THREE, '1', 0.7), 'a', 'right')).toBe('b');
  expect(neighbourOf(withRatio(THREE, '1', 0.3), 'a', 'right')).toBe('c');
  expect(neighbourOf(THREE, 'b', 'down')).toBe('c');
  expect(neighbourOf(THREE, 'c', 'left')).toBe('a');
  expect(neighbourOf(THREE, 'a', 'left')).toBeNull();
  expect(neighbourOf(THREE, 'b', 'up')).toBeNull();
});
