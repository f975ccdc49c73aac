import type { GuestView } from '../../../server/guest/schema.ts';
import type { Sort } from '../../_ui/index.ts';

type Value = string | number | null;

/** Addresses in the order of their numbers: 10.0.0.9 before 10.0.0.10. */
function addressKey(address: string | null): string | null {
  return address?.replace(/\d+/g, (digits) => digits.padStart(3, '0')) ?? null;
}

const VALUES: Record<string, (guest: GuestView) => Value> = {
  name: (guest) => guest.name,
  state: (guest) => guest.state,
  kind: (guest) => guest.kind,
  image: (guest) => guest.image,
  ipv4: (guest) => addressKey(guest.addresses.ipv4),
  ipv6: (guest) => guest.addresses.ipv6,
  cpu: (guest) => guest.usage?.cpu ?? null,
  memory: (guest) => guest.usage?.memory ?? null,
  pids: (guest) => guest.usage?.pids ?? null,
  uptime: (guest) => (guest.startedAt ? -Date.parse(guest.startedAt) : null),
  created: (guest) => -Date.parse(guest.createdAt),
  by: (guest) => guest.createdBy,
  owner: (guest) => guest.owner,
};

const text = new Intl.Collator('en', { numeric: true });

function compare(a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return text.compare(String(a), String(b));
}

/** A new array in order; what has no value comes last either way, equal ones by name. */
export function sortGuests(guests: readonly GuestView[], sort: Sort): GuestView[] {
  const value = VALUES[sort.column] ?? ((guest: GuestView) => guest.name);
  const sign = sort.descending ? -1 : 1;
  return guests
    .map((guest) => ({ guest, key: value(guest) }))
    .sort((a, b) => {
      if (a.key === null || b.key === null) {
        return Number(a.key === null) - Number(b.key === null) || text.compare(a.guest.name, b.guest.name);
      }
      return sign * compare(a.key, b.key) || text.compare(a.guest.name, b.guest.name);
    })
    .map(({ guest }) => guest);
}
