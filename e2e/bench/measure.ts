import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds of several runs of one thing. */
export interface Samples {
  median: number;
  min: number;
  max: number;
  runs: number;
}

/** Median, least and most of some numbers. */
export function summarize(values: readonly number[]): Samples {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const median =
    sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
  return { median, min: sorted[0] ?? 0, max: sorted.at(-1) ?? 0, runs: sorted.length };
}

/** The part of sorted numbers below which this much of them lies. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

const stopping = new AbortController();

/** From now on a SIGINT, SIGTERM or SIGHUP ends every wait and every further measurement, so that all is cleaned on the way out; more of them change nothing. */
export function stopOnSignal(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      console.log(`  ${signal}: cleaning`);
      stopping.abort(new Error(`stopped by ${signal}`));
    });
  }
}

/** Aborted by a signal that ends the bench. */
export const stopSignal = stopping.signal;

/** How long one run of `work` takes, ms. Throws what it throws, and after a signal at once. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  stopSignal.throwIfAborted();
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Wait for something, `ms` at the most and no longer than until a signal. Throws `what` that did not come. */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  stopSignal.throwIfAborted();
  const { promise: over, reject } = Promise.withResolvers<never>();
  const late = setTimeout(() => reject(new Error(`${what}: not within ${ms / 1000} s`)), ms);
  const stop = () => reject(stopSignal.reason);
  stopSignal.addEventListener('abort', stop);
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(late);
    stopSignal.removeEventListener('abort', stop);
  }
}

/** Sleep, ms; not past a signal that ends the bench, which is thrown. */
export async function pause(ms: number): Promise<void> {
  await sleep(ms, undefined, { signal: stopSignal }).catch(() => stopSignal.throwIfAborted());
}

/** Proportional set size of processes together, bytes (/proc/PID/smaps_rollup, proc(5)). */
export function pss(readFile: (path: string) => string, pids: readonly number[]): number {
  return pids.reduce(
    (sum, pid) =>
      sum + Number(/^Pss:\s+(\d+) kB/m.exec(readFile(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024,
    0,
  );
}

/** An error in one line, for a table's cell. */
export function reasonOf(error: unknown): string {
  // What failed first, and then what failed while it was cleaned up after.
  if (error instanceof SuppressedError) return `${reasonOf(error.suppressed)}; then ${reasonOf(error.error)}`;
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\s+/g, ' ').replaceAll('|', '/').trim().slice(0, 200);
}
