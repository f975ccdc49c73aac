'use client';

import { useSyncExternalStore } from 'react';
import { formatExact, formatRelative } from './format.ts';

const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** One clock for the whole page, ticking only while somebody looks at it. */
function subscribe(listener: () => void) {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time of now, to the second. */
export function useNow(): number {
  return useSyncExternalStore(
    subscribe,
    () => now,
    () => now,
  );
}

/**
 * How long ago (or `bare`: for how long), with the exact time on hover. `ahead`: in how long, of what is still to come; anything else that
 * seems to is now, as the clocks of two machines differ.
 */
export function RelativeTime({ at, bare, ahead }: { at: string; bare?: boolean; ahead?: boolean }) {
  const current = Math.max(useNow(), Date.now());
  const time = new Date(at).getTime();
  const text = ahead && time > current ? formatRelative(current, time) : formatRelative(time, current);
  const whole = ahead && time > current ? `in ${text}` : `${text} ago`;
  return (
    <time dateTime={at} title={formatExact(at)} className="whitespace-nowrap">
      {bare || text === 'now' ? text : whole}
    </time>
  );
}
