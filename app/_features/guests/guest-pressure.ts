import type { GuestView } from '../../../server/guest/schema.ts';
import type { Tone } from '../../_ui/index.ts';

/** How hard a guest is pressed: nothing worth a look, worth a look, short of something. */
export type PressureLevel = 'low' | 'some' | 'high';

/** By what a guest is pressed most. */
export interface GuestPressure {
  of: 'cpu' | 'memory' | 'pids';
  level: PressureLevel;
  /** `memory 92 %`, `cpu held back 30 %`. */
  words: string;
}

interface Measure {
  of: GuestPressure['of'];
  /** How much of it is pressure at all: of the limit, or of the time. */
  share: number;
  /** From here on it is worth a look, and from here on it is short of it. */
  from: readonly [some: number, high: number];
  called: string;
}

/** Of a limit that it must not reach. */
const OF_LIMIT = [0.7, 0.9] as const;
/** Of the time in which it wanted to run and was held back by its quota: full use alone is no pressure. */
const OF_TIME = [0.05, 0.25] as const;

const LEVELS = ['low', 'some', 'high'] as const;

/** What a level's colour is; a guest that does not run is pressed by nothing. */
export const PRESSURE_TONE: Record<PressureLevel, Tone> = { low: 'ok', some: 'wait', high: 'bad' };

/** Null for a guest that does not run, or has no limit that is known. Pure. */
export function guestPressure({
  usage,
  limits,
  waitingForMemory,
}: Pick<GuestView, 'usage' | 'limits' | 'waitingForMemory'>): GuestPressure | null {
  if (waitingForMemory) return { of: 'memory', level: 'high', words: 'waits for memory' };
  if (!usage) return null;
  const { cpu, throttled, memory, pids } = usage;
  const measures: Measure[] = [];
  // Where the host does not tell how long it is held back, what it uses is all that is known.
  if (throttled !== null)
    measures.push({ of: 'cpu', share: throttled, from: OF_TIME, called: 'cpu held back' });
  else if (cpu !== null && limits.cpu)
    measures.push({ of: 'cpu', share: cpu / limits.cpu, from: OF_LIMIT, called: 'cpu' });
  if (limits.memory)
    measures.push({ of: 'memory', share: memory / limits.memory, from: OF_LIMIT, called: 'memory' });
  if (limits.pids)
    measures.push({ of: 'pids', share: pids / limits.pids, from: OF_LIMIT, called: 'processes' });
  const [worst] = measures.sort((a, b) => levelOf(b) - levelOf(a) || relative(b) - relative(a));
  if (!worst) return null;
  return {
    of: worst.of,
    level: LEVELS[levelOf(worst)] ?? 'low',
    words: `${worst.called} ${Math.round(worst.share * 100)} %`,
  };
}

const levelOf = ({ share, from }: Measure) => from.filter((one) => share >= one).length;
/** Shares of different things beside each other: 1 is where each is short. */
const relative = ({ share, from }: Measure) => share / from[1];
