import { IDS_PER_GUEST } from '../instance/instance.ts';
import { addressesOf } from '../network/leases.ts';
import type { GuestRecord } from './record.ts';
import type { GuestServices } from './services.ts';

type Services = Pick<GuestServices, 'guests' | 'hosts' | 'instance' | 'network'>;

/** Its addresses in the managed network of its host; null where it has none, or the host is gone. */
export function addressesIn(
  { guests, hosts, network }: Omit<Services, 'instance'>,
  record: GuestRecord,
): { ipv4: string; ipv6: string } | null {
  if (record.lease === null) return null;
  if (!guests.isElsewhere(record)) return network.addressesOf({ lease: record.lease });
  const host = hosts.find(record.installation);
  return host && host.ipv4 !== '' ? addressesOf(host, record.lease) : null;
}

/** The first id of its host that is its own. */
export function firstIdOf(
  { guests, hosts, instance }: Omit<Services, 'network'>,
  record: GuestRecord,
): number {
  const base = guests.isElsewhere(record) ? hosts.find(record.installation)?.idBase : instance.idBase;
  return (base ?? 0) + record.idRange * IDS_PER_GUEST;
}
