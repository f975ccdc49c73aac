import type { HostView } from '../host/schema.ts';
import type { RawUsage } from './port.ts';

/** Limits as the kernel counts them; null where it reads back none. */
export interface KernelLimits {
  /** Of each 100,000 µs. */
  cpuMicros: number | null;
  /** Bytes; `swap` is beside the memory. */
  memory: number | null;
  swap: number | null;
  pids: number | null;
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
  /** Idempotent. */
  deleteLink(name: string): Promise<void>;
  ensureNetwork(network: { bridge: string; ipv4: string; ipv6: string }): Promise<void>;
  dropNetwork(bridge: string): Promise<void>;
  applyFirewall(script: string): Promise<void>;
  /** Try one thing on this host; null when it works, else why it does not. */
  whyNot(probe: string): Promise<string | null>;
  describeHost(): Promise<HostView['cgroup'] & { features: HostView['features'] }>;
}
