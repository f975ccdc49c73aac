import type { ReactNode } from 'react';

export interface Column<Row> {
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** A track of CSS grid: `minmax(160px, 2fr)`, `96px`. */
  width: string;
  sortable?: boolean;
  align?: 'end';
}

export interface Sort {
  column: string;
  descending: boolean;
}

export interface DataTableProps<Row> {
  /** What the table lists, for assistive technology. */
  label: string;
  /** Null: there is a row, and it is not known yet. */
  rows: readonly (Row | null)[];
  /** What stands in the place of a row, by its index: the head of a group. */
  headings?: ReadonlyMap<number, ReactNode>;
  /** Told what is seen, and a little more: the first and the last index. */
  onRange?: (first: number, last: number) => void;
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string;
  /** The row's name in words, for its checkbox. */
  rowLabel: (row: Row) => string;
  sort?: Sort;
  /** What counts where the first order finds two the same, in turn. */
  then?: readonly Sort[];
  onSort?: (sort: Sort) => void;
  /** A column's head was pressed with Shift: it is to count too. */
  onSortAlso?: (column: string) => void;
  /** Keys of the chosen rows; omitted, rows cannot be chosen. */
  selected?: ReadonlySet<string>;
  onSelect?: (selected: Set<string>) => void;
  /** Choose all or none, where not all rows are known. */
  onSelectAll?: (on: boolean) => void;
  /** Enter or a click on the row. */
  onOpen?: (row: Row) => void;
  /** At the end of each row: its menu. */
  rowActions?: (row: Row) => ReactNode;
  /** The row where there is no room for columns. */
  compact: (row: Row) => ReactNode;
  /** Pixels of a compact row. */
  compactHeight?: number;
}
