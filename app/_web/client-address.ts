import { BlockList, isIP } from 'node:net';

/** `1.2.3.4` and `::ffff:1.2.3.4` are one address. */
function plain(address: string): string {
  const text = address.trim();
  return /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(text) ? text.slice(7) : text;
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Whether an address is one of the proxies: addresses and networks (`10.0.0.0/8`), separated by commas. Throws Error for anything else. */
export function trustOf(list: string): (address: string) => boolean {
  const trusted = new BlockList();
  for (const entry of list.split(',').filter((one) => one.trim() !== '')) {
    const [address = '', prefix] = entry.trim().split('/');
    if (isIP(address) === 0) throw new Error(`${entry} is no address and no network`);
    if (prefix === undefined) trusted.addAddress(address, familyOf(address));
    else trusted.addSubnet(address, Number(prefix), familyOf(address));
  }
  return (address) => isIP(plain(address)) !== 0 && trusted.check(plain(address), familyOf(plain(address)));
}

/**
 * Pure: whose request it is. Without a trusted proxy the other end of the connection, whatever the request says; behind one
 * the last of `x-forwarded-for` that is not a trusted proxy itself, for the proxies wrote all that stands behind it.
 */
export function clientAddress(
  remote: string | undefined,
  forwardedFor: string | string[] | undefined,
  isTrusted: (address: string) => boolean,
): string {
  let client = plain(remote ?? '');
  const named = [forwardedFor ?? []].flat().join(',').split(',').map(plain);
  while (isTrusted(client)) {
    const before = named.pop();
    if (before === undefined || isIP(before) === 0) break;
    client = before;
  }
  return client;
}
