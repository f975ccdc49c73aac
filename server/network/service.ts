import type { HostView } from '../host/schema.ts';
import type { GuestSpec } from '../runtime/port.ts';
import type { Addresses } from './leases.ts';

/** A guest as the network sees it. */
export interface NetworkGuest {
  id: string;
  /** A valid guest name: it becomes its name in DNS. */
  name: string;
  /** Host part of its addresses. */
  lease: number;
  mac: string;
}

/** The managed network of this instance: bridge, addresses, firewall, DNS. */
export interface NetworkService {
  /** The lowest host part that is free. Pure. Throws `unavailable` when the range is full. */
  allocateLease(used: ReadonlySet<number>): number;
  /** A guest's addresses without prefix length. Pure. */
  addressesOf(guest: { lease: number }): Addresses;
  /** Make the walls of this guest's link, and tell what its supervisor needs to know. Repairs what somebody removed. */
  specFor(guest: NetworkGuest): Promise<{ network: GuestSpec['network']; resolvConf: string | null }>;
  /** DNS answers its name from now on; also after a rename, and for one that was adopted. */
  onGuestStarted(guest: NetworkGuest): Promise<void>;
  /** Its name, and the walls of its link, are gone. */
  onGuestRemoved(guest: NetworkGuest): Promise<void>;

  /** Bridge, forwarding, firewall and DNS are there afterwards. Idempotent; called once at the start of the server. */
  ensure(): Promise<void>;
  /** Let DNS run on when the server leaves: guests still need it. */
  release(): void;
  /** Remove all of it from the host, and give forwarding its former values back. */
  drop(): Promise<void>;
  /** What host.info shows. */
  describe(): HostView['network'];
  /** Pid of the name server; null while it does not run. */
  dnsPid(): number | null;
}
