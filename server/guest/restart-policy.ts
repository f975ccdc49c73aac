import type { GuestInit } from './schema.ts';

/** Starts that the restart policy made, in a row, and when the next one is due. */
export type Restarts = {
  count: number;
  /** null with a guest that is scheduled: with the others that start when the host has booted. */
  at: string | null;
};

export const NO_RESTARTS: Restarts = { count: 0, at: null };

/** A run of so many times the pause before it (of 1 s where there is none) counts as a success: the count begins anew. */
const STEADY = 10;

/**
 * What the policy says after an end that nobody asked for: after how many ms the guest starts again and the how many-th
 * time in a row that is; null when it does not. `ranMs` is how long it ran. Pure.
 */
export function nextStart(
  { policy, delayMs, maxDelayMs, attempts }: GuestInit['restart'],
  end: { failed: boolean; ranMs: number; count: number },
): { inMs: number; count: number } | { gaveUp: boolean } {
  if (policy === 'no' || (policy === 'on-failure' && !end.failed)) return { gaveUp: false };
  const most = Math.max(delayMs, maxDelayMs);
  const pause = (count: number) => Math.min(delayMs * 2 ** Math.min(count, 40), most);
  const steady = end.count > 0 && end.ranMs >= STEADY * (pause(end.count - 1) || 1000);
  const count = steady ? 0 : end.count;
  if (attempts !== null && count >= attempts) return { gaveUp: true };
  return { inMs: pause(count), count: count + 1 };
}
