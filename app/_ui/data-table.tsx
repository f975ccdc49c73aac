'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useDensity, useNarrow } from './look.ts';
import { moveFocus } from './table-keys.ts';
import { BodyRow, HeaderRow } from './table-rows.tsx';
import type { DataTableProps } from './table-types.ts';
import { useStable } from './use-stable.ts';

/** Rows above and below what is seen, so that a fast scroll shows no gap. */
const OVERSCAN = 12;
/** ARIA's pattern for a table whose rows take the focus; rows and cells get their roles from it. */
const GRID = { role: 'grid' } as const;
const CHOOSING_GRID = { role: 'grid', 'aria-multiselectable': true } as const;

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

  const template = [selected && '32px', ...columns.map((column) => column.width), props.rowActions && '40px']
    .filter(Boolean)
    .join(' ');
  const focusIndex = Math.max(0, focused === null ? 0 : rows.findIndex((row) => rowKey(row) === focused));

  const choose = useStable((index: number, range: boolean) => {
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
  });
  const focusRow = (index: number) => {
    const row = rows[index];
    if (!row) return;
    setFocused(rowKey(row));
    virtual.scrollToIndex(index);
    const focus = () => {
      const element = scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`);
      element?.focus({ preventScroll: true });
      return element !== null && element !== undefined;
    };
    // A row far away is in the page only after the scroll.
    if (!focus()) requestAnimationFrame(focus);
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
        {...(selected ? CHOOSING_GRID : GRID)}
        aria-label={label}
        aria-rowcount={rows.length + 1}
        className="block w-full sm:w-min sm:min-w-full"
        onKeyDown={onKeyDown}
      >
        {!narrow && (
          <thead className="sticky top-0 z-10 block">
            <HeaderRow {...props} template={template} />
          </thead>
        )}
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
