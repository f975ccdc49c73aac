'use client';

import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { cx } from '../../_ui/index.ts';
import { type LimitUnit, moveByKey, type Range, snap } from './limit-scale.ts';

/** A limit that stands on a chart as a line and can be moved there. */
export interface ChartLimit {
  /** `memory limit`, for assistive technology. */
  name: string;
  unit: LimitUnit;
  /** As drafted; null is unlimited, where that can be. */
  value: number | null;
  /** As it holds now. */
  inForce: number | null;
  range: Range;
  nullable?: boolean;
  format: (value: number) => string;
  /** Of the series that it limits. */
  tone?: 'accent' | 'cold';
  onChange: (value: number | null) => void;
}

export interface LimitHandleProps {
  limit: ChartLimit;
  /** Top of the chart's scale. */
  top: number;
  /** Places of handles side by side, from the right. */
  place: number;
  onDrag: (isDragging: boolean) => void;
}

/** How far above the plot a pointer lets a limit go, pixels. */
const LET_GO = 6;

/**
 * A slider on a chart: dragged up and down, moved by arrows (a step), Page keys (half and double), Home and End; Delete takes
 * the limit away where it may be, Esc brings back what holds now, Enter sends the form that it is in.
 */
export function LimitHandle({ limit, top, place, onDrag }: LimitHandleProps) {
  const line = useRef<HTMLDivElement>(null);
  const [isDragging, setDragging] = useState(false);
  const { value, inForce, range, unit, format } = limit;
  const isChanged = value !== inForce;
  // What is typed in the field may be no number yet: the line stays where it holds.
  const shown = value !== null && Number.isNaN(value) ? inForce : value;
  const text = shown === null ? 'unlimited' : format(shown);

  const drag = (event: PointerEvent) => {
    const plot = line.current?.parentElement?.getBoundingClientRect();
    if (!plot) return;
    if (limit.nullable && event.clientY < plot.top - LET_GO) limit.onChange(null);
    else limit.onChange(snap(unit, (1 - (event.clientY - plot.top) / plot.height) * top, top, range));
  };
  const end = () => {
    if (!isDragging) return;
    setDragging(false);
    onDrag(false);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === 'Enter') event.currentTarget.closest('form')?.requestSubmit();
    else if (event.key === 'Escape' && isChanged) limit.onChange(inForce);
    else if (event.key === 'Delete' && limit.nullable) limit.onChange(null);
    else {
      const next = moveByKey(unit, event.key, shown ?? Math.min(top, range.max), range);
      if (next === null) return;
      limit.onChange(next);
    }
    event.preventDefault();
  };

  const at = (of: number | null) => `${(1 - Math.min(1, (of ?? top) / top)) * 100}%`;
  const colour = limit.tone === 'cold' ? 'border-cold' : 'border-accent';
  return (
    <>
      {isChanged && inForce !== null && inForce <= top && (
        <div
          aria-hidden="true"
          className="absolute inset-x-0 border-line-strong border-t border-dashed"
          style={{ top: at(inForce) }}
        />
      )}
      <div
        ref={line}
        className="absolute inset-x-0 flex h-0 items-center justify-end"
        style={{ top: at(shown) }}
      >
        <div
          aria-hidden="true"
          className={cx(
            'absolute inset-x-0 border-t',
            shown === null ? 'border-dotted' : isChanged ? 'border-t-2' : 'border-dashed',
            isChanged ? colour : 'border-wait',
          )}
        />
        <div
          role="slider"
          tabIndex={0}
          aria-label={limit.name}
          aria-orientation="vertical"
          aria-valuemin={range.min}
          aria-valuemax={range.max}
          aria-valuenow={shown ?? range.max}
          aria-valuetext={isChanged ? `${text}, not applied yet` : text}
          onKeyDown={onKeyDown}
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            event.preventDefault();
            event.currentTarget.focus();
            event.currentTarget.setPointerCapture(event.pointerId);
            setDragging(true);
            onDrag(true);
          }}
          onPointerMove={(event) => isDragging && drag(event)}
          onPointerUp={end}
          onPointerCancel={end}
          style={{ right: place * 104 }}
          className={cx(
            'pointer-events-auto absolute z-1 flex h-6 cursor-ns-resize touch-none select-none items-center gap-1.5 whitespace-nowrap rounded-sm border bg-raised px-1.5 text-xs pointer-coarse:h-9',
            isChanged ? cx('font-medium text-ink', colour) : 'border-wait text-wait',
            isDragging && 'shadow-pop',
          )}
        >
          <svg
            aria-hidden="true"
            width={8}
            height={12}
            className={cx('shrink-0', limit.tone && (limit.tone === 'cold' ? 'text-cold' : 'text-accent'))}
            stroke="currentColor"
            strokeWidth={1.5}
          >
            <path d="M1.5 4 4 1.5 6.5 4M1.5 8 4 10.5 6.5 8" fill="none" />
          </svg>
          {text}
        </div>
      </div>
    </>
  );
}
