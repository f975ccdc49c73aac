import { isIP } from 'node:net';

/**
 * What connections are counted by: an IPv4 address, or the 64 bits of an IPv6 address that its holder does not choose
 * (RFC 4291, 2.5.1). Pure. As server/auth/network-of.ts: nothing of the server is in the folder that this process sees.
 */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  if (/^::ffff:\d+\./i.test(address)) return address.slice(7);
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array<string>(zeros).fill('0'), ...right].slice(0, 4).join(':');
}
