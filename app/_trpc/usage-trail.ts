'use client';

import { useSyncExternalStore } from 'react';
import type { GuestUsage } from '../../server/guest/schema.ts';

/** The last minute of one guest, oldest first; null where nothing was known. */
export interface UsageTrail {
  cpu: (number | null)[];
  memory: (number | null)[];
}

/** One sample a second: a minute is as much as a sparkline of a row can show. */
const SAMPLES = 60;
const EMPTY: UsageTrail = { cpu: [], memory: [] };

const trails = new Map<string, UsageTrail>();
const listeners = new Set<() => void>();

/** Keep one more sample of each running guest; those that no longer run lose their trail. */
export function recordUsage(guests: Record<string, GuestUsage>): void {
  for (const id of trails.keys()) if (!(id in guests)) trails.delete(id);
  for (const [id, usage] of Object.entries(guests)) {
    const before = trails.get(id) ?? EMPTY;
    trails.set(id, {
      cpu: [...before.cpu, usage.cpu].slice(-SAMPLES),
      memory: [...before.memory, usage.memory].slice(-SAMPLES),
    });
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Follow the last minute of a guest, for a sparkline. */
export function useUsageTrail(id: string): UsageTrail {
  return useSyncExternalStore(
    subscribe,
    () => trails.get(id) ?? EMPTY,
    () => EMPTY,
  );
}
