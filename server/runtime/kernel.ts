import type { HostView } from '../host/schema.ts';
import type { RawEffects, RawUsage } from './port.ts';

/** Limits as the kernel counts them; null is none. */
export interface KernelLimits {
  /** Of each period. */
  cpuMicros: number | null;
  cpuPeriodMicros: number | null;
  cpuBurstMicros: number | null;
  cpuWeight: number | null;
  cpuset: string | null;
  /** Bytes; `swap` is beside the memory. */
  memory: number | null;
  memoryHigh: number | null;
  memoryLow: number | null;
  swap: number | null;
  killAll: boolean;
  pids: number | null;
  ioWeight: number | null;
  /** `8:0 rbps=1048576 wbps=max riops=max wiops=max`, as io.max has them. */
  ioMax: string[];
  /** `2MB 4194304`. */
  hugetlb: string[];
}

/** What the kernel reads back; null also for what the host has not. */
export type KernelReadLimits = KernelLimits;

/** Bytes per second of a guest's link, seen from the guest; null is as fast as it goes. */
export interface KernelRates {
  receive: number | null;
  transmit: number | null;
}

/**
 * What the adapter needs of the native library beside processes and terminals. Groups are named below each
 * hierarchy's mount (`berth0/guests/ID`). Every method throws NativeError.
 */
export interface Kernel {
  freeze(group: string, frozen: boolean): Promise<void>;
  isFrozen(group: string): Promise<boolean>;
  /** All of them or none; returns what the kernel reads back. */
  setLimits(group: string, limits: KernelLimits): Promise<KernelReadLimits>;
  readLimits(group: string): Promise<KernelReadLimits>;
  readLinkRates(link: string): Promise<KernelRates>;
  /** `link` is the host's end; returns what the kernel reads back. */
  setLinkRates(link: string, rates: KernelRates): Promise<KernelRates>;
  readEffects(group: string): Promise<RawEffects>;
  /** Close what `readUsage` keeps open of a group that has ended. */
  forgetUsage(group: string): Promise<void>;
  /** One call for all; null where a group is gone. `link` is the host's end. */
  readUsage(guests: readonly { group: string; link: string | null }[]): Promise<(RawUsage | null)[]>;
  /** Kill what is in it and remove it in every hierarchy. Idempotent. */
  removeGroup(group: string): Promise<void>;
  /** Names of the groups in a group, in any hierarchy. */
  groupsIn(group: string): Promise<string[]>;
  /** Every mounted cgroup hierarchy. */
  hierarchies(): Promise<{ v2: boolean; mount: string; controllers: string[] }[]>;
  /** A signal by number, if the process is in the group or below (else ESRCH), and to no later one of its number. */
  signalProcess(pid: number, signal: number, group: string): Promise<void>;
  /** With the link that shapes what it receives, if there is one. Idempotent. */
  deleteLink(name: string): Promise<void>;
  ensureNetwork(network: { bridge: string; ipv4: string; ipv6: string }): Promise<void>;
  dropNetwork(bridge: string): Promise<void>;
  applyFirewall(script: string): Promise<void>;
  /** Before it returns: no program that is started from now on has the descriptor. */
  keepFromPrograms(descriptor: number): Promise<void>;
  giveBackMemory(): Promise<void>;
  /** Try one thing on this host; null when it works, else why it does not. */
  whyNot(probe: string): Promise<string | null>;
  describeHost(): Promise<HostView['cgroup'] & { features: HostView['features'] }>;
}
