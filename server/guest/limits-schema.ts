import { z } from 'zod';

const MiB = 1024 * 1024;

/** The least that makes sense: bytes, cores, processes. */
export const LEAST_LIMITS = { cpu: 0.01, memory: 4 * MiB, swap: 0, pids: 1 };

const bytes = (what: string) =>
  z
    .number({ error: `${what} is a number of bytes` })
    .int(`${what} is a whole number of bytes`)
    .min(0, `${what} cannot be negative`);
const weight = (what: string) =>
  z
    .number({ error: `${what} is a number from 1 to 10000` })
    .int(`${what} is a whole number`)
    .min(1, `${what} is at least 1`)
    .max(10_000, `${what} is at most 10000`);
const rate = (what: string) => bytes(what).min(1, `${what} is at least 1 a second`).nullable();

/** Lists of numbers as the kernel writes them (cpuset(7)): `0-1,3`. */
export const cpuList = z
  .string()
  .max(4096)
  .regex(/^\d+(-\d+)?(,\d+(-\d+)?)*$/, 'cpuset is a list of CPUs such as 0-1,3');

/** Rates to and from one block device, per second; null is unlimited. */
export const ioLimit = z.object({
  /** Numbers or node of a whole disk on the host: `8:0`, `/dev/sda`. */
  device: z
    .string()
    .max(200)
    .regex(/^(\d+:\d+|\/dev\/[\w./-]+)$/, 'a device is named as 8:0 or /dev/sda'),
  readBytes: rate('readBytes'),
  writeBytes: rate('writeBytes'),
  readOps: rate('readOps'),
  writeOps: rate('writeOps'),
});
export type IoLimit = z.infer<typeof ioLimit>;

/** What a guest may use at the most. Bounds that depend on the host are checked by the server. */
export const guestLimits = z.object({
  /** Cores: 1.5 is one and a half. */
  cpu: z
    .number({ error: 'cpu is a number of cores, such as 1.5' })
    .min(LEAST_LIMITS.cpu, 'cpu must be at least 0.01 cores')
    .max(4096),
  /** Share of the CPU where guests compete, beside everybody's 100. */
  cpuWeight: weight('cpuWeight'),
  /** µs in which the quota counts: short is smooth, long lets bursts through. */
  cpuPeriodMicros: z
    .number({ error: 'cpuPeriodMicros is a number of microseconds' })
    .int()
    .min(1000, 'cpuPeriodMicros is at least 1000')
    .max(1_000_000, 'cpuPeriodMicros is at most 1000000'),
  /** µs of quota that may be saved up for a burst; at most one period's quota. */
  cpuBurstMicros: z.number().int().min(0).max(4_096_000_000),
  /** The CPUs that it may run on; null is all of them. */
  cpuset: cpuList.nullable(),
  /** Bytes. */
  memory: z
    .number({ error: 'memory is a number of bytes' })
    .int('memory is a whole number of bytes')
    .min(LEAST_LIMITS.memory, 'memory must be at least 4 MiB'),
  /** Bytes from which on it is slowed and reclaimed; null is a little under `memory`. */
  memoryHigh: bytes('memoryHigh').nullable(),
  /** Bytes that are spared while others have more to give. */
  memoryLow: bytes('memoryLow'),
  /** Bytes of swap beside the memory; 0 is none. */
  swap: bytes('swap'),
  /** What happens when memory runs out: one process ends, all do, or the guest stands still until somebody decides. */
  outOfMemory: z.enum(['kill-one', 'kill-all', 'freeze'], {
    error: 'outOfMemory is kill-one, kill-all or freeze',
  }),
  /** Share of the disks where guests compete, beside everybody's 100; null leaves it alone. */
  ioWeight: weight('ioWeight').nullable(),
  io: z.array(ioLimit).max(64, 'at most 64 devices have limits'),
  /** Processes and threads. */
  pids: z
    .number({ error: 'pids is a number of processes' })
    .int('pids is a whole number')
    .min(LEAST_LIMITS.pids, 'pids must be at least 1'),
  /** Bytes of huge pages of each size (`2MB`, as hugetlb names it). */
  hugepages: z
    .array(
      z.object({
        size: z.string().regex(/^\d+[KMG]B$/, 'a page size is named as 2MB'),
        bytes: bytes('bytes'),
      }),
    )
    .max(16),
  /** Bytes per second from and to the network, seen from the guest; null is unlimited. */
  networkReceive: rate('networkReceive'),
  networkTransmit: rate('networkTransmit'),
  /** 0 to 7; null leaves it alone. Higher goes first. */
  networkPriority: z.number().int().min(0).max(7).nullable(),
});
export type GuestLimits = z.infer<typeof guestLimits>;

/** The four that a guest always has; the rest is as MORE_LIMITS says until somebody sets it. */
export type MainLimits = Pick<GuestLimits, 'cpu' | 'memory' | 'swap' | 'pids'>;

export const MORE_LIMITS = {
  cpuWeight: 100,
  cpuPeriodMicros: 100_000,
  cpuBurstMicros: 0,
  cpuset: null,
  memoryHigh: null,
  memoryLow: 0,
  outOfMemory: 'kill-one',
  ioWeight: null,
  io: [],
  hugepages: [],
  networkReceive: null,
  networkTransmit: null,
  networkPriority: null,
} satisfies Omit<GuestLimits, keyof MainLimits>;
