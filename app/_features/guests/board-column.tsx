'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { GUEST_STATES } from '../../../server/guest/state.ts';
import { Icon, plural, TONE_ICON, TONE_TEXT } from '../../_ui/index.ts';
import { GuestTile, PlaceTile, type TileColour } from './guest-tile.tsx';
import { GUEST_TONE } from './guest-tone.ts';
import type { BoardColumn, SeenRange } from './lay-board.ts';

const TILE_HEIGHT = 92;
/** From one tile to the next, pixels. */
export const TILE_PITCH = TILE_HEIGHT + 8;
const OVERSCAN = 4;

/** What a column is called. Pure. */
export const columnName = (key: string, group: string) => key || (group ? 'none' : 'all');

export interface BoardColumnProps {
  column: BoardColumn;
  number: number;
  group: string;
  colour: TileColour;
  selected: ReadonlySet<string>;
  /** The tile that Tab leads to; null: it is in another column. */
  focusIndex: number | null;
  /** The tile that is to get the focus now. */
  wanted: { index: number } | null;
  onFocusTile: (place: { column: number; index: number }) => void;
  onChoose: (id: string) => void;
  onSeen: (key: string, range: SeenRange | null) => void;
}

/** One column: its name with how many there are, and the tiles of it that are seen. */
export function BoardColumnView(props: BoardColumnProps) {
  const { column, number, group, colour, selected, focusIndex, wanted, onFocusTile, onChoose, onSeen } =
    props;
  const { key, count, rows } = column;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => TILE_PITCH,
    overscan: OVERSCAN,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => onSeen(key, { first, last }), [onSeen, key, first, last]);
  useEffect(() => () => onSeen(key, null), [onSeen, key]);
  useEffect(() => {
    if (!wanted) return;
    virtual.scrollToIndex(wanted.index);
    const focus = () => {
      const tile = scroller.current?.querySelector<HTMLElement>(`[data-tile="${wanted.index}"]`);
      tile?.focus({ preventScroll: true });
      return tile !== null && tile !== undefined;
    };
    // A tile far away is in the page only after the scroll.
    if (focus()) return;
    const frame = requestAnimationFrame(focus);
    return () => cancelAnimationFrame(frame);
  }, [wanted, virtual]);
  const name = columnName(key, group);

  return (
    <section aria-label={`${name}, ${plural(count, 'guest')}`} className="flex h-full flex-col">
      <h2 className="flex h-9 shrink-0 items-center gap-2 px-4 font-medium text-sm sm:px-6">
        <StateIcon name={group === 'state' ? key : ''} />
        <span title={name} className={key ? 'truncate' : 'text-muted'}>
          {name}
        </span>
        <span className="font-normal text-muted text-xs">{count}</span>
      </h2>
      <div
        ref={scroller}
        className="min-h-0 flex-1 overflow-y-auto overscroll-y-contain px-4 pb-4 sm:pr-0 sm:pl-6"
      >
        {/* biome-ignore lint/a11y/useSemanticElements: only the tiles that are seen are in the page, placed one by one */}
        <div
          role="grid"
          tabIndex={-1}
          aria-label={name}
          aria-rowcount={count}
          aria-multiselectable="true"
          className="relative outline-none"
          style={{ height: virtual.getTotalSize() }}
        >
          {items.map(({ index, start }) => {
            const guest = rows[index] ?? null;
            const isTabbable = index === Math.min(focusIndex ?? -1, count - 1);
            return (
              // biome-ignore lint/a11y/useSemanticElements: as above
              <div
                role="row"
                key={index}
                data-column={number}
                data-tile={index}
                tabIndex={isTabbable ? 0 : -1}
                aria-rowindex={index + 1}
                aria-selected={guest ? selected.has(guest.id) : undefined}
                onFocus={() => onFocusTile({ column: number, index })}
                className="absolute inset-x-0 rounded-md"
                style={{ height: TILE_HEIGHT, transform: `translateY(${start}px)` }}
              >
                {/* biome-ignore lint/a11y/useSemanticElements: as above */}
                {/* biome-ignore lint/a11y/useFocusableInteractive: the row has the focus */}
                <div role="gridcell" className="h-full">
                  {guest ? (
                    <GuestTile
                      guest={guest}
                      colour={colour}
                      selected={selected.has(guest.id)}
                      tabbable={isTabbable}
                      onChoose={onChoose}
                    />
                  ) : (
                    <PlaceTile />
                  )}
                </div>
              </div>
            );
          })}
        </div>
      </div>
    </section>
  );
}

function StateIcon({ name }: { name: string }) {
  const state = GUEST_STATES.find((one) => one === name);
  if (!state) return null;
  const { tone, icon } = GUEST_TONE[state];
  return <Icon name={icon ?? TONE_ICON[tone]} size={12} className={TONE_TEXT[tone]} />;
}
