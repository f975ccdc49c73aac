import { may, type Rights, reachOf } from '../access/may.ts';
import { deriveReach } from '../network/derive-reach.ts';
import { gatewayOf } from '../network/leases.ts';
import type { Attachment, MapGuest, NetworkMap } from '../network/reach-schema.ts';
import { namespaceOwnerOf } from './namespace-rules-schema.ts';
import type { NetworkMapInput } from './network-map-schema.ts';
import { isolationInForce } from './pending-restart.ts';
import type { GuestRecord } from './record.ts';
import type { GuestServices } from './services.ts';
import { stateOf } from './state-of.ts';

/**
 * The network as who asks may see it: what the rules let through, and a part of the guests with how each has the network. Rules and
 * ranges are of the host, so they take `host.view`.
 */
export function networkMap(services: GuestServices, rights: Rights, input: NetworkMapInput): NetworkMap {
  const { guests, instance } = services;
  const reach = reachOf(rights, 'guest.view');
  const q = input.q.trim().toLowerCase();
  const counts: Record<Attachment, number> = { bridge: 0, host: 0, guest: 0, none: 0 };
  const found: MapGuest[] = [];
  for (const record of guests.all()) {
    if (reach !== 'everything' && !reach.has(record.id)) continue;
    const one = placeOf(services, rights, record);
    if (q !== '' && !`${one.name} ${one.ipv4 ?? ''} ${one.ipv6 ?? ''}`.includes(q)) continue;
    counts[one.attachment]++;
    if (input.attachment === undefined || input.attachment === one.attachment) found.push(one);
  }
  found.sort((a, b) => (a.name < b.name ? -1 : 1));
  const seesHost = may(rights, 'host.view', 'everything');
  const { bridge, nftTable: table, ipv4, ipv6 } = instance;
  return {
    reaches: deriveReach(instance).map((one) => (seesHost ? one : { ...one, rule: null })),
    counts,
    guests: found.slice(input.offset, input.offset + input.limit),
    found: found.length,
    network: seesHost ? { bridge, table, ipv4, ipv6, gateway: gatewayOf(instance).ipv4 } : null,
  };
}

/** As it runs, where it runs: what was changed since counts from the next start on. */
function placeOf(services: GuestServices, rights: Rights, record: GuestRecord): MapGuest {
  const { id, name, lease } = record;
  const { attachment, through, lender } = attachmentOf(services, record);
  const isSeen = lender !== null && may(rights, 'guest.view', { guest: lender.id });
  const addresses =
    attachment === 'bridge' && lease !== null ? services.network.addressesOf({ lease }) : null;
  return {
    ...{ id, name, state: stateOf(services, record), attachment, through },
    sharesWith: isSeen ? lender.name : null,
    ipv4: addresses?.ipv4 ?? null,
    ipv6: addresses?.ipv6 ?? null,
  };
}

/** How a guest has the network, and who lends it; of several in a row the last one decides what it comes to. */
function attachmentOf(
  services: Pick<GuestServices, 'guests'>,
  record: GuestRecord,
  seen: ReadonlySet<string> = new Set(),
): Pick<MapGuest, 'attachment' | 'through'> & { lender: GuestRecord | null } {
  const owner = namespaceOwnerOf(record.run ? isolationInForce(record) : record.isolation, 'network');
  if ('host' in owner) return { attachment: 'host', through: 'host', lender: null };
  if ('guest' in owner) {
    const id = services.guests.ref(owner.guest);
    const lender = id === null ? null : services.guests.find(id);
    // A circle is refused when it is made, and a drawing must not hang on that.
    if (lender === null || seen.has(lender.id)) return { attachment: 'guest', through: 'none', lender };
    const { through } = attachmentOf(services, lender, new Set([...seen, record.id]));
    return { attachment: 'guest', through, lender };
  }
  const own = record.lease === null ? 'none' : 'bridge';
  return { attachment: own, through: own, lender: null };
}
