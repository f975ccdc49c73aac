import type { HostView } from '../host/schema.ts';

/** Limits as the kernel counts them. */
export interface KernelLimits {
  /** Of each 100,000 µs. */
  cpuMicros: number;
  memoryBytes: number;
  /** Beside the memory. */
  swapBytes: number;
  pids: number;
}

export interface KernelUsage {
  cpuMicros: number;
  memoryBytes: number;
  swapBytes: number | null;
  pids: number;
  /** Counters of the host's end of the link; null without one. */
  link: { receiveBytes: number; transmitBytes: number } | null;
}

/**
 * What the adapter needs of the native library beside processes and terminals. Groups are named below each
 * hierarchy's mount (`berth0/guests/ID`). Every method throws NativeError.
 */
export interface Kernel {
  freeze(group: string, frozen: boolean): Promise<void>;
  isFrozen(group: string): Promise<boolean>;
  /** Returns what the kernel reads back. */
  setLimits(group: string, limits: KernelLimits): Promise<KernelLimits>;
  /** One call for all; null where a group is gone. */
  readUsage(guests: readonly { group: string; link: string }[]): Promise<(KernelUsage | null)[]>;
  /** Kill what is in it and remove it in every hierarchy. Idempotent. */
  removeGroup(group: string): Promise<void>;
  /** Names of the groups in a group, in any hierarchy. */
  groupsIn(group: string): Promise<string[]>;
  /** Idempotent. */
  deleteLink(name: string): Promise<void>;
  ensureNetwork(network: { bridge: string; ipv4: string; ipv6: string }): Promise<void>;
  dropNetwork(bridge: string): Promise<void>;
  applyFirewall(script: string): Promise<void>;
  describeHost(): Promise<HostView['cgroup'] & { features: HostView['features'] }>;
}
