import type { GuestLimits, GuestUsage } from '../../../server/guest/schema.ts';

/** From this share of a limit on, it is what holds the guest back. */
const NEAR = 0.95;

export interface Limiting {
  what: 'cpu' | 'memory' | 'pids' | 'freezer';
  message: string;
}

/** What holds a guest back now, by its newest numbers; empty when nothing does. */
export function limiting(state: string, limits: GuestLimits, usage: GuestUsage | null): Limiting[] {
  if (state === 'frozen')
    return [{ what: 'freezer', message: 'the freezer: no process runs until it is unfrozen' }];
  if (!usage) return [];
  const found: Limiting[] = [];
  if (usage.cpu !== null && usage.cpu >= limits.cpu * NEAR) {
    found.push({
      what: 'cpu',
      message: `CPU: it uses ${usage.cpu.toFixed(2)} of ${limits.cpu} cores and is throttled`,
    });
  }
  if (usage.memory >= limits.memory * NEAR) {
    found.push({
      what: 'memory',
      message: 'memory: the kernel reclaims from it, and kills in it when that fails',
    });
  }
  if (usage.pids >= limits.pids * NEAR) {
    found.push({
      what: 'pids',
      message: `processes: ${usage.pids} of ${limits.pids}; fork fails at the limit`,
    });
  }
  return found;
}
