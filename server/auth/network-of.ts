import { isIP } from 'node:net';

/**
 * What limits count by: an IPv4 address, or the 64 bits of an IPv6 address that its holder does not choose (RFC 4291, 2.5.1; a
 * subscriber has a /64 at the least, RFC 6177). Anything else is itself. Pure.
 */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array<string>(zeros).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
