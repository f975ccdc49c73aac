'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { useRouter } from 'next/navigation';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { cx, useNarrow, useStable } from '../../_ui/index.ts';
import { BoardColumnView, columnName, TILE_PITCH } from './board-column.tsx';
import type { TileColour } from './guest-tile.tsx';
import { type BoardColumn, moveTile, type SeenRange, type TilePlace } from './lay-board.ts';

const COLUMN_WIDTH = 296;
const OVERSCAN = 2;

export interface GuestBoardProps {
  columns: readonly BoardColumn[];
  /** By what the columns are made. */
  group: string;
  colour: TileColour;
  selected: ReadonlySet<string>;
  onSelect: (selected: Set<string>) => void;
  onSelectAll: (on: boolean) => void;
  onSeen: (key: string, range: SeenRange | null) => void;
}

/**
 * Guests as tiles in columns, of which only what is seen is in the page. Arrows, Home, End and Page keys move between tiles, Enter opens,
 * Space chooses, Ctrl A chooses all. On a phone one column fills the page, and tabs lead to the others.
 */
export function GuestBoard(props: GuestBoardProps) {
  const { columns, group, selected, onSelect, onSelectAll, onSeen } = props;
  const router = useRouter();
  const scroller = useRef<HTMLDivElement>(null);
  const narrow = useNarrow();
  const [at, setAt] = useState<TilePlace>({ column: 0, index: 0 });
  /** A new object each time that the focus is to go there. */
  const [wanted, setWanted] = useState<TilePlace | null>(null);
  const [width, setWidth] = useState(COLUMN_WIDTH);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const watch = new ResizeObserver(() => setWidth(element.clientWidth));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  const columnWidth = narrow ? width : COLUMN_WIDTH;
  const virtual = useVirtualizer({
    horizontal: true,
    count: columns.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => columnWidth,
    getItemKey: (index) => columns[index]?.key ?? index,
    overscan: OVERSCAN,
  });
  useEffect(() => {
    if (columnWidth) virtual.measure();
  }, [virtual, columnWidth]);

  const focusTile = (place: TilePlace) => {
    setAt(place);
    setWanted({ ...place });
    virtual.scrollToIndex(place.column);
  };
  const choose = useStable((id: string) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  });
  /** Whether the key means something for the tile. */
  const act = (event: KeyboardEvent, here: TilePlace): boolean => {
    const guest = columns[here.column]?.rows[here.index];
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / TILE_PITCH) - 1);
    const to = moveTile(event.key, { at: here, counts: columns.map(({ count }) => count), page });
    if (to) focusTile(to);
    else if (event.key === 'Enter' && guest) router.push(`/guests/${encodeURIComponent(guest.name)}`);
    else if (event.key === ' ' && guest) choose(guest.id);
    else if (event.key === 'Escape' && selected.size > 0) onSelectAll(false);
    else return false;
    return true;
  };
  const chooseAll = (event: KeyboardEvent): boolean => {
    if (event.key !== 'a' || event.altKey) return false;
    onSelectAll(true);
    return true;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const { target } = event;
    if (!(target instanceof HTMLElement) || target.dataset.tile === undefined) return;
    const here = { column: Number(target.dataset.column), index: Number(target.dataset.tile) };
    const isWithKey = event.ctrlKey || event.metaKey || event.altKey;
    if (isWithKey ? chooseAll(event) : act(event, here)) event.preventDefault();
  };
  const items = virtual.getVirtualItems();
  const left = Math.round((virtual.scrollOffset ?? 0) / Math.max(1, columnWidth));

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {narrow && columns.length > 1 && (
        <ColumnTabs
          columns={columns}
          group={group}
          shown={left}
          onShow={(index) => virtual.scrollToIndex(index, { align: 'start' })}
        />
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the grids in it */}
      <div
        ref={scroller}
        onKeyDown={onKeyDown}
        className={cx('min-h-0 flex-1 overflow-x-auto overflow-y-hidden', narrow && 'snap-x snap-mandatory')}
      >
        <div className="relative h-full" style={{ width: virtual.getTotalSize() }}>
          {items.map((item) => {
            const column = columns[item.index];
            if (!column) return null;
            return (
              <div
                key={item.key}
                className="absolute inset-y-0 snap-start"
                style={{ left: item.start, width: item.size }}
              >
                <BoardColumnView
                  column={column}
                  number={item.index}
                  group={group}
                  colour={props.colour}
                  selected={selected}
                  focusIndex={Math.min(at.column, columns.length - 1) === item.index ? at.index : null}
                  wanted={wanted?.column === item.index ? wanted : null}
                  onFocusTile={setAt}
                  onChoose={choose}
                  onSeen={onSeen}
                />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

interface ColumnTabsProps extends Pick<GuestBoardProps, 'columns' | 'group'> {
  shown: number;
  onShow: (index: number) => void;
}

/** The way from column to column where one fills the page. */
function ColumnTabs({ columns, group, shown, onShow }: ColumnTabsProps) {
  return (
    <nav aria-label="Columns" className="flex shrink-0 gap-1 overflow-x-auto px-4 pb-2">
      {columns.slice(0, 100).map(({ key, count }, index) => (
        <button
          key={key}
          type="button"
          aria-current={index === shown || undefined}
          onClick={() => onShow(index)}
          className={cx(
            'flex h-10 max-w-48 shrink-0 items-center gap-1.5 rounded-md px-3 text-sm',
            index === shown ? 'bg-selected font-medium' : 'text-muted hover:bg-hover',
          )}
        >
          <span className="truncate">{columnName(key, group)}</span>
          <span className="text-muted text-xs">{count}</span>
        </button>
      ))}
    </nav>
  );
}
