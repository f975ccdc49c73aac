'use client';

import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { LEAST_SHARE } from '../../../server/desk/schema.ts';
import { cx } from '../../_ui/index.ts';
import type { Divider } from './desk-layout.ts';

export interface PaneDividerProps {
  divider: Divider;
  onRatio: (ratio: number) => void;
}

/** What an arrow moves a divider by, of the whole; with Shift a fifth of it. */
const STEP = 0.05;

/** Between two panes: dragged with the pointer, moved with arrows, Home and End, halved with a double click or Enter (ARIA window splitter). */
export function PaneDivider({ divider, onRatio }: PaneDividerProps) {
  const { direction, ratio, box } = divider;
  const isUpright = direction === 'right';
  const handle = useRef<HTMLDivElement>(null);
  const percent = (part: number) => `${part * 100}%`;

  const onPointerMove = (event: PointerEvent) => {
    const stage = handle.current?.parentElement?.getBoundingClientRect();
    if (!stage || !handle.current?.hasPointerCapture(event.pointerId)) return;
    const at = isUpright
      ? ((event.clientX - stage.left) / stage.width - box.left) / box.width
      : ((event.clientY - stage.top) / stage.height - box.top) / box.height;
    onRatio(at);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.shiftKey ? STEP / 5 : STEP;
    const to = {
      [isUpright ? 'ArrowLeft' : 'ArrowUp']: ratio - step,
      [isUpright ? 'ArrowRight' : 'ArrowDown']: ratio + step,
      Home: LEAST_SHARE,
      End: 1 - LEAST_SHARE,
      Enter: 0.5,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onRatio(to);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> takes no focus and no value
    <div
      ref={handle}
      role="separator"
      tabIndex={0}
      aria-label={isUpright ? 'width of the panes beside it' : 'height of the panes above and below it'}
      aria-orientation={isUpright ? 'vertical' : 'horizontal'}
      aria-valuenow={Math.round(ratio * 100)}
      aria-valuemin={LEAST_SHARE * 100}
      aria-valuemax={100 - LEAST_SHARE * 100}
      data-keys="own"
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={onPointerMove}
      onDoubleClick={() => onRatio(0.5)}
      onKeyDown={onKeyDown}
      className={cx(
        'group absolute z-10 touch-none',
        isUpright
          ? '-ml-1 w-2 cursor-col-resize pointer-coarse:-ml-3 pointer-coarse:w-6'
          : '-mt-1 h-2 cursor-row-resize pointer-coarse:-mt-3 pointer-coarse:h-6',
      )}
      style={
        isUpright
          ? {
              left: percent(box.left + box.width * ratio),
              top: percent(box.top),
              height: percent(box.height),
            }
          : { top: percent(box.top + box.height * ratio), left: percent(box.left), width: percent(box.width) }
      }
    >
      <div
        className={cx(
          'bg-line group-hover:bg-accent group-focus-visible:bg-accent group-active:bg-accent',
          isUpright
            ? 'mx-auto h-full w-px group-hover:w-0.5'
            : 'mt-1 h-px w-full group-hover:h-0.5 pointer-coarse:mt-3',
        )}
      />
    </div>
  );
}
