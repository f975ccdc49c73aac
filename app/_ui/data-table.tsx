'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type MouseEvent,
  memo,
  type ReactNode,
  useEffect,
  useRef,
  useState,
} from 'react';
import { Checkbox } from './checkbox.tsx';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';
import { useDensity, useNarrow } from './look.ts';
import { moveFocus } from './table-keys.ts';

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
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string;
  /** The row's name in words, for its checkbox. */
  rowLabel: (row: Row) => string;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  /** Keys of the chosen rows; omitted, rows cannot be chosen. */
  selected?: ReadonlySet<string>;
  onSelect?: (selected: Set<string>) => void;
  /** Enter or a click on the row. */
  onOpen?: (row: Row) => void;
  /** At the end of each row: its menu. */
  rowActions?: (row: Row) => ReactNode;
  /** The row where there is no room for columns. */
  compact: (row: Row) => ReactNode;
  /** Pixels of a compact row. */
  compactHeight?: number;
}

/** Rows above and below what is seen, so that a fast scroll shows no gap. */
const OVERSCAN = 12;
/** ARIA's pattern for a table whose rows take the focus; rows and cells get their roles from it. */
const GRID = { role: 'grid' } as const;

/**
 * A table of any length: only what is seen is in the page. Arrows, Home, End and Page keys move between rows, Enter opens,
 * Space chooses (with Shift a range), Ctrl A chooses all.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, rows, columns, rowKey, selected, onSelect, onOpen } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const narrow = useNarrow();
  const dense = useDensity() === 'dense';
  const rowHeight = narrow ? (props.compactHeight ?? 64) : dense ? 36 : 48;
  const [focused, setFocused] = useState<string | null>(null);
  const anchor = useRef<number>(0);

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => {
      const row = rows[index];
      return row ? rowKey(row) : index;
    },
    overscan: OVERSCAN,
  });
  useEffect(() => {
    if (rowHeight) virtual.measure();
  }, [virtual, rowHeight]);

  const template = [selected && '40px', ...columns.map((column) => column.width), props.rowActions && '48px']
    .filter(Boolean)
    .join(' ');
  const focusIndex = Math.max(0, focused === null ? 0 : rows.findIndex((row) => rowKey(row) === focused));

  const choose = (index: number, range: boolean) => {
    if (!selected || !onSelect) return;
    const next = new Set(selected);
    const [from, to] = range
      ? [Math.min(anchor.current, index), Math.max(anchor.current, index)]
      : [index, index];
    const keys = rows.slice(from, to + 1).map(rowKey);
    const add = range || !keys.every((key) => next.has(key));
    for (const key of keys) add ? next.add(key) : next.delete(key);
    anchor.current = index;
    onSelect(next);
  };
  const focusRow = (index: number) => {
    const row = rows[index];
    if (!row) return;
    setFocused(rowKey(row));
    virtual.scrollToIndex(index);
    requestAnimationFrame(() => {
      scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus({ preventScroll: true });
    });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTableElement>) => {
    if (!(event.target instanceof HTMLElement) || event.target.dataset.index === undefined) return;
    const index = Number(event.target.dataset.index);
    const row = rows[index];
    const page = Math.floor((scroller.current?.clientHeight ?? rowHeight * 10) / rowHeight) - 1;
    const to = moveFocus(event.key, index, { last: rows.length - 1, page });
    if (to !== null) focusRow(to);
    else if (event.key === 'Enter' && row) onOpen?.(row);
    else if (event.key === ' ') choose(index, event.shiftKey);
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) onSelect?.(new Set(rows.map(rowKey)));
    else if (event.key === 'Escape' && selected?.size) onSelect?.(new Set());
    else return;
    event.preventDefault();
  };

  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-auto overscroll-contain">
      <table
        {...GRID}
        aria-label={label}
        aria-rowcount={rows.length + 1}
        aria-multiselectable={selected ? true : undefined}
        className="block min-w-full sm:w-max"
        onKeyDown={onKeyDown}
      >
        {!narrow && <HeaderRow {...props} template={template} />}
        <tbody className="relative block" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            const key = rowKey(row);
            return (
              <BodyRow
                key={key}
                row={row}
                index={item.index}
                top={item.start}
                height={rowHeight}
                template={template}
                narrow={narrow}
                columns={columns}
                compact={props.compact}
                actions={props.rowActions}
                label={props.rowLabel(row)}
                selected={selected ? selected.has(key) : undefined}
                tabbable={item.index === focusIndex}
                onChoose={choose}
                onFocusRow={() => setFocused(key)}
                onOpen={onOpen}
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

const CELL = 'flex min-w-0 items-center overflow-hidden px-2';

function HeaderRow<Row>(props: DataTableProps<Row> & { template: string }) {
  const { rows, columns, rowKey, sort, onSort, selected, onSelect, template } = props;
  const count = selected ? rows.filter((row) => selected.has(rowKey(row))).length : 0;
  return (
    <tr
      aria-rowindex={1}
      className="sticky top-0 z-10 grid h-8 border-line border-y bg-canvas pl-2 text-muted text-xs sm:px-4"
      style={{ gridTemplateColumns: template }}
    >
      {selected && onSelect && (
        <th scope="col" className={CELL}>
          <Checkbox
            label="choose all"
            hideLabel
            checked={count > 0 && count === rows.length}
            mixed={count > 0 && count < rows.length}
            onChange={(on) => onSelect(new Set(on ? rows.map(rowKey) : []))}
          />
        </th>
      )}
      {columns.map((column) => {
        const active = sort?.column === column.id;
        const direction = sort?.descending ? 'descending' : 'ascending';
        return (
          <th
            scope="col"
            key={column.id}
            aria-sort={active ? direction : undefined}
            className={cx(CELL, column.align === 'end' && 'justify-end')}
          >
            {column.sortable && onSort ? (
              <button
                type="button"
                onClick={() => onSort({ column: column.id, descending: active ? !sort?.descending : false })}
                className={cx(
                  'flex items-center gap-1 rounded-sm hover:text-ink',
                  active && 'font-medium text-ink',
                )}
              >
                {column.header}
                {active && <Icon name={sort?.descending ? 'down' : 'up'} size={12} />}
              </button>
            ) : (
              column.header
            )}
          </th>
        );
      })}
      {props.rowActions && (
        <th scope="col">
          <span className="sr-only">actions</span>
        </th>
      )}
    </tr>
  );
}

interface BodyRowProps<Row> {
  row: Row;
  index: number;
  top: number;
  height: number;
  template: string;
  narrow: boolean;
  columns: readonly Column<Row>[];
  compact: (row: Row) => ReactNode;
  actions: ((row: Row) => ReactNode) | undefined;
  label: string;
  selected: boolean | undefined;
  tabbable: boolean;
  onChoose: (index: number, range: boolean) => void;
  onFocusRow: () => void;
  onOpen: ((row: Row) => void) | undefined;
}

/** A click on a control inside the row is the control's own. */
function isOwn(event: MouseEvent): boolean {
  return (
    event.target instanceof Element && event.target.closest('a,button,input,label,[role^=menuitem]') !== null
  );
}

