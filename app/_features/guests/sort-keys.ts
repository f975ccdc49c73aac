import type { Sort } from '../../_ui/index.ts';

const BY_NAME: Sort = { column: 'name', descending: false };
/** The address of a page holds no more. */
const LONGEST = 200;

/** `-memory,name` is by memory, the largest first, and where that is the same by name. At least one. Pure. */
export function readSorts(text: string): [Sort, ...Sort[]] {
  const [first, ...further] = text
    .split(',')
    .filter((key) => key !== '' && key !== '-')
    .map((key) =>
      key.startsWith('-') ? { column: key.slice(1), descending: true } : { column: key, descending: false },
    );
  return first ? [first, ...further] : [BY_NAME];
}

/** The same as text. Pure. */
export function sortText(sorts: readonly Sort[]): string {
  return sorts.map(({ column, descending }) => `${descending ? '-' : ''}${column}`).join(',');
}

/**
 * The order after a column's head was pressed with Shift: the column comes behind the others, a second press turns it round, a third takes
 * it away. As it was where there is no room for one more. Pure.
 */
export function sortAlso(sorts: readonly [Sort, ...Sort[]], column: string): readonly Sort[] {
  const found = sorts.find((sort) => sort.column === column);
  const changed = found
    ? sorts.flatMap((sort) =>
        sort === found ? (sort.descending ? [] : [{ column, descending: true }]) : [sort],
      )
    : [...sorts, { column, descending: false }];
  if (changed.length === 0) return [{ column, descending: false }];
  return sortText(changed).length > LONGEST ? sorts : changed;
}
