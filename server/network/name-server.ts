import { Resolver } from 'node:dns/promises';
import { chmod, chown, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureSystemUser } from '../child/ensure-system-user.ts';
import { type KeptProcess, keepRunning } from '../child/keep-running.ts';
import type { Instance } from '../instance/instance.ts';
import type { Log } from '../platform.ts';
import { dnsConfig, dnsHost } from './dns-files.ts';
import { gatewayOf } from './leases.ts';
import type { NetworkGuest } from './service.ts';

/** dnsmasq gives up root for it as soon as it has its socket. */
const DNS_USER = 'berth-dns';
const DNSMASQ = '/usr/sbin/dnsmasq';
/** An answer takes one millisecond, and some hundreds on a machine that is busy or emulated: who gives up sooner never hears it. */
const ANSWER_MS = 2000;

type Names = Pick<Instance, 'bridge' | 'ipv4' | 'ipv6' | 'runDir'>;

/** dnsmasq on the bridge, and the names that it knows. */
export class NameServer {
  readonly #names: Names;
  readonly #folder: string;
  readonly #process: KeptProcess;
  /** What the file of names has of each guest. */
  readonly #hosts = new Map<string, string>();
  #changes = 0;
  #written = 0;
  #queue: Promise<void> = Promise.resolve();

  constructor(names: Names, log: Log) {
    this.#names = names;
    this.#folder = join(names.runDir, 'dns');
    this.#process = keepRunning({
      name: 'dns',
      command: [DNSMASQ, '--keep-in-foreground', `--conf-file=${this.#folder}/dnsmasq.conf`],
      recordPath: `${this.#folder}/record.json`,
      logPath: `${this.#folder}/log`,
      isReady: () => answers(gatewayOf(names).ipv4),
      stopTimeoutMs: 3000,
      log,
    });
  }

  /** Configuration and names are on disk, and it answers. Throws AppError `unavailable` with what dnsmasq said. */
  async start(guests: Iterable<NetworkGuest>): Promise<void> {
    const { gid } = ensureSystemUser(DNS_USER);
    for (const guest of guests) this.#hosts.set(guest.id, dnsHost(this.#names, guest));
    // Its own user reads the names again on SIGHUP; no other does.
    await mkdir(this.#folder, { recursive: true, mode: 0o750 });
    await chown(this.#folder, 0, gid);
    await chmod(this.#folder, 0o750);
    await this.#write('dnsmasq.conf', dnsConfig(this.#names, { folder: this.#folder, user: DNS_USER }));
    await this.#write('hosts', [...this.#hosts.values()].join(''));
    await this.#process.start();
    this.#process.signal('SIGHUP');
  }

  /** Answer for this guest from now on. */
  async set(guest: NetworkGuest): Promise<void> {
    this.#hosts.set(guest.id, dnsHost(this.#names, guest));
    return this.#publish();
  }

  forget(id: string): Promise<void> {
    this.#hosts.delete(id);
    return this.#publish();
  }

  pid(): number | null {
    return this.#process.pid();
  }

  release(): void {
    this.#process.release();
  }

  stop(): Promise<void> {
    return this.#process.stop();
  }

  /** Many changes at once cost one write. */
  #publish(): Promise<void> {
    const change = ++this.#changes;
    const turn = this.#queue.then(async () => {
      if (this.#written >= change) return;
      this.#written = this.#changes;
      await this.#write('hosts', [...this.#hosts.values()].join(''));
      this.#process.signal('SIGHUP');
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #write(name: string, text: string): Promise<void> {
    const path = join(this.#folder, name);
    await writeFile(`${path}.new`, text, { mode: 0o644 });
    await rename(`${path}.new`, path);
  }
}

/** Any answer will do, also that there is no such name. */
async function answers(address: string): Promise<boolean> {
  const resolver = new Resolver({ timeout: ANSWER_MS, tries: 1 });
  resolver.setServers([address]);
  try {
    await resolver.resolve4('gateway.berth');
    return true;
  } catch (error) {
    return (
      error instanceof Error && 'code' in error && (error.code === 'ENOTFOUND' || error.code === 'ENODATA')
    );
  }
}
