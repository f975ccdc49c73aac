'use client';

import 'uplot/dist/uPlot.min.css';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import { cx, useTheme } from '../../_ui/index.ts';

export interface ChartSeries {
  name: string;
  values: (number | null)[];
  /** A custom property of the theme: `--accent`. */
  colour: string;
}

export interface UsageChartProps {
  title: string;
  /** The newest value in words, beside its limit. */
  now: ReactNode;
  /** Unix seconds. */
  at: number[];
  series: ChartSeries[];
  /** Drawn as a line once use comes near it. */
  limit?: number;
  format: (value: number) => string;
  /** The scale steps by powers of two. */
  bytes?: boolean;
  /** The scale reaches at least so far: the noise of an idle guest is no mountain. */
  least?: number;
  /** The scale reaches just so far, whatever is drawn. */
  top?: number;
  /** Drawn over the plot itself, which it fills: what is on the scale lies at `1 - value / top` of its height. */
  overlay?: ReactNode;
  /** Without ground and edge of its own, for a place that has them. */
  bare?: boolean;
  /** Pixels. */
  height?: number;
}

const HEIGHT = 132;
/** Pixels around the plot, which an overlay leaves free. */
const EDGE = { left: 72, top: 8, right: 8, bottom: 28 };
const MINUTES = [60, 120, 300, 600];
/** 1 B to 1 PiB, by fours between. */
const BINARY_STEPS = Array.from({ length: 26 }, (_none, power) => 4 ** power);

/** A number of a guest over the last ten minutes. The pointer reads the value at any moment. */
export function UsageChart({
  title,
  now,
  at,
  series,
  limit,
  format,
  bytes = false,
  least = 0,
  top,
  overlay,
  bare = false,
  height = HEIGHT,
}: UsageChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const formatRef = useRef(format);
  const isBytesRef = useRef(bytes);
  const leastRef = useRef(least);
  const topRef = useRef(top);
  const heightRef = useRef(height);
  const [hovered, setHovered] = useState<number | null>(null);
  const theme = useTheme();
  const shape = series.map((one) => `${one.name}:${one.colour}`).join();
  const seriesRef = useRef(series);
  useEffect(() => {
    seriesRef.current = series;
    formatRef.current = format;
    topRef.current = top;
  });

  useEffect(() => {
    const element = host.current;
    if (!element || !shape) return;
    const made = new uPlot(
      {
        width: Math.max(element.clientWidth, 100),
        height: heightRef.current,
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
        scales: { y: { range: (self) => [0, topRef.current ?? topOf(self.data, leastRef.current)] } },
        axes: [
          { ...axis(element), incrs: MINUTES, values: (_self, ticks) => ticks.map(clockOf) },
          {
            ...axis(element),
            size: EDGE.left,
            incrs: isBytesRef.current ? BINARY_STEPS : undefined,
            values: (_self, ticks) => ticks.map((tick) => formatRef.current(tick)),
          },
        ],
        padding: [EDGE.top, EDGE.right, 0, 0],
        series: [
          {},
          ...seriesRef.current.map((one) => ({
            label: one.name,
            width: 1.5,
            stroke: () => colourOf(element, one.colour),
            points: { show: false },
            spanGaps: false,
          })),
          {
            label: 'limit',
            width: 1,
            dash: [4, 4],
            stroke: () => colourOf(element, '--wait'),
            points: { show: false },
          },
        ],
        hooks: { setCursor: [(self) => setHovered(self.cursor.idx ?? null)] },
      },
      [[], ...seriesRef.current.map(() => []), []],
      element,
    );
    chart.current = made;
    const observer = new ResizeObserver(() =>
      made.setSize({ width: Math.max(element.clientWidth, 100), height: heightRef.current }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [shape]);

  useEffect(() => {
    const values = series.map((one) => one.values);
    const largest = Math.max(0, ...values.flat().map((value) => value ?? 0));
    // Far below the limit its line would only flatten the curve: the text says it then.
    const line = limit !== undefined && largest > limit / 4 ? at.map(() => limit) : at.map(() => null);
    // The scale is worked out anew with the data, so another top needs them set again.
    if (top !== undefined && !(top > 0)) return;
    // Without a moment uPlot leaves out the axis of time, and the plot would not be where its overlay is.
    if (at.length === 0) chart.current?.setData([lastMinutes(), ...values.map(() => NOTHING), NOTHING]);
    else chart.current?.setData([at, ...values, line]);
  }, [at, series, limit, top]);
  useEffect(() => {
    if (theme) chart.current?.redraw();
  }, [theme]);

  const moment = hovered === null ? undefined : at[hovered];
  return (
    <figure
      className={cx('flex min-w-0 flex-col gap-1', !bare && 'rounded-lg border border-line bg-surface p-3')}
      aria-label={title}
    >
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-3 text-sm">
        <span className="font-medium">{title}</span>
        <span className="text-muted">
          {moment === undefined || hovered === null ? now : readAt(series, hovered, moment, format)}
        </span>
      </figcaption>
      <div className="relative min-w-0" style={{ height }}>
        <div ref={host} className="absolute inset-0" />
        {overlay && (
          <div className="pointer-events-none absolute" style={EDGE}>
            {overlay}
          </div>
        )}
      </div>
    </figure>
  );
}

const NOTHING = [null, null];

function lastMinutes(): number[] {
  const now = Math.round(Date.now() / 1000);
  return [now - 300, now];
}

function readAt(series: ChartSeries[], index: number, at: number, format: (value: number) => string): string {
  const parts = series.map(({ name, values }) => {
    const value = values[index];
    const text = typeof value === 'number' ? format(value) : 'not known';
    return series.length > 1 ? `${name} ${text}` : text;
  });
  return `${new Date(at * 1000).toLocaleTimeString([], { hour12: false })} · ${parts.join(' · ')}`;
}

function clockOf(at: number): string {
  return new Date(at * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false });
}

/** A little air above the highest line; something to divide by when all is zero. */
function topOf(data: uPlot.AlignedData, least: number): number {
  let top = least;
  for (const column of data.slice(1))
    for (const value of column) if (typeof value === 'number' && value > top) top = value;
  return top > 0 ? top * 1.12 : 1;
}

function axis(element: HTMLElement): uPlot.Axis {
  return {
    stroke: () => colourOf(element, '--muted'),
    font: '11px "Inter Variable", system-ui, sans-serif',
    grid: { stroke: () => colourOf(element, '--line'), width: 1 },
    ticks: { show: false },
    size: EDGE.bottom,
  };
}

/** The theme's colours are functions of light and dark, which a canvas cannot read: let the browser work them out. */
function colourOf(element: HTMLElement, name: string): string {
  const before = element.style.color;
  element.style.color = `var(${name})`;
  const colour = getComputedStyle(element).color;
  element.style.color = before;
  return colour;
}
