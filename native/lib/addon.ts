import { createRequire } from 'node:module';
import { NativeError } from './native-error.ts';

/** Limits of a group; null is none. */
export interface CgroupLimits {
  /** Of each 100,000 µs. */
  cpuMicros: number | null;
  /** Bytes; `swap` is beside the memory. */
  memory: number | null;
  swap: number | null;
  pids: number | null;
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
  setLimits(path: string, limits: CgroupLimits, root?: string): Promise<CgroupLimits>;
  readLimits(path: string, root?: string): Promise<CgroupLimits>;
  freeze(path: string, frozen: boolean, root?: string): Promise<void>;
  frozen(path: string, root?: string): Promise<boolean>;
  oomKills(path: string, root?: string): Promise<number>;
  killCgroup(path: string, root?: string): Promise<void>;
  removeCgroup(path: string, root?: string): Promise<void>;
  readUsage(
    paths: readonly string[],
    links: readonly string[],
    root?: string,
  ): Promise<(CgroupUsage | null)[]>;
  describeLayout(root?: string): Promise<CgroupHierarchy[]>;
  ensureBridge(name: string, addresses: readonly string[]): Promise<void>;
  deleteLink(name: string): Promise<void>;
  links(): Promise<Link[]>;
  nft(script: string): Promise<void>;
  spawnReporting(command: readonly string[], spec: Buffer): Promise<string>;
  removeTree(path: string): Promise<void>;
  signalProcess(pid: number, signal: number, group: string): Promise<void>;
  probe(name: string, folder: string): Promise<void>;
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
