import type { GuestUsage } from '../../../server/guest/schema.ts';
import type { UsageHistory } from '../../../server/metrics/schema.ts';

/** Ten minutes at one sample a second, as the server keeps. */
export const SAMPLES = 600;

const COLUMNS = [
  'cpu',
  'memory',
  'pids',
  'networkReceive',
  'networkTransmit',
  'ioRead',
  'ioWrite',
  'throttled',
] as const satisfies readonly (keyof GuestUsage)[];
type Column = (typeof COLUMNS)[number];

/** Column arrays, as uPlot takes them; null where nothing was known. */
export type UsageSeries = { at: number[] } & Record<Column, (number | null)[]>;

function series(at: number[], columnOf: (column: Column) => (number | null)[]): UsageSeries {
  return {
    at,
    cpu: columnOf('cpu'),
    memory: columnOf('memory'),
    pids: columnOf('pids'),
    networkReceive: columnOf('networkReceive'),
    networkTransmit: columnOf('networkTransmit'),
    ioRead: columnOf('ioRead'),
    ioWrite: columnOf('ioWrite'),
    throttled: columnOf('throttled'),
  };
}

export const EMPTY_SERIES: UsageSeries = series([], () => []);

/** The history with one more sample at `at` (unix seconds); a second sample of the same second takes the place of the first. */
export function withSample(history: UsageSeries, at: number, usage: GuestUsage): UsageSeries {
  const second = Math.floor(at);
  const last = history.at.at(-1);
  if (last !== undefined && second < Math.floor(last)) return history;
  const keep = last !== undefined && Math.floor(last) === second ? -1 : undefined;
  const push = <T>(column: T[], value: T) => [...column.slice(0, keep), value].slice(-SAMPLES);
  return series(push(history.at, second), (column) => push(history[column], usage[column]));
}

/** What the server remembered, then what was seen since. A column that the server does not keep begins with what was seen. */
export function joinHistory(remembered: UsageHistory | UsageSeries, seen: UsageSeries): UsageSeries {
  const kept: Partial<Record<Column, (number | null)[]>> = remembered;
  const before = (column: Column) => kept[column] ?? remembered.at.map(() => null);
  const end = remembered.at.at(-1) ?? Number.NEGATIVE_INFINITY;
  const from = seen.at.findIndex((at) => at > end);
  if (from < 0) return series(remembered.at, before);
  const join = <T>(a: T[], b: T[]) => [...a, ...b.slice(from)].slice(-SAMPLES);
  return series(join(remembered.at, seen.at), (column) => join(before(column), seen[column]));
}
