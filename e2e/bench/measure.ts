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

let stoppedBy: string | null = null;

/** From now on the first SIGINT or SIGTERM makes every further measurement fail, so that all is cleaned on the way out. */
export function stopOnSignal(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stoppedBy = signal;
      console.log(`  ${signal}: cleaning`);
    });
  }
}

/** How long one run of `work` takes, ms. Throws what it throws, and after a signal at once. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  if (stoppedBy !== null) throw new Error(`stopped by ${stoppedBy}`);
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
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
