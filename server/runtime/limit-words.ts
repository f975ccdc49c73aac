import { AppError } from '../errors/app-error.ts';
import type { GuestLimits, IoLimit } from '../guest/limits-schema.ts';
import type { KernelLimits, KernelRates, KernelReadLimits } from './kernel.ts';
import { each, type SpecEntries } from './spec-entries.ts';

/** The least quota that the kernel takes, µs (sched-bwc.rst). */
const LEAST_QUOTA_MICROS = 1000;

/** Words of io.max and the names that they have here. */
const IO_WORDS = [
  ['rbps', 'readBytes'],
  ['wbps', 'writeBytes'],
  ['riops', 'readOps'],
  ['wiops', 'writeOps'],
] as const;

/** µs of CPU in each period. */
function quotaOf({ cpu, cpuPeriodMicros }: Pick<GuestLimits, 'cpu' | 'cpuPeriodMicros'>): number {
  return Math.round(cpu * cpuPeriodMicros);
}

/** Throws `bad_input` on its field for a quota or burst that the kernel would refuse with EINVAL. Pure. */
export function checkQuota(limits: GuestLimits): void {
  const quota = quotaOf(limits);
  if (quota < LEAST_QUOTA_MICROS) {
    const least = Math.ceil(LEAST_QUOTA_MICROS / limits.cpu);
    throw new AppError(
      'bad_input',
      `${limits.cpu} cores of a period of ${limits.cpuPeriodMicros} µs are ${quota} µs, and the kernel takes ${LEAST_QUOTA_MICROS} at least: make the period ${least} µs or longer`,
      { field: ['limits', 'cpuPeriodMicros'] },
    );
  }
  if (limits.cpuBurstMicros > quota) {
    throw new AppError(
      'bad_input',
      `cpuBurstMicros of ${limits.cpuBurstMicros} is more than the quota of one period: at most ${quota}`,
      { field: ['limits', 'cpuBurstMicros'] },
    );
  }
}

/** Limits as the kernel counts them. Disks are named by their numbers already. Pure. */
export function kernelLimits(limits: GuestLimits): KernelLimits {
  return {
    cpuMicros: quotaOf(limits),
    cpuPeriodMicros: limits.cpuPeriodMicros,
    cpuBurstMicros: limits.cpuBurstMicros,
    cpuWeight: limits.cpuWeight,
    cpuset: limits.cpuset,
    memory: limits.memory,
    memoryHigh: limits.memoryHigh,
    memoryLow: limits.memoryLow,
    swap: limits.swap,
    killAll: limits.outOfMemory === 'kill-all',
    pids: limits.pids,
    ioWeight: limits.ioWeight,
    ioMax: limits.io.map(ioLine),
    hugetlb: limits.hugepages.map(({ size, bytes }) => `${size} ${bytes}`),
  };
}

/**
 * What the kernel says that it applies. What it cannot tell (a limit that this host has not, a default) stands as it was
 * wanted. `wanted.io` names disks by their numbers. Pure.
 */
export function readBackOf(
  wanted: GuestLimits,
  read: KernelReadLimits,
  rates: KernelRates | null,
): GuestLimits {
  const period = read.cpuPeriodMicros ?? wanted.cpuPeriodMicros;
  return {
    ...wanted,
    cpu: read.cpuMicros === null ? wanted.cpu : coresOf(read.cpuMicros, period, wanted),
    cpuWeight: read.cpuWeight ?? wanted.cpuWeight,
    cpuPeriodMicros: period,
    cpuBurstMicros: read.cpuBurstMicros ?? wanted.cpuBurstMicros,
    cpuset: read.cpuset,
    memory: read.memory ?? wanted.memory,
    memoryHigh: wanted.memoryHigh === null ? null : read.memoryHigh,
    memoryLow: read.memoryLow ?? wanted.memoryLow,
    swap: read.swap ?? wanted.swap,
    pids: read.pids ?? wanted.pids,
    ioWeight: wanted.ioWeight === null ? null : read.ioWeight,
    io: read.ioMax.map(ioOf),
    hugepages: read.hugetlb.map((line) => {
      const [size = '', bytes] = line.split(' ');
      return { size, bytes: Number(bytes) };
    }),
    networkReceive: rates?.receive ?? null,
    networkTransmit: rates?.transmit ?? null,
  };
}

/** The same number that was asked for, unless the kernel has another quota than that makes. */
function coresOf(quota: number, period: number, wanted: GuestLimits): number {
  return period === wanted.cpuPeriodMicros && quota === quotaOf(wanted) ? wanted.cpu : quota / period;
}

/** The limits of a spec; what is as in a new group is left out. Pure. */
export function limitEntries(limits: GuestLimits): SpecEntries {
  const some = (value: number | null, otherwise: number | null = null) =>
    value === null || value === otherwise ? [] : [`${value}`];
  return [
    ['cpu_micros', `${quotaOf(limits)}`],
    ['memory_bytes', `${limits.memory}`],
    ['swap_bytes', `${limits.swap}`],
    ['pids', `${limits.pids}`],
    ...each('cpu_period_micros', some(limits.cpuPeriodMicros, 100_000)),
    ...each('cpu_burst_micros', some(limits.cpuBurstMicros, 0)),
    ...each('cpu_weight', some(limits.cpuWeight, 100)),
    ...each('cpuset', limits.cpuset === null ? [] : [limits.cpuset]),
    ...each('memory_high_bytes', some(limits.memoryHigh)),
    ...each('memory_low_bytes', some(limits.memoryLow, 0)),
    ...each('out_of_memory', limits.outOfMemory === 'kill-one' ? [] : [limits.outOfMemory]),
    ...each('io_weight', some(limits.ioWeight)),
    ...each('io_max', limits.io.map(ioLine)),
    ...each(
      'hugetlb',
      limits.hugepages.map(({ size, bytes }) => `${size} ${bytes}`),
    ),
    ...each('network_receive_bytes', some(limits.networkReceive)),
    ...each('network_transmit_bytes', some(limits.networkTransmit)),
    ...each('network_priority', some(limits.networkPriority)),
  ];
}

function ioLine(limit: IoLimit): string {
  return [limit.device, ...IO_WORDS.map(([word, name]) => `${word}=${limit[name] ?? 'max'}`)].join(' ');
}

function ioOf(line: string): IoLimit {
  const [device = '', ...words] = line.split(' ');
  const values = new Map(words.map((word) => [word.split('=')[0], word.split('=')[1]]));
  const numberOf = (word: string) => {
    const value = values.get(word);
    return value === undefined || value === 'max' ? null : Number(value);
  };
  return {
    device,
    readBytes: numberOf('rbps'),
    writeBytes: numberOf('wbps'),
    readOps: numberOf('riops'),
    writeOps: numberOf('wiops'),
  };
}
