'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useDensity, useNarrow } from './look.ts';
import { moveFocus } from './table-keys.ts';
import { BodyRow, HeaderRow, PlaceRow } from './table-rows.tsx';
import type { DataTableProps } from './table-types.ts';
import { useStable } from './use-stable.ts';

/** Rows above and below what is seen, so that a fast scroll shows no gap. */
const OVERSCAN = 6;
/** ARIA's pattern for a table whose rows take the focus; rows and cells get their roles from it. */
const GRID = { role: 'grid' } as const;
const CHOOSING_GRID = { role: 'grid', 'aria-multiselectable': true } as const;

/**
 * A table of any length: only what is seen is in the page. Arrows, Home, End and Page keys move between rows, Enter opens,
 * Space chooses (with Shift a range), Ctrl A chooses all.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, rows, columns, headings, rowKey, selected, onSelect, onSelectAll, onOpen, onRange } = props;
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
      // In groups one row may be there twice.
      return row && !headings ? rowKey(row) : index;
    },
    overscan: OVERSCAN,
  });
  useEffect(() => {
    if (rowHeight) virtual.measure();
  }, [virtual, rowHeight]);
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => onRange?.(first, last), [onRange, first, last]);

  const template = [selected && '32px', ...columns.map((column) => column.width), props.rowActions && '40px']
    .filter(Boolean)
    .join(' ');
  const focusIndex = Math.max(
    0,
    focused === null ? 0 : rows.findIndex((row) => row !== null && rowKey(row) === focused),
  );
  const chooseAll = (on: boolean) =>
    onSelectAll ? onSelectAll(on) : onSelect?.(new Set(on ? keysOf(rows, rowKey) : []));

  const choose = useStable((index: number, range: boolean) => {
    if (!selected || !onSelect) return;
    const next = new Set(selected);
    const [from, to] = range
      ? [Math.min(anchor.current, index), Math.max(anchor.current, index)]
      : [index, index];
    const keys = keysOf(rows.slice(from, to + 1), rowKey);
    const add = range || !keys.every((key) => next.has(key));
    for (const key of keys) add ? next.add(key) : next.delete(key);
    anchor.current = index;
    onSelect(next);
  });
  const focusRow = (index: number) => {
    const row = rows[index];
    virtual.scrollToIndex(index);
    if (!row) return;
    setFocused(rowKey(row));
    const focus = () => {
      const element = scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`);
      element?.focus({ preventScroll: true });
      return element !== null && element !== undefined;
    };
    // A row far away is in the page only after the scroll.
    if (!focus()) requestAnimationFrame(focus);
  };
  const besideHeading = (index: number, step: number): number => {
    if (!headings?.has(index)) return index;
    const next = index + step;
    return next >= 0 && next < rows.length ? besideHeading(next, step) : index - step;
  };
  /** Whether the key means something for the row. */
  const act = (event: KeyboardEvent, index: number): boolean => {
    const row = rows[index];
    if (event.key === 'Enter' && row) onOpen?.(row);
    else if (event.key === ' ') choose(index, event.shiftKey);
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) chooseAll(true);
    else if (event.key === 'Escape' && selected?.size) chooseAll(false);
    else return false;
    return true;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTableElement>) => {
    if (!(event.target instanceof HTMLElement) || event.target.dataset.index === undefined) return;
    const index = Number(event.target.dataset.index);
    const page = Math.floor((scroller.current?.clientHeight ?? rowHeight * 10) / rowHeight) - 1;
    const to = moveFocus(event.key, index, { last: rows.length - 1, page });
    if (to !== null) focusRow(besideHeading(to, to < index ? -1 : 1));
    else if (!act(event, index)) return;
    event.preventDefault();
  };

  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-auto overscroll-contain">
      <table
        {...(selected ? CHOOSING_GRID : GRID)}
        aria-label={label}
        aria-rowcount={rows.length + 1}
        className="block w-full sm:w-min sm:min-w-full"
        onKeyDown={onKeyDown}
      >
        {!narrow && (
          <thead className="sticky top-0 z-10 block">
            <HeaderRow {...props} template={template} onSelectAll={chooseAll} />
          </thead>
        )}
        <tbody className="relative block" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (!row) {
              return (
                <PlaceRow key={item.key} index={item.index} top={item.start} height={rowHeight}>
                  {headings?.get(item.index) ?? null}
                </PlaceRow>
              );
            }
            const key = rowKey(row);
            return (
              <BodyRow
                key={item.key}
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
                rowId={key}
                onFocusRow={setFocused}
                onOpen={onOpen}
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function keysOf<Row>(rows: readonly (Row | null)[], rowKey: (row: Row) => string): string[] {
  return rows.flatMap((row) => (row === null ? [] : [rowKey(row)]));
}
