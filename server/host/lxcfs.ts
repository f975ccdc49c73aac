import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { access, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type KeptProcess, keepRunning } from '../child/keep-running.ts';
import type { Platform } from '../platform.ts';

const PROGRAM = '/usr/bin/lxcfs';
/** Where Debian's package has it mounted. */
const OF_THE_HOST = '/var/lib/lxcfs';
/** ms; a FUSE file system that is stopped never answers. */
const PATIENCE = 2000;

type Services = Pick<Platform, 'instance' | 'log' | 'runtime'>;

/** lxcfs for the guests of this instance: what they read of /proc and /sys tells their limits. */
export interface LxcfsService {
  /** Where it is mounted on the host, started by the first who asks; null where there is none. */
  root(): Promise<string | null>;
  /** Take back the one that an earlier server started: its guests still read from it. */
  adopt(): Promise<void>;
  /** Let it run on when the server leaves. */
  release(): void;
  /** End it and remove its mount, for the end of the instance. */
  drop(): Promise<void>;
}

class Lxcfs implements LxcfsService {
  readonly #services: Services;
  readonly #folder: string;
  readonly #mount: string;
  readonly #process: KeptProcess;
  #root: Promise<string | null> | null = null;
  #mending: Promise<void> = Promise.resolve();

  constructor(services: Services) {
    const { instance, log } = services;
    this.#services = services;
    this.#folder = join(instance.runDir, 'lxcfs');
    this.#mount = join(this.#folder, 'mount');
    // One that was killed leaves its mount behind, on which nothing can be mounted until it is gone.
    const start = `umount -l "$0" 2>/dev/null; exec ${PROGRAM} -f --enable-cfs --enable-loadavg --pidfile="$1" "$0"`;
    this.#process = keepRunning({
      name: 'lxcfs',
      command: ['/bin/sh', '-c', start, this.#mount, join(this.#folder, 'pid')],
      recordPath: join(this.#folder, 'record.json'),
      logPath: join(this.#folder, 'log'),
      isReady: () => answers(this.#mount),
      readyTimeoutMs: 10_000,
      stopTimeoutMs: 3000,
      onTurn: () => this.#mend(),
      log,
    });
  }

  root(): Promise<string | null> {
    this.#root ??= this.#find().catch((error: unknown) => {
      // Guests run without it; the next start tries again.
      this.#root = null;
      this.#services.log.warn('lxcfs does not start: free and uptime in guests tell of the host', { error });
      return null;
    });
    return this.#root;
  }

  async adopt(): Promise<void> {
    if (existsSync(join(this.#folder, 'record.json'))) await this.root();
  }

  release(): void {
    this.#process.release();
  }

  async drop(): Promise<void> {
    this.#process.release();
    // It hears of a signal only with the next read, of the end of its mount at once.
    await promisify(execFile)('umount', ['-l', this.#mount]).catch(() => undefined);
    await this.#process.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** One of our own is preferred: that of the host falls when its package is updated, and nobody mends it in guests. */
  async #find(): Promise<string | null> {
    if (!existsSync(PROGRAM)) return (await answers(OF_THE_HOST)) ? OF_THE_HOST : null;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    // Not recursive, which would look at it: one that fell while no server was there has left its mount.
    await mkdir(this.#mount).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
    await this.#process.start();
    return this.#mount;
  }

  /** It fell or is there again: each guest gets the files anew, the kernel's own meanwhile. */
  #mend(): void {
    const { runtime, log } = this.#services;
    this.#mending = this.#mending
      .then(() => runtime.renewLxcfs())
      .catch((error: unknown) => log.error('lxcfs cannot be mended in guests', { error }));
  }
}

/** Whether lxcfs is mounted there and gives files. */
async function answers(mount: string): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), PATIENCE);
  });
  try {
    await Promise.race([access(join(mount, 'proc/meminfo')), late]);
    await Promise.race([readFile(join(mount, 'proc/uptime')), late]);
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/** lxcfs of this instance. One per server. */
export function createLxcfs(services: Services): LxcfsService {
  return new Lxcfs(services);
}
