'use client';

import { type ReactNode, useState } from 'react';
import { type ChartSeries, UsageChart } from '../guest-page/index.ts';
import { type ChartLimit, LimitHandle } from './limit-handle.tsx';
import { scaleTop } from './limit-scale.ts';

export interface LimitChartProps {
  title: string;
  now: ReactNode;
  at: number[];
  series: ChartSeries[];
  limits: readonly ChartLimit[];
  format: (value: number) => string;
  bytes?: boolean;
}

const HEIGHT = 176;

/** What is used over time, under the limits, which can be moved on the chart itself. */
export function LimitChart({ title, now, at, series, limits, format, bytes }: LimitChartProps) {
  const [frozenTop, setFrozenTop] = useState<number | null>(null);
  const used = Math.max(0, ...series.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const [first] = limits;
  const values = limits.flatMap(({ value, inForce }) => [Number.isNaN(value) ? null : value, inForce]);
  const fitting = first ? scaleTop(first.unit, values, used, first.range.max) : undefined;
  // While a limit is dragged the scale stands still under it.
  const top = frozenTop ?? fitting;
  const hardest = limits.length === 1 ? (first?.inForce ?? null) : null;
  return (
    <UsageChart
      bare
      title={title}
      now={now}
      at={at}
      series={series}
      format={format}
      bytes={bytes}
      height={HEIGHT}
      top={top}
      least={bytes ? 2 ** 20 : undefined}
      overlay={
        top !== undefined && (
          <>
            {hardest !== null && hardest < top && (
              <div
                aria-hidden="true"
                className="absolute inset-x-0 top-0 bg-[color-mix(in_srgb,var(--line)_32%,transparent)]"
                style={{ height: `${(1 - hardest / top) * 100}%` }}
              />
            )}
            {limits.map((limit, index) => (
              <LimitHandle
                key={limit.name}
                limit={limit}
                top={top}
                place={index}
                onDrag={(isDragging) => setFrozenTop(isDragging ? top : null)}
              />
            ))}
          </>
        )
      }
    />
  );
}
