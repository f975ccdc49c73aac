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
  const problems = { ...boundProblems(limits, changed, bounds), ...contradictions(limits, changed) };
  for (const issue of guestLimits.safeParse(limits).error?.issues ?? []) {
    if (!changed.some((key) => key === issue.path[0])) continue;
    problems[issue.path.join('.')] ??= issue.code === 'invalid_type' ? 'this is no number' : issue.message;
  }
  return problems;
}

type Problems = Record<string, string>;

function boundProblems(limits: GuestLimits, changed: readonly LimitKey[], bounds: Bounds): Problems {
  const problems: Problems = {};
  for (const key of ['cpu', 'memory', 'swap', 'pids'] as const) {
    const [value, most] = [limits[key], bounds[key]];
    if (!changed.includes(key)) continue;
    if (Number.isNaN(value)) problems[key] = `this is no number; at most ${SHOWN[key](most)} here`;
    else if (value < LEAST_LIMITS[key])
      problems[key] = `too little: at least ${SHOWN[key](LEAST_LIMITS[key])}`;
    else if (value > most)
      problems[key] =
        most === 0 ? 'this host has none' : `more than this host has: at most ${SHOWN[key](most)}`;
  }
  return problems;
}

/** Limits that make no sense beside each other, whichever of them was changed. */
function contradictions(limits: GuestLimits, changed: readonly LimitKey[]): Problems {
  const problems: Problems = {};
  const isChanged = (...keys: LimitKey[]) => keys.some((key) => changed.includes(key));
  const { memory, memoryHigh, memoryLow } = limits;
  if (isChanged('memory', 'memoryHigh') && memoryHigh !== null && memoryHigh > memory)
    problems.memoryHigh = `above the limit of ${formatBytesExact(memory)} it would never count`;
  if (isChanged('memory', 'memoryLow') && memoryLow > memory)
    problems.memoryLow = `more than the limit of ${formatBytesExact(memory)}`;
  const quota = limits.cpu * limits.cpuPeriodMicros;
  if (isChanged('cpu', 'cpuPeriodMicros', 'cpuBurstMicros') && limits.cpuBurstMicros > quota)
    problems.cpuBurstMicros = `more than one period's quota of ${formatMicros(Math.floor(quota))}`;
  return problems;
}
