import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { arch, cpus, hostname, loadavg, release, uptime } from 'node:os';
import type { Platform } from '../platform.ts';
import { meminfoBytes } from './host-bounds.ts';
import { hostDisks, hostHugepages } from './host-disks.ts';
import type { HostView } from './schema.ts';

const KEEP_MS = 1000;

export interface HostInfoOptions {
  /** Of Berth. */
  version: string;
  /** Whether DNS for guests is running at the moment. */
  dns: () => boolean;
}

/** The host as the console shows it, read at most once a second. */
export class HostInfo {
  readonly #platform: Pick<Platform, 'runtime' | 'instance'>;
  readonly #options: HostInfoOptions;
  #kept: { at: number; view: Promise<HostView> } | null = null;
  /** Kernel features do not change while the host runs, and finding them out costs system calls by the dozen. */
  #described: ReturnType<Platform['runtime']['describeHost']> | null = null;

  constructor(platform: Pick<Platform, 'runtime' | 'instance'>, options: HostInfoOptions) {
    this.#platform = platform;
    this.#options = options;
  }

  read(): Promise<HostView> {
    const now = performance.now();
    if (this.#kept && now - this.#kept.at < KEEP_MS) return this.#kept.view;
    const view = this.#read();
    const kept = { at: now, view };
    this.#kept = kept;
    view.catch(() => {
      if (this.#kept === kept) this.#kept = null;
    });
    return view;
  }

  async #read(): Promise<HostView> {
    const { instance } = this.#platform;
    const { layout, controllers, features } = await this.#describe();
    const disk = await statfs(instance.dataDir);
    const meminfo = readFileSync('/proc/meminfo', 'utf8');
    const [one = 0, five = 0, fifteen = 0] = loadavg();
    return {
      hostname: hostname(),
      kernel: release(),
      architecture: arch(),
      distribution: distributionName(readFileSync('/etc/os-release', 'utf8')),
      cpus: cpus().length,
      memory: meminfoBytes(meminfo, 'MemTotal'),
      memoryAvailable: meminfoBytes(meminfo, 'MemAvailable'),
      swap: meminfoBytes(meminfo, 'SwapTotal'),
      uptimeSeconds: uptime(),
      load: [one, five, fifteen],
      cgroup: { layout, controllers },
      network: {
        bridge: instance.bridge,
        ipv4: instance.ipv4,
        ipv6: instance.ipv6,
        dns: this.#options.dns(),
      },
      storage: { path: instance.dataDir, size: disk.blocks * disk.bsize, free: disk.bavail * disk.bsize },
      disks: hostDisks(),
      hugepages: hostHugepages(),
      features,
      version: this.#options.version,
    };
  }

  #describe(): ReturnType<Platform['runtime']['describeHost']> {
    this.#described ??= this.#platform.runtime.describeHost().catch((error: unknown) => {
      this.#described = null;
      throw error;
    });
    return this.#described;
  }
}

/** PRETTY_NAME of os-release(5), without its quotes. Pure. */
export function distributionName(osRelease: string): string {
  const line = /^PRETTY_NAME=(.*)$/m.exec(osRelease);
  return line?.[1]?.replace(/^(["'])(.*)\1$/, '$2').replace(/\\(["$`\\])/g, '$1') ?? 'Linux';
}
