import type { GuestView } from '../../../server/guest/schema.ts';
import type { Tone } from '../../_ui/index.ts';

/** How much of its limits a guest uses: of that one of which it uses most. */
export interface LimitUse {
  of: 'cpu' | 'memory' | 'pids';
  /** 0 to 1; CPU may be a little over for a moment. */
  share: number;
  tone: Tone;
}

/** From here on it is worth a look, and from here on it is short of it. */
const MUCH = 0.7;
const SHORT = 0.9;

/** Null for a guest that does not run, or has no limit that is known. Pure. */
export function limitUse({ usage, limits }: Pick<GuestView, 'usage' | 'limits'>): LimitUse | null {
  if (!usage) return null;
  const shares = (
    [
      ['cpu', usage.cpu, limits.cpu],
      ['memory', usage.memory, limits.memory],
      ['pids', usage.pids, limits.pids],
    ] as const
  ).flatMap(([of, used, limit]) => (used === null || !limit ? [] : [{ of, share: used / limit }]));
  const [first] = shares.sort((a, b) => b.share - a.share);
  if (!first) return null;
  return { ...first, tone: first.share >= SHORT ? 'bad' : first.share >= MUCH ? 'wait' : 'ok' };
}

/** `memory 92 %`. Pure. */
export const limitUseWords = ({ of, share }: LimitUse) => `${of} ${Math.round(share * 100)} %`;
