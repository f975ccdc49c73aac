import type { GuestView } from '../../../server/guest/schema.ts';
import type { GuestPage } from '../../../server/guest/search-schema.ts';

/** Guests that one answer for the board has: what a few columns show of one of them. */
export const BOARD_PART = 50;
/** Answers at once: as many as a wide screen's columns need. */
const MOST_PARTS = 24;

/** A column: its guests in their places, null for those that are not known yet. */
export interface BoardColumn {
  /** The group; empty: those that have none. */
  key: string;
  count: number;
  rows: (GuestView | null)[];
}

/** What is seen of a column: the first and the last index. */
export interface SeenRange {
  first: number;
  last: number;
}

/** The groups of an answer; all in one where it has none. */
const groupsOf = ({ groups, entries }: GuestPage) =>
  groups.length > 0 ? groups : [{ key: '', count: entries }];

/**
 * The columns with what is known of each. An answer says itself which groups it has, so that one from before a change puts no
 * guest into another's column. Pure.
 */
export function layBoard(head: GuestPage, parts: readonly (GuestPage | undefined)[]): BoardColumn[] {
  const columns = groupsOf(head).map(({ key, count }) => ({
    ...{ key, count },
    rows: new Array<GuestView | null>(count).fill(null),
  }));
  const byKey = new Map(columns.map((column) => [column.key, column]));
  for (const part of parts) if (part) fill(byKey, part);
  return columns;
}

function fill(columns: ReadonlyMap<string, BoardColumn>, part: GuestPage): void {
  let start = 0;
  for (const { key, count } of groupsOf(part)) {
    const column = columns.get(key);
    const from = Math.max(start, part.offset);
    const to = Math.min(start + count, part.offset + part.rows.length);
    for (let at = from; column && at < to; at++) {
      const row = part.rows[at - part.offset];
      if (row && at - start < column.count) column.rows[at - start] = row;
    }
    start += count;
  }
}

/** The numbers of the answers that have what is seen of the columns, in order; the first always, it has the groups. Pure. */
export function partsFor(head: GuestPage | undefined, seen: ReadonlyMap<string, SeenRange>): number[] {
  const parts = new Set([0]);
  let start = 0;
  for (const { key, count } of head ? groupsOf(head) : []) {
    const range = seen.get(key);
    if (range && count > 0) {
      const first = Math.floor((start + Math.min(range.first, count - 1)) / BOARD_PART);
      const last = Math.floor((start + Math.min(range.last, count - 1)) / BOARD_PART);
      for (let part = first; part <= last && parts.size < MOST_PARTS; part++) parts.add(part);
    }
    start += count;
  }
  return [...parts].sort((a, b) => a - b);
}

/** Where a tile is. */
export interface TilePlace {
  column: number;
  index: number;
}

/** Where the arrows lead between tiles: down and up a column, across to the next one that has guests. Null: no such key. Pure. */
export function moveTile(
  key: string,
  { at, counts, page }: { at: TilePlace; counts: readonly number[]; page: number },
): TilePlace | null {
  const last = (counts[at.column] ?? 1) - 1;
  const within = (index: number) => ({ column: at.column, index: Math.max(0, Math.min(last, index)) });
  const across = (step: number) => {
    let column = at.column + step;
    while (counts[column] === 0) column += step;
    const count = counts[column];
    return count === undefined ? at : { column, index: Math.min(at.index, count - 1) };
  };
  const moves: Record<string, () => { column: number; index: number }> = {
    ArrowDown: () => within(at.index + 1),
    ArrowUp: () => within(at.index - 1),
    j: () => within(at.index + 1),
    k: () => within(at.index - 1),
    PageDown: () => within(at.index + page),
    PageUp: () => within(at.index - page),
    Home: () => within(0),
    End: () => within(last),
    ArrowRight: () => across(1),
    ArrowLeft: () => across(-1),
  };
  return Object.hasOwn(moves, key) ? (moves[key]?.() ?? null) : null;
}
