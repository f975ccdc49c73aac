import { type GuestLimits, guestLimits, LEAST_LIMITS } from '../../../server/guest/limits-schema.ts';
import { formatBytesExact, formatBytesWithin, formatCores } from '../../_ui/index.ts';
import { formatMicros, type LimitKey } from './limit-text.ts';

type Bounds = Record<'cpu' | 'memory' | 'swap' | 'pids', number>;

const SHOWN: Record<keyof Bounds, (value: number) => string> = {
  cpu: (value) => `${formatCores(value)} cores`,
  memory: formatBytesWithin,
  swap: formatBytesWithin,
  pids: String,
};

/**
 * What is wrong with the changed limits before the server is asked, by path: `memory`, `io.0.readBytes`. The server has the
 * last word on what this host can do.
 */
export function findLimitProblems(
  limits: GuestLimits,
  changed: readonly LimitKey[],
  bounds: Bounds,
): Record<string, string> {
  const problems: Record<string, string> = {};
  const isChanged = (...keys: LimitKey[]) => keys.some((key) => changed.includes(key));
  for (const key of ['cpu', 'memory', 'swap', 'pids'] as const) {
    if (!isChanged(key)) continue;
    const value = limits[key];
    if (Number.isNaN(value)) problems[key] = `this is no number; at most ${SHOWN[key](bounds[key])} here`;
    else if (value < LEAST_LIMITS[key]) problems[key] = `too little: at least ${SHOWN[key](LEAST_LIMITS[key])}`;
    else if (value > bounds[key])
      problems[key] =
        bounds[key] === 0 ? 'this host has none' : `more than this host has: at most ${SHOWN[key](bounds[key])}`;
  }
  if (isChanged('memory', 'memoryHigh') && limits.memoryHigh !== null && limits.memoryHigh > limits.memory)
    problems.memoryHigh = `above the limit of ${formatBytesExact(limits.memory)} it would never count`;
  if (isChanged('memory', 'memoryLow') && limits.memoryLow > limits.memory)
    problems.memoryLow = `more than the limit of ${formatBytesExact(limits.memory)}`;
  const quota = limits.cpu * limits.cpuPeriodMicros;
  if (isChanged('cpu', 'cpuPeriodMicros', 'cpuBurstMicros') && limits.cpuBurstMicros > quota)
    problems.cpuBurstMicros = `more than one period's quota of ${formatMicros(Math.floor(quota))}`;
  for (const issue of guestLimits.safeParse(limits).error?.issues ?? []) {
    if (!changed.some((key) => key === issue.path[0])) continue;
    problems[issue.path.join('.')] ??=
      issue.code === 'invalid_type' ? 'this is no number' : issue.message;
  }
  return problems;
}
