import { AppError } from '../errors/app-error.ts';
import type { Instance } from '../instance/instance.ts';

/** The bridge's own host part. */
const GATEWAY = 1;
const FIRST_LEASE = 2;

/** A guest's or the bridge's addresses in the managed network, without prefix length. */
export interface Addresses {
  ipv4: string;
  ipv6: string;
}

type Ranges = Pick<Instance, 'ipv4' | 'ipv6'>;

function splitCidr(cidr: string): [string, number] {
  const [address = '', prefix = ''] = cidr.split('/');
  return [address, Number(prefix)];
}

/** The prefix lengths of the managed network. Pure. */
export function prefixesOf(ranges: Ranges): { ipv4: number; ipv6: number } {
  return { ipv4: splitCidr(ranges.ipv4)[1], ipv6: splitCidr(ranges.ipv6)[1] };
}

/** The highest host part: the one above it is the broadcast address. Pure. */
export function lastLease(ranges: Ranges): number {
  return 2 ** (32 - prefixesOf(ranges).ipv4) - 2;
}

/**
 * The addresses of one host part: both families end in the same number, IPv6 in hexadecimal. Pure. Throws
 * AppError `bad_input` on a number outside the range.
 */
export function addressesOf(ranges: Ranges, lease: number): Addresses {
  if (!Number.isInteger(lease) || lease < GATEWAY || lease > lastLease(ranges)) {
    throw new AppError('bad_input', `lease ${lease} is not in ${ranges.ipv4}: use 1 to ${lastLease(ranges)}`);
  }
  const base = splitCidr(ranges.ipv4)[0].split('.').map(Number);
  const number = base.reduce((sum, byte) => sum * 256 + byte, 0) + lease;
  const ipv4 = [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
  return { ipv4, ipv6: `${splitCidr(ranges.ipv6)[0]}${lease.toString(16)}` };
}

/** The bridge's own addresses: every guest's gateway and name server. Pure. */
export function gatewayOf(ranges: Ranges): Addresses {
  return addressesOf(ranges, GATEWAY);
}

/** The lowest host part that is free. Pure. Throws AppError `unavailable` when the range is full. */
export function allocateLease(ranges: Ranges, used: ReadonlySet<number>): number {
  const last = lastLease(ranges);
  for (let lease = FIRST_LEASE; lease <= last; lease++) if (!used.has(lease)) return lease;
  throw new AppError(
    'unavailable',
    `all ${last - 1} addresses of ${ranges.ipv4} are taken: delete a guest for good (one in the trash keeps its address), or make more guests in another instance (berth up --data FOLDER), which has a network of its own`,
  );
}

/** The link-local address that the kernel gives an interface from its MAC (RFC 4291, modified EUI-64). Pure. */
export function linkLocalOf(mac: string): string {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac.split(':').map((byte) => Number.parseInt(byte, 16));
  const group = (high: number, low: number) => (high * 256 + low).toString(16);
  return `fe80::${group(a ^ 2, b)}:${group(c, 0xff)}:${group(0xfe, d)}:${group(e, f)}`;
}

/** An IPv6 address as one number in hexadecimal, for matches on raw bytes of a packet. Pure. */
export function integerOf(ipv6: string): string {
  const [head = '', tail = ''] = ipv6.split('::');
  const groups = (text: string) => text.split(':').filter((group) => group !== '');
  const [front, back] = [groups(head), groups(tail)];
  const zeros = Array<string>(8 - front.length - back.length).fill('0');
  return `0x${[...front, ...zeros, ...back].map((group) => group.padStart(4, '0')).join('')}`;
}