function PlainBodyRow<Row>(props: BodyRowProps<Row>) {
  const { row, index, narrow, columns, selected, actions } = props;
  const template = narrow
    ? `${selected === undefined ? '' : '36px '}minmax(0,1fr)${actions ? ' 44px' : ''}`
    : props.template;
  return (
    <tr
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-index={index}
      tabIndex={props.tabbable ? 0 : -1}
      onFocus={props.onFocusRow}
      onClick={(event) => !isOwn(event) && props.onOpen?.(row)}
      className={cx(
        'absolute inset-x-0 grid cursor-default border-line border-b pl-2 text-sm -outline-offset-2 hover:bg-hover sm:px-4',
        selected && 'bg-selected',
      )}
      style={{ height: props.height, transform: `translateY(${props.top}px)`, gridTemplateColumns: template }}
    >
      {selected !== undefined && (
        <td className={CELL}>
          <Checkbox
            label={`choose ${props.label}`}
            hideLabel
            tabIndex={props.tabbable ? 0 : -1}
            checked={selected}
            onChange={() => props.onChoose(index, false)}
          />
        </td>
      )}
      {narrow ? (
        <td className="min-w-0 self-center overflow-hidden px-2">{props.compact(row)}</td>
      ) : (
        columns.map((column) => (
          <td key={column.id} className={cx(CELL, column.align === 'end' && 'justify-end')}>
            {column.cell(row)}
          </td>
        ))
      )}
      {actions && <td className="flex items-center justify-center">{actions(row)}</td>}
    </tr>
  );
}

const BodyRow = memo(PlainBodyRow) as typeof PlainBodyRow;
