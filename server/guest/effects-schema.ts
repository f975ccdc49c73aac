import { z } from 'zod';
import { guestRef } from './schema.ts';

/** What limits did to a guest since it started; null where the host does not tell (`HostCheck` says why). */
export interface GuestEffects {
  at: string;
  /** µs that it was held back, in how many of how many periods. */
  throttledMicros: number | null;
  throttledPeriods: number | null;
  periods: number | null;
  /** How often memory hit `memoryHigh` and `memory`. */
  memoryHigh: number | null;
  memoryMax: number | null;
  oomKills: number | null;
  /** Most memory that it ever had, bytes. */
  memoryPeak: number | null;
  /** Pages that were taken back from it. */
  reclaimed: number | null;
  refusedForks: number | null;
  /** Share of the last 10 s in which some process waited (PSI `some avg10`), 0 to 1. */
  cpuPressure: number | null;
  memoryPressure: number | null;
  ioPressure: number | null;
}

/** A process of a guest as the host sees it. */
export interface GuestProcess {
  pid: number;
  /** In the guest's pid namespace. */
  guestPid: number | null;
  parent: number;
  /** `root`, or the number where passwd has no name; of the guest. */
  user: string;
  state: string;
  threads: number;
  /** Cores over the last interval; null at first. */
  cpu: number | null;
  /** Bytes resident. */
  memory: number;
  startedAt: string;
  command: string;
}

export const waitGuestInput = guestRef.extend({
  /** Answer when it is in one of these, or gone (`deleted`). */
  states: z.array(z.enum(['running', 'stopped', 'frozen', 'failed', 'deleted'])).min(1),
  timeoutMs: z.number().int().min(0).max(600_000).optional(),
});

/** A file of the guest's own cgroup: `memory.max`, `cpu.stat`. */
const cgroupFile = z
  .string()
  .max(100)
  .regex(/^[a-z0-9_]+(\.[a-zA-Z0-9_]+)+$/, 'a cgroup file is named as memory.max');
export const readCgroupInput = guestRef.extend({ file: cgroupFile });
export const writeCgroupInput = readCgroupInput.extend({ value: z.string().min(1).max(4096) });

export const signalProcessInput = guestRef.extend({
  pid: z.number().int().min(2),
  signal: z.enum(['SIGTERM', 'SIGKILL', 'SIGHUP', 'SIGINT', 'SIGSTOP', 'SIGCONT', 'SIGUSR1', 'SIGUSR2']),
});

/** What becomes of a guest that stands still because memory ran out. */
export const decideMemoryInput = guestRef.extend({
  /** `raise`: to `memory` bytes, and on; `kill`: as if the kernel had killed one process; `stop`: the guest. */
  decision: z.enum(['raise', 'kill', 'stop']),
  memory: z.number().int().optional(),
});

/** Limits by a name: small, medium, large, or a share of the host. */
export interface LimitPreset {
  name: string;
  summary: string;
  limits: { cpu: number; memory: number; swap: number; pids: number };
}
