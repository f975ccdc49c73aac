import { LEAST_SHARE, type StoredLayout } from '../../../server/desk/schema.ts';

export type Direction = 'right' | 'down';
export type Side = 'left' | 'right' | 'up' | 'down';

/** How panes share a tab: one pane by its key, or two parts beside or below each other. */
export type Layout = StoredLayout;
type Split = Exclude<Layout, string>;

/** A part of the tab, in fractions of it. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Divider {
  /** Which split: `0` for the first part and `1` for the second, from the outside in. */
  path: string;
  direction: Direction;
  ratio: number;
  /** What the split as a whole has. */
  box: Box;
}

const WHOLE: Box = { left: 0, top: 0, width: 1, height: 1 };

export function leavesOf(layout: Layout): string[] {
  return typeof layout === 'string' ? [layout] : [...leavesOf(layout.first), ...leavesOf(layout.second)];
}

/** `added` shares the place of `leaf`, half and half. */
export function splitLeaf(layout: Layout, leaf: string, direction: Direction, added: string): Layout {
  if (typeof layout !== 'string') {
    return {
      ...layout,
      first: splitLeaf(layout.first, leaf, direction, added),
      second: splitLeaf(layout.second, leaf, direction, added),
    };
  }
  return layout === leaf ? { direction, ratio: 0.5, first: leaf, second: added } : layout;
}

/** The layout with each leaf called as `name` says; where it says null the leaf is gone and its neighbour has the place. */
export function mapLeaves(layout: Layout, name: (leaf: string) => string | null): Layout | null {
  if (typeof layout === 'string') return name(layout);
  const first = mapLeaves(layout.first, name);
  const second = mapLeaves(layout.second, name);
  if (first === null || second === null) return first ?? second;
  return { ...layout, first, second };
}

function partsOf({ direction, ratio }: Split, box: Box): [Box, Box] {
  if (direction === 'right') {
    const width = box.width * ratio;
    return [
      { ...box, width },
      { ...box, left: box.left + width, width: box.width - width },
    ];
  }
  const height = box.height * ratio;
  return [
    { ...box, height },
    { ...box, top: box.top + height, height: box.height - height },
  ];
}

export function boxesOf(layout: Layout, box: Box = WHOLE): Map<string, Box> {
  if (typeof layout === 'string') return new Map([[layout, box]]);
  const [first, second] = partsOf(layout, box);
  return new Map([...boxesOf(layout.first, first), ...boxesOf(layout.second, second)]);
}

export function dividersOf(layout: Layout, box: Box = WHOLE, path = ''): Divider[] {
  if (typeof layout === 'string') return [];
  const [first, second] = partsOf(layout, box);
  return [
    { path, direction: layout.direction, ratio: layout.ratio, box },
    ...dividersOf(layout.first, first, `${path}0`),
    ...dividersOf(layout.second, second, `${path}1`),
  ];
}

/** The split at `path` divided anew; `ratio` is kept within what both parts need. */
export function withRatio(layout: Layout, path: string, ratio: number): Layout {
  if (typeof layout === 'string') return layout;
  if (path === '') return { ...layout, ratio: Math.min(1 - LEAST_SHARE, Math.max(LEAST_SHARE, ratio)) };
  const part = path[0] === '0' ? 'first' : 'second';
  return { ...layout, [part]: withRatio(layout[part], path.slice(1), ratio) };
}

/** The pane on that side which shares most of the edge; null: nothing is there. */
export function neighbourOf(layout: Layout, leaf: string, side: Side): string | null {
  const boxes = boxesOf(layout);
  const from = boxes.get(leaf);
  if (!from) return null;
  let best: { leaf: string; shared: number } | null = null;
  for (const [other, box] of boxes) {
    const shared = other === leaf ? 0 : sharedEdge(from, box, side);
    if (shared > (best?.shared ?? 0)) best = { leaf: other, shared };
  }
  return best?.leaf ?? null;
}

const NEAR = 1e-6;

function sharedEdge(from: Box, to: Box, side: Side): number {
  const gap = {
    left: from.left - (to.left + to.width),
    right: to.left - (from.left + from.width),
    up: from.top - (to.top + to.height),
    down: to.top - (from.top + from.height),
  }[side];
  if (Math.abs(gap) > NEAR) return 0;
  return side === 'left' || side === 'right'
    ? Math.min(from.top + from.height, to.top + to.height) - Math.max(from.top, to.top)
    : Math.min(from.left + from.width, to.left + to.width) - Math.max(from.left, to.left);
}

/** The nearest divider that moves the edge of `leaf` along this axis, from the inside out. */
function dividerOf(layout: Layout, leaf: string, direction: Direction): Divider | null {
  const around = dividersOf(layout).filter(
    (divider) =>
      divider.direction === direction && leavesOf(partAt(layout, divider.path) ?? '').includes(leaf),
  );
  return around.sort((a, b) => b.path.length - a.path.length)[0] ?? null;
}

/** What a key moves a divider by, of the whole that it divides. */
const STEP = 0.05;

/** The divider that is nearest to `leaf` moved one step to that side; the same layout where there is none. */
export function grown(layout: Layout, leaf: string, side: Side): Layout {
  const divider = dividerOf(layout, leaf, side === 'left' || side === 'right' ? 'right' : 'down');
  if (!divider) return layout;
  const by = side === 'left' || side === 'up' ? -STEP : STEP;
  return withRatio(layout, divider.path, divider.ratio + by);
}

function partAt(layout: Layout, path: string): Layout | null {
  if (path === '') return layout;
  if (typeof layout === 'string') return null;
  return partAt(path[0] === '0' ? layout.first : layout.second, path.slice(1));
}
