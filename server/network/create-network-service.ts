import { readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../errors/app-error.ts';
import type { HostView } from '../host/schema.ts';
import { guestLinks } from '../instance/instance.ts';
import type { Platform } from '../platform.ts';
import type { GuestSpec } from '../runtime/port.ts';
import { guestResolvConf } from './dns-files.ts';
import {
  dropScript,
  forgetGuestScript,
  guestScript,
  guestsScript,
  linkOf,
  networkScript,
} from './firewall.ts';
import { ensureForwarding, type ForwardingPlace, restoreForwarding } from './forwarding.ts';
import { type Addresses, addressesOf, allocateLease, gatewayOf, prefixesOf } from './leases.ts';
import { NameServer } from './name-server.ts';
import type { NetworkGuest, NetworkService } from './service.ts';

type Services = Pick<Platform, 'db' | 'hosts' | 'instance' | 'log' | 'runtime'>;

class ManagedNetwork implements NetworkService {
  readonly #services: Services;
  readonly #dns: NameServer;
  readonly #forwarding: ForwardingPlace;

  constructor(services: Services) {
    const { instance, log } = services;
    this.#services = services;
    this.#dns = new NameServer(instance, log);
    this.#forwarding = {
      sysctl: '/proc/sys',
      folder: join(dirname(instance.runDir), 'forwarding'),
      holder: String(instance.slot),
    };
  }

  allocateLease(used: ReadonlySet<number>): number {
    return allocateLease(this.#services.instance, used);
  }

  addressesOf({ lease }: { lease: number }): Addresses {
    return addressesOf(this.#services.instance, lease);
  }

  async specFor(guest: NetworkGuest): Promise<{ network: GuestSpec['network']; resolvConf: string | null }> {
    const { instance } = this.#services;
    await this.#wall(guest);
    const { ipv4, ipv6 } = addressesOf(instance, guest.lease);
    const gateway = gatewayOf(instance);
    const prefixes = prefixesOf(instance);
    const network = {
      bridge: instance.bridge,
      link: linkOf(instance, guest.lease),
      mac: guest.mac,
      ipv4: `${ipv4}/${prefixes.ipv4}`,
      ipv4Gateway: gateway.ipv4,
      ipv6: `${ipv6}/${prefixes.ipv6}`,
      ipv6Gateway: gateway.ipv6,
    };
    return { network, resolvConf: guestResolvConf(instance) };
  }

  /** A guest never starts without its walls: where somebody flushed the tables they are made anew. */
  async #wall(guest: NetworkGuest): Promise<void> {
    const { instance, runtime, log } = this.#services;
    const script = guestScript(instance, guest);
    try {
      await runtime.applyFirewall(script);
    } catch (error) {
      log.warn('the firewall was not as it should be and is made anew', { error });
      await this.#ensureKernel();
      await runtime.applyFirewall(script);
    }
  }

  async onGuestStarted(guest: NetworkGuest): Promise<void> {
    await this.#dns.set(guest);
  }

  async onGuestRemoved(guest: NetworkGuest): Promise<void> {
    const { instance, runtime } = this.#services;
    await this.#dns.forget(guest.id);
    await runtime.applyFirewall(forgetGuestScript(instance, guest));
  }

  async ensure(): Promise<void> {
    const { log } = this.#services;
    await this.#ensureKernel();
    try {
      const guests = await this.#guests();
      await this.#dns.start(guests.filter(({ state }) => state === 'running' || state === 'frozen'));
    } catch (error) {
      // Guests run without names; the host page and every guest's users should still be served.
      log.error('guests have no DNS', { error: error instanceof AppError ? error.message : error });
    }
  }

  async #ensureKernel(): Promise<void> {
    const { instance, runtime } = this.#services;
    const gateway = gatewayOf(instance);
    const prefixes = prefixesOf(instance);
    await runtime.ensureNetwork({
      bridge: instance.bridge,
      ipv4: `${gateway.ipv4}/${prefixes.ipv4}`,
      ipv6: `${gateway.ipv6}/${prefixes.ipv6}`,
    });
    await ensureForwarding(this.#forwarding);
    const bridgeMac = (await readFile(`/sys/class/net/${instance.bridge}/address`, 'utf8')).trim();
    // Of all: one whose start a crash interrupted may run as well, and what the others have no link uses.
    const guests = await this.#guests();
    await runtime.applyFirewall(networkScript(instance, { bridgeMac }) + guestsScript(instance, guests));
  }

  async #guests(): Promise<(NetworkGuest & { state: string })[]> {
    const { db, hosts } = this.#services;
    const rows = await db.guest.findMany({
      // Leases are each host's own; what is in the trash has no walls, no link and no name.
      where: { installationId: hosts.own, trashId: '' },
      select: { id: true, name: true, lease: true, mac: true, state: true },
    });
    return rows.flatMap(({ lease, mac, ...guest }) =>
      lease === null || mac === null ? [] : [{ ...guest, lease, mac }],
    );
  }

  release(): void {
    this.#dns.release();
  }

  async drop(): Promise<void> {
    const { instance, runtime } = this.#services;
    await this.#dns.stop();
    await rm(join(instance.runDir, 'dns'), { recursive: true, force: true });
    await runtime.applyFirewall(dropScript(instance));
    for (const link of guestLinks(instance, await readdir('/sys/class/net'))) await runtime.removeLink(link);
    await runtime.dropNetwork(instance.bridge);
    await restoreForwarding(this.#forwarding);
  }

  describe(): HostView['network'] {
    const { bridge, ipv4, ipv6 } = this.#services.instance;
    return { bridge, ipv4, ipv6, dns: this.#dns.pid() !== null };
  }

  dnsPid(): number | null {
    return this.#dns.pid();
  }
}

/** The managed network of this instance. One per server; `ensure` makes it be there. */
export function createNetworkService(services: Services): NetworkService {
  return new ManagedNetwork(services);
}
