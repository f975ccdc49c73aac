'use client';

import { type MouseEvent, memo, type ReactNode } from 'react';
import { Checkbox } from './checkbox.tsx';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';
import { Skeleton } from './skeleton.tsx';
import type { Column, DataTableProps } from './table-types.ts';

const CELL = 'flex min-w-0 font-normal items-center overflow-hidden px-2';

/** The sticky head: sorting and choosing all. */
export function HeaderRow<Row>(props: DataTableProps<Row> & { template: string }) {
  const { columns, rowKey, sort, then = [], onSort, onSortAlso, selected, onSelect } = props;
  const { onSelectAll, template } = props;
  const sorts = sort ? [sort, ...then] : [];
  const rows = props.rows.filter((row) => row !== null);
  const count = selected ? rows.filter((row) => selected.has(rowKey(row))).length : 0;
  return (
    <tr
      aria-rowindex={1}
      className="grid h-8 border-line border-y bg-canvas pl-2 font-normal text-muted text-xs sm:px-4"
      style={{ gridTemplateColumns: template }}
    >
      {selected && onSelect && (
        <th scope="col" className={CELL}>
          <Checkbox
            label="choose all"
            hideLabel
            checked={count > 0 && count === rows.length}
            mixed={count > 0 && count < rows.length}
            onChange={(on) => onSelectAll?.(on)}
          />
        </th>
      )}
      {columns.map((column) => {
        const place = sorts.findIndex((one) => one.column === column.id);
        const active = sorts[place];
        const direction = active?.descending ? 'descending' : 'ascending';
        return (
          <th
            scope="col"
            key={column.id}
            // Of several orders ARIA has a word for the first alone.
            aria-sort={place === 0 ? direction : undefined}
            className={cx(CELL, column.align === 'end' && 'justify-end')}
          >
            {column.sortable && onSort ? (
              <button
                type="button"
                title={onSortAlso && 'with Shift: sort by this too'}
                onClick={(event) => {
                  if (event.shiftKey && onSortAlso) onSortAlso(column.id);
                  else onSort({ column: column.id, descending: active ? !active.descending : false });
                }}
                className={cx('flex items-center gap-1 rounded-sm hover:text-ink', active && 'text-ink')}
              >
                {column.header}
                {active && <Icon name={active.descending ? 'down' : 'up'} size={12} />}
                {active && sorts.length > 1 && (
                  <span>
                    <span className="sr-only">, {direction}, order </span>
                    {place + 1}
                  </span>
                )}
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
  rowId: string;
  onFocusRow: (id: string) => void;
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
      onFocus={() => props.onFocusRow(props.rowId)}
      onClick={(event) => !isOwn(event) && props.onOpen?.(row)}
      className={cx(
        'absolute inset-x-0 grid cursor-default contain-strict border-line border-b pl-2 text-sm -outline-offset-2 hover:bg-hover sm:px-4',
        !actions && 'pr-2',
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

/** In the place of a row: the head of a group, or a row that is on its way. */
export function PlaceRow(props: { index: number; top: number; height: number; children: ReactNode }) {
  const { index, top, height, children } = props;
  return (
    <tr
      aria-rowindex={index + 2}
      className={cx(
        'absolute inset-x-0 flex items-center contain-strict border-line border-b px-4 text-sm sm:px-6',
        children !== null && 'bg-canvas',
      )}
      style={{ height, transform: `translateY(${top}px)` }}
    >
      {children === null ? (
        <td className="w-full">
          <Skeleton className="w-1/2" />
        </td>
      ) : (
        <th scope="rowgroup" className="flex min-w-0 items-center gap-2 font-medium">
          {children}
        </th>
      )}
    </tr>
  );
}

/** One row, drawn again only when something of it changed. */
export const BodyRow = memo(PlainBodyRow) as typeof PlainBodyRow;
