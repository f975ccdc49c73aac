import type { GuestUsage } from '../../../server/guest/schema.ts';
import type { UsageHistory } from '../../../server/metrics/schema.ts';

/** Ten minutes at one sample a second, as the server keeps. */
export const SAMPLES = 600;

export const EMPTY_HISTORY: UsageHistory = {
  at: [],
  cpu: [],
  memory: [],
  pids: [],
  networkReceive: [],
  networkTransmit: [],
};

/** The history with one more sample at `at` (unix seconds); a second sample of the same second takes the place of the first. */
export function withSample(history: UsageHistory, at: number, usage: GuestUsage): UsageHistory {
  const second = Math.floor(at);
  const last = history.at.at(-1);
  if (last !== undefined && second < Math.floor(last)) return history;
  const keep = last !== undefined && Math.floor(last) === second ? -1 : undefined;
  const push = <T>(column: T[], value: T) => [...column.slice(0, keep), value].slice(-SAMPLES);
  return {
    at: push(history.at, second),
    cpu: push(history.cpu, usage.cpu),
    memory: push(history.memory, usage.memory),
    pids: push(history.pids, usage.pids),
    networkReceive: push(history.networkReceive, usage.networkReceive),
    networkTransmit: push(history.networkTransmit, usage.networkTransmit),
  };
}

/** What the server remembered, then what was seen since. */
export function joinHistory(remembered: UsageHistory, seen: UsageHistory): UsageHistory {
  const end = remembered.at.at(-1) ?? Number.NEGATIVE_INFINITY;
  const from = seen.at.findIndex((at) => at > end);
  if (from < 0) return remembered;
  const join = <T>(a: T[], b: T[]) => [...a, ...b.slice(from)].slice(-SAMPLES);
  return {
    at: join(remembered.at, seen.at),
    cpu: join(remembered.cpu, seen.cpu),
    memory: join(remembered.memory, seen.memory),
    pids: join(remembered.pids, seen.pids),
    networkReceive: join(remembered.networkReceive, seen.networkReceive),
    networkTransmit: join(remembered.networkTransmit, seen.networkTransmit),
  };
}
