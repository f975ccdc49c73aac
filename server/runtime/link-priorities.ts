import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instance } from '../instance/instance.ts';
import type { Kernel } from './kernel.ts';
import { priorityScript } from './priority-script.ts';
import type { GuestNetwork } from './run-folder.ts';

/**
 * Priorities of what guests send. An instance whose guests have none pays nothing: only once one was set is each link made
 * free of those that a guest before may have left.
 */
export class LinkPriorities {
  readonly #instance: Pick<Instance, 'runDir' | 'nftTable' | 'bridge' | 'linkPrefix'>;
  readonly #kernel: Pick<Kernel, 'applyFirewall'>;
  readonly #marker: string;
  #ever: boolean;
  /** Links that have none for sure. */
  readonly #clean = new Set<string>();

  constructor(
    instance: Pick<Instance, 'runDir' | 'nftTable' | 'bridge' | 'linkPrefix'>,
    kernel: Pick<Kernel, 'applyFirewall'>,
  ) {
    this.#instance = instance;
    this.#kernel = kernel;
    this.#marker = join(instance.runDir, 'priorities');
    this.#ever = existsSync(this.#marker);
  }

  /** 0 to 7; null is everybody's. */
  async set(network: GuestNetwork, priority: number | null): Promise<void> {
    const { link, ipv4, ipv6 } = network;
    if (priority === null && (!this.#ever || this.#clean.has(link))) return;
    if (!this.#ever) {
      await mkdir(this.#instance.runDir, { recursive: true });
      await writeFile(this.#marker, '');
      this.#ever = true;
    }
    const guest = { key: link.slice(this.#instance.linkPrefix.length), ipv4: plain(ipv4), ipv6: plain(ipv6) };
    await this.#kernel.applyFirewall(priorityScript(this.#instance, guest, priority));
    if (priority === null) this.#clean.add(link);
    else this.#clean.delete(link);
  }
}

/** Without the prefix length. */
function plain(address: string): string {
  return address.split('/')[0] ?? '';
}
