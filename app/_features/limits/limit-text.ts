import type { GuestLimits, IoLimit } from '../../../server/guest/limits-schema.ts';
import { formatBytesExact, formatCores } from '../../_ui/index.ts';

export type LimitKey = keyof GuestLimits;
export type LimitGroup = 'cpu' | 'memory' | 'io' | 'pids' | 'network' | 'hugepages';

/** Every limit by its name on the page, in the order of the page. */
export const LIMIT_NAMES: Record<LimitKey, { group: LimitGroup; name: string }> = {
  cpu: { group: 'cpu', name: 'CPU' },
  cpuWeight: { group: 'cpu', name: 'CPU weight' },
  cpuPeriodMicros: { group: 'cpu', name: 'CPU period' },
  cpuBurstMicros: { group: 'cpu', name: 'CPU burst' },
  cpuset: { group: 'cpu', name: 'CPUs' },
  memory: { group: 'memory', name: 'Memory' },
  swap: { group: 'memory', name: 'Swap' },
  memoryHigh: { group: 'memory', name: 'Slow down from' },
  memoryLow: { group: 'memory', name: 'Spared memory' },
  outOfMemory: { group: 'memory', name: 'When memory runs out' },
  io: { group: 'io', name: 'Rates of disks' },
  ioWeight: { group: 'io', name: 'IO weight' },
  pids: { group: 'pids', name: 'Processes' },
  networkReceive: { group: 'network', name: 'Receive rate' },
  networkTransmit: { group: 'network', name: 'Send rate' },
  networkPriority: { group: 'network', name: 'Priority' },
  hugepages: { group: 'hugepages', name: 'Huge pages' },
};

export const LIMIT_KEYS = Object.keys(LIMIT_NAMES) as LimitKey[];

/** Micros as a person writes them: `100 ms`, `2.5 ms`, `1 s`, `750 µs`. */
export function formatMicros(micros: number): string {
  if (micros === 0) return '0';
  if (micros % 1_000_000 === 0) return `${micros / 1_000_000} s`;
  if (micros % 10 === 0 && micros >= 1000) return `${micros / 1000} ms`;
  return `${micros} µs`;
}

/** `100ms`, `2.5 ms`, `1s`, `750us`; a bare number is milliseconds. NaN when it is none of these. */
export function parseMicros(text: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(us|µs|μs|ms|s)?\s*$/i.exec(text);
  if (!match) return Number.NaN;
  const unit = (match[2] ?? 'ms').toLowerCase();
  return Math.round(Number(match[1]) * (unit === 's' ? 1_000_000 : unit === 'ms' ? 1000 : 1));
}

/** `10 MiB/s` to bytes a second and back. */
export function formatRate(bytes: number): string {
  return `${formatBytesExact(bytes)}/s`;
}

function ioText({ device, readBytes, writeBytes, readOps, writeOps }: IoLimit): string {
  const parts = [
    readBytes !== null && `read ${formatRate(readBytes)}`,
    writeBytes !== null && `write ${formatRate(writeBytes)}`,
    readOps !== null && `read ${readOps} ops/s`,
    writeOps !== null && `write ${writeOps} ops/s`,
  ].filter(Boolean);
  return `${device}: ${parts.length > 0 ? parts.join(', ') : 'unlimited'}`;
}

const orElse = (value: number | null, none: string, text: (value: number) => string) =>
  value === null ? none : text(value);

/** One limit in words, as the page shows it in lists of changes. */
export function limitText(key: LimitKey, limits: GuestLimits): string {
  const byKey: Record<LimitKey, () => string> = {
    cpu: () => `${formatCores(limits.cpu)} ${limits.cpu === 1 ? 'core' : 'cores'}`,
    cpuWeight: () => String(limits.cpuWeight),
    cpuPeriodMicros: () => formatMicros(limits.cpuPeriodMicros),
    cpuBurstMicros: () => formatMicros(limits.cpuBurstMicros),
    cpuset: () => limits.cpuset ?? 'all',
    memory: () => formatBytesExact(limits.memory),
    swap: () => formatBytesExact(limits.swap),
    memoryHigh: () => orElse(limits.memoryHigh, 'just under the limit', formatBytesExact),
    memoryLow: () => formatBytesExact(limits.memoryLow),
    outOfMemory: () => limits.outOfMemory,
    ioWeight: () => orElse(limits.ioWeight, 'the host’s', String),
    io: () => (limits.io.length > 0 ? limits.io.map(ioText).join('; ') : 'unlimited'),
    pids: () => String(limits.pids),
    networkReceive: () => orElse(limits.networkReceive, 'unlimited', formatRate),
    networkTransmit: () => orElse(limits.networkTransmit, 'unlimited', formatRate),
    networkPriority: () => orElse(limits.networkPriority, 'the host’s', String),
    hugepages: () =>
      limits.hugepages.length > 0
        ? limits.hugepages.map(({ size, bytes }) => `${size}: ${formatBytesExact(bytes)}`).join('; ')
        : 'none set',
  };
  const value = limits[key];
  // What is being typed may be none yet.
  return typeof value === 'number' && Number.isNaN(value) ? 'no number' : byKey[key]();
}

function same(key: LimitKey, a: GuestLimits, b: GuestLimits): boolean {
  return JSON.stringify(a[key]) === JSON.stringify(b[key]);
}

/** The limits that differ, in the order of the page. */
export function changedKeys(before: GuestLimits, after: GuestLimits): LimitKey[] {
  return LIMIT_KEYS.filter((key) => !same(key, before, after));
}

/** Those limits alone, as `guest.configure` takes them. */
export function pickLimits(limits: GuestLimits, keys: readonly LimitKey[]): Partial<GuestLimits> {
  return Object.fromEntries(keys.map((key) => [key, limits[key]]));
}
