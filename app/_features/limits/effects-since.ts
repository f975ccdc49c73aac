import type { GuestEffects } from '../../../server/guest/effects-schema.ts';
import { formatBytes, formatDuration, plural } from '../../_ui/index.ts';
import type { LimitGroup } from './limit-text.ts';

type Counter =
  | 'throttledMicros'
  | 'throttledPeriods'
  | 'periods'
  | 'memoryHigh'
  | 'memoryMax'
  | 'oomKills'
  | 'reclaimed'
  | 'refusedForks';

/** What one kind of effect came to. `hurts`: the limit held the guest back. */
export interface Effect {
  name: string;
  text: string;
  hurts: boolean;
  /** Why this host does not tell it. */
  reason?: string;
}

/** Why this host does not tell these; null where it does, or nobody knows. */
export interface Untold {
  pressure: string | null;
  memoryHigh: string | null;
}

const NOT_COUNTED = 'the kernel of this host does not count it';

/** The increase of a counter since `base`; from its start when there is no base or the guest was started anew. */
function since(counter: Counter, now: GuestEffects, base: GuestEffects | null): number | null {
  const value = now[counter];
  if (value === null) return null;
  const before = base?.[counter] ?? 0;
  return value >= before ? value - before : value;
}

function untold(name: string, reason: string | null): Effect {
  return { name, text: 'not on this host', hurts: false, reason: reason ?? NOT_COUNTED };
}

function counted(
  name: string,
  value: number | null,
  text: (value: number) => string,
  reason: string | null = null,
): Effect {
  if (value === null) return untold(name, reason);
  return { name, text: value === 0 ? 'none' : text(value), hurts: value > 0 };
}

function pressure(value: number | null, reason: string | null): Effect {
  const name = 'Waiting, last 10 s';
  if (value === null) return untold(name, reason);
  const percent = Math.round(value * 1000) / 10;
  return { name, text: percent === 0 ? 'none' : `${percent} % of the time`, hurts: percent >= 10 };
}

const times = (count: number) => plural(count, 'time');

/** What the limits of a group did since `base`, or since the guest started without one. Pure. */
export function effectsOf(
  group: LimitGroup,
  now: GuestEffects,
  base: GuestEffects | null,
  why: Untold,
): Effect[] {
  const of = (counter: Counter) => since(counter, now, base);
  if (group === 'cpu') {
    const [held, periods] = [of('throttledPeriods'), of('periods')];
    const share = held && periods ? `, in ${held} of ${periods} periods` : '';
    return [
      counted('Held back', of('throttledMicros'), (micros) => formatDuration(micros / 1000) + share),
      pressure(now.cpuPressure, why.pressure),
    ];
  }
  if (group === 'memory') {
    return [
      counted('Limit reached', of('memoryMax'), times),
      counted('Slowed down', of('memoryHigh'), times, why.memoryHigh),
      counted('Taken back', of('reclaimed'), (pages) => plural(pages, 'page')),
      counted('Killed for memory', of('oomKills'), (count) => plural(count, 'process', 'processes')),
      pressure(now.memoryPressure, why.pressure),
      ...(now.memoryPeak === null
        ? []
        : [{ name: 'Most ever', text: formatBytes(now.memoryPeak), hurts: false }]),
    ];
  }
  if (group === 'pids') {
    return [counted('Refused forks', of('refusedForks'), times)];
  }
  return group === 'io' ? [pressure(now.ioPressure, why.pressure)] : [];
}
