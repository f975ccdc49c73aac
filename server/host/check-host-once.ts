import type { Platform } from '../platform.ts';
import { checkHost } from './check-host.ts';
import type { HostCheckReport } from './check-schema.ts';

/** How long a report stands: settings of the host may change while somebody mends what it tells. */
const KEEP_MS = 5000;

/** The check of this host for many who ask: one runs at a time, and what it found stands for a moment. */
export function checkHostOnce({
  runtime,
  instance,
}: Pick<Platform, 'runtime' | 'instance'>): () => Promise<HostCheckReport> {
  let kept: { at: number; report: Promise<HostCheckReport> } | null = null;
  return () => {
    if (kept && performance.now() - kept.at < KEEP_MS) return kept.report;
    const report = checkHost({
      root: '',
      folder: instance.dataDir,
      whyNot: (probe) => runtime.whyNot(probe),
    });
    const mine = { at: Number.POSITIVE_INFINITY, report };
    kept = mine;
    report.then(
      () => {
        mine.at = performance.now();
      },
      () => {
        if (kept === mine) kept = null;
      },
    );
    return report;
  };
}
