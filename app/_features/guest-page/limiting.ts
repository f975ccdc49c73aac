import type { GuestLimits, GuestUsage, GuestView } from '../../../server/guest/schema.ts';
import { formatBytes, formatBytesExact } from '../../_ui/index.ts';

/** From this share of a limit on, it is what holds the guest back. */
const NEAR = 0.95;
/** Held back for less of the time than this, nobody feels it. */
const FELT = 0.02;

export interface Limiting {
  what: 'cpu' | 'memory' | 'pids' | 'network' | 'io' | 'freezer';
  message: string;
}

/** What holds a guest back now, by its newest numbers; empty when nothing does. */
export function limiting(
  guest: Pick<GuestView, 'state' | 'limits' | 'usage' | 'waitingForMemory'>,
): Limiting[] {
  const { state, limits, usage } = guest;
  if (guest.waitingForMemory) {
    const message = 'memory: it ran out, and the guest stands still until somebody decides';
    return [{ what: 'memory', message }];
  }
  if (state === 'frozen')
    return [{ what: 'freezer', message: 'the freezer: no process runs until it is unfrozen' }];
  if (!usage) return [];
  const pids =
    usage.pids >= limits.pids * NEAR
      ? `processes: ${usage.pids} of ${limits.pids}; fork fails at the limit`
      : null;
  const found: [Limiting['what'], string | null][] = [
    ['cpu', cpuMessage(limits, usage)],
    ['memory', memoryMessage(limits, usage)],
    ['pids', pids],
    ['network', rateMessage('receiving', usage.networkReceive, limits.networkReceive)],
    ['network', rateMessage('sending', usage.networkTransmit, limits.networkTransmit)],
    ['io', ioMessage('reading', usage.ioRead, limits, 'readBytes')],
    ['io', ioMessage('writing', usage.ioWrite, limits, 'writeBytes')],
  ];
  return found.flatMap(([what, message]) => (message === null ? [] : [{ what, message }]));
}

function cpuMessage(limits: GuestLimits, { cpu, throttled }: GuestUsage): string | null {
  const uses = cpu === null ? '' : `: it uses ${cpu.toFixed(2)} of ${limits.cpu} cores`;
  if (throttled !== null && throttled >= FELT) {
    return `CPU${uses} and was held back ${Math.round(throttled * 100)} % of the last second`;
  }
  return cpu !== null && cpu >= limits.cpu * NEAR ? `CPU${uses}` : null;
}

function memoryMessage({ memory, memoryHigh }: GuestLimits, usage: GuestUsage): string | null {
  if (usage.memory >= memory * NEAR)
    return 'memory: the kernel reclaims from it, and kills in it when that fails';
  if (memoryHigh !== null && usage.memory >= memoryHigh)
    return `memory: above ${formatBytesExact(memoryHigh)} it is slowed down and reclaimed from`;
  return null;
}

function rateMessage(doing: string, rate: number | null, limit: number | null): string | null {
  if (rate === null || limit === null || rate < limit * NEAR) return null;
  return `network: ${doing} ${formatBytes(rate)}/s of ${formatBytes(limit)}/s`;
}

/** The rate is of all disks together: it tells of one limit only when one disk has any. */
function ioMessage(
  doing: string,
  rate: number | null,
  limits: GuestLimits,
  which: 'readBytes' | 'writeBytes',
): string | null {
  const [only, ...others] = limits.io;
  const limit = only && others.length === 0 ? only[which] : null;
  if (rate === null || limit === null || rate < limit * NEAR) return null;
  return `disk: ${doing} ${formatBytes(rate)}/s of ${formatBytes(limit)}/s`;
}
