import { quantile } from '../measure.ts';
import { table } from '../report.ts';
import type { PageResult } from './bench-page.ts';
import type { SearchRow } from './bench-search.ts';
import type { Frames } from './page-clock.ts';

/** ms between frames at 60 a second. */
const FRAME_MS = 1000 / 60;

const both = (values: readonly number[], digits = 1) =>
  [0.5, 0.95].map((part) => quantile(values, part).toFixed(digits));

/** The list's procedure at the server. */
export function describeSearch(rows: readonly SearchRow[], calls: number): string {
  return [
    '## The list at the server (goal: p95 under 50 ms)',
    `\`guest.search\` at the server’s own socket over HTTP, as root who sees all, ${calls} calls of each, one after the other, each until its answer is parsed.`,
    table(
      ['', 'p50, ms', 'p95, ms', 'one answer, KiB'],
      rows.map(({ name, times, bytes }) => [name, ...both(times), (bytes / 1024).toFixed(0)]),
    ),
  ].join('\n\n');
}

/** The list in a browser. */
export function describePage({ loads, scrolls, keys }: PageResult, guests: number): string {
  return [
    '## In a browser',
    `Chromium, 1440 × 900, headless, without a GPU, on the host itself, over TLS and through the web process; ${guests} guests in the list, signed in as an administrator. Browser, web, server and database share the processors.`,
    '### From the address to drawn rows (goal: 1 s)',
    table(
      ['', 'p50, ms', 'p95, ms', 'times'],
      [
        ['a browser that has nothing of the page', ...both(loads.cold, 0), String(loads.cold.length)],
        ['one that has its code', ...both(loads.warm, 0), String(loads.warm.length)],
      ],
    ),
    '### Scrolling (goal: 60 frames a second)',
    table(
      [
        '',
        'frames a second',
        'between two, p50 ms',
        'p95 ms',
        'left out, %',
        'frames with a row not read yet, %',
      ],
      scrolls.map(({ name, frames }) => describeFrames(name, frames)),
    ),
    '### Filter: from a key to the drawn rows (goal: under 100 ms)',
    table(['', 'p50, ms', 'p95, ms', 'keys'], [['each letter', ...both(keys), String(keys.length)]]),
    'Letters that change nothing of what is found are not counted. The clock runs from the browser’s own time of the key until the first frame with the new rows is drawn.',
  ].join('\n\n');
}

function describeFrames(name: string, { intervals, gaps }: Frames): string[] {
  const sum = intervals.reduce((total, one) => total + one, 0);
  const due = intervals.map((one) => Math.max(1, Math.round(one / FRAME_MS)));
  const all = due.reduce((total, one) => total + one, 0);
  const percent = (part: number, of: number) => ((part / Math.max(1, of)) * 100).toFixed(1);
  return [
    name,
    ((intervals.length * 1000) / Math.max(1, sum)).toFixed(1),
    ...both(intervals),
    percent(all - intervals.length, all),
    percent(gaps, intervals.length),
  ];
}
