import { createRequire } from 'node:module';
import { NativeError } from './native-error.ts';

/** Limits of a group; null is none. What is left out is as a new group has it. */
export interface CgroupLimits extends Partial<MoreCgroupLimits> {
  /** Of each period (100,000 µs). */
  cpuMicros: number | null;
  /** Bytes; `swap` is beside the memory. */
  memory: number | null;
  swap: number | null;
  pids: number | null;
}

interface MoreCgroupLimits {
  cpuPeriodMicros: number | null;
  cpuBurstMicros: number | null;
  /** 1 to 10000; everybody has 100. So `ioWeight`. */
  cpuWeight: number | null;
  /** `0-1,3`; null: those of the group above. */
  cpuset: string | null;
  /** Null: a little under `memory`, where the host has it. */
  memoryHigh: number | null;
  memoryLow: number | null;
  /** Memory that runs out ends all processes, not one (v2). */
  killAll: boolean;
  ioWeight: number | null;
  /** `8:0 rbps=1048576 wbps=max riops=max wiops=max`, as io.max has them. */
  ioMax: string[];
  /** `2MB 4194304`: page size, bytes. */
  hugetlb: string[];
}

/** What the kernel reads back; null also where the host has no such limit. */
export type ReadLimits = Required<CgroupLimits>;

/** Bytes per second of a link, seen from the guest; null is as fast as it goes. */
export interface LinkRates {
  receive: number | null;
  transmit: number | null;
}

/** Counters of a group and its link, seen from the guest; null where the host does not tell. */
export interface CgroupUsage {
  cpuTotalMicros: number;
  /** Bytes, without cached file pages that nobody uses. */
  memory: number;
  swap: number | null;
  pids: number;
  networkReceiveBytes: number | null;
  networkTransmitBytes: number | null;
  ioReadBytes: number | null;
  ioWriteBytes: number | null;
  throttledMicros: number | null;
}

/** What limits did to a group since it was made; null where the host does not tell. */
export interface CgroupEffects {
  throttledMicros: number | null;
  throttledPeriods: number | null;
  periods: number | null;
  /** How often memory hit `memoryHigh` and `memory`. */
  memoryHigh: number | null;
  memoryMax: number | null;
  oomKills: number | null;
  /** Bytes. */
  memoryPeak: number | null;
  /** Pages. */
  reclaimed: number | null;
  refusedForks: number | null;
  /** Share of the last 10 s in which some process waited (PSI), 0 to 1. */
  cpuPressure: number | null;
  memoryPressure: number | null;
  ioPressure: number | null;
}

/** One mounted cgroup hierarchy. */
export interface CgroupHierarchy {
  v2: boolean;
  mount: string;
  controllers: string[];
}

export interface Link {
  name: string;
  /** `bridge`, `veth`; empty for a device. */
  kind: string;
  index: number;
  up: boolean;
}

/** What berth.node exports (native/addon). Groups are named below each hierarchy's mount; `root` is for tests. */
export interface Addon {
  createCgroup(path: string, limits: CgroupLimits, devices: readonly string[], root?: string): Promise<void>;
  setLimits(path: string, limits: CgroupLimits, root?: string): Promise<ReadLimits>;
  readLimits(path: string, root?: string): Promise<ReadLimits>;
  setLinkRates(link: string, rates: LinkRates): Promise<LinkRates>;
  readLinkRates(link: string): Promise<LinkRates>;
  freeze(path: string, frozen: boolean, root?: string): Promise<void>;
  frozen(path: string, root?: string): Promise<boolean>;
  oomKills(path: string, root?: string): Promise<number>;
  killCgroup(path: string, root?: string): Promise<void>;
  removeCgroup(path: string, root?: string): Promise<void>;
  /** A row of nine numbers for each path, NaN for what is not known (cgroups.ts has the order). */
  readUsage(paths: readonly string[], links: readonly string[], root?: string): Promise<Float64Array>;
  forgetUsage(path: string): Promise<void>;
  readEffects(path: string, root?: string): Promise<CgroupEffects>;
  describeLayout(root?: string): Promise<CgroupHierarchy[]>;
  ensureBridge(name: string, addresses: readonly string[]): Promise<void>;
  deleteLink(name: string): Promise<void>;
  links(): Promise<Link[]>;
  nft(script: string): Promise<void>;
  spawnReporting(command: readonly string[], spec: Buffer): Promise<string>;
  startSupervisor(
    program: string,
    group: string,
    spec: Buffer,
    before: { folder: string; forget: readonly string[] },
  ): Promise<string>;
  stopForkServer(group: string): Promise<void>;
  makeGuestFolder(path: string): Promise<void>;
  removeTree(path: string): Promise<void>;
  unmountExactly(path: string): Promise<void>;
  keepConsole(runDir: string, guestDir: string): Promise<void>;
  clearRun(group: string, runDir: string, guestDir: string, deleted: boolean): Promise<boolean>;
  signalProcess(pid: number, signal: number, group: string): Promise<void>;
  sendDatagram(path: string, bytes: Buffer): Promise<void>;
  probe(name: string, folder: string): Promise<void>;
  giveBackMemory(): Promise<void>;
  /** At once. */
  keepFromPrograms(descriptor: number): void;
}

let loaded: Addon | null = null;

/** The addon, loaded on first use. Throws NativeError ENOENT where it has not been built. */
export function addon(): Addon {
  if (!loaded) {
    const path = new URL('../build/Release/berth.node', import.meta.url).pathname;
    try {
      loaded = createRequire(import.meta.url)(path) as Addon;
    } catch (cause) {
      throw new NativeError({ code: 'ENOENT', action: 'load the native addon: run ./berth up', path, cause });
    }
  }
  return loaded;
}

/** Call the addon; its errors become NativeError, with the caller's stack. */
export async function native<T>(call: (addon: Addon) => Promise<T>): Promise<T> {
  try {
    return await call(addon());
  } catch (error) {
    if (error instanceof NativeError || !isNative(error)) throw error;
    throw new NativeError({ code: error.code, action: error.action, path: error.path, cause: error });
  }
}

function isNative(error: unknown): error is Error & { code: string; action: string; path: string } {
  return error instanceof Error && 'code' in error && 'action' in error && 'path' in error;
}
