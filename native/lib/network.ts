import { type Link, type LinkRates, native } from './addon.ts';
import { NativeError } from './native-error.ts';

/** As the kernel has them: IFNAMSIZ is 16 with the NUL (netdevice(7)). */
function checkName(name: string): string {
  if (!/^[^\s/]{1,15}$/.test(name)) {
    throw new NativeError({ code: 'EINVAL', action: 'name a link with 1 to 15 characters', path: name });
  }
  return name;
}

/** A bridge that is up and has these addresses (`10.209.0.1/20`, v6 too). Idempotent. */
export async function ensureBridge(name: string, addresses: readonly string[]): Promise<void> {
  await native((addon) => addon.ensureBridge(checkName(name), addresses));
}

/** Idempotent. */
export async function deleteLink(name: string): Promise<void> {
  await native((addon) => addon.deleteLink(checkName(name)));
}

/**
 * Limit the guest at the other end of a link, both ways; returns what the kernel reads back. What the guest sends goes
 * through a link of its own (`bv0-7` has `bi0-7`), which is removed with the limit.
 */
export async function setLinkRates(link: string, rates: LinkRates): Promise<LinkRates> {
  return native((addon) => addon.setLinkRates(checkName(link), rates));
}

/** The rates that the kernel holds the guest at the other end to; what it sends is free where nothing leads to its shaper. */
export async function readLinkRates(link: string): Promise<LinkRates> {
  return native((addon) => addon.readLinkRates(checkName(link)));
}

/** Name of the link that shapes what the guest at the other end of `link` sends, there or not. Pure. */
export function shaperOf(link: string): string {
  return `${link.slice(0, 1)}i${link.slice(2)}`;
}

/** The links of the host's network namespace. */
export async function listLinks(): Promise<Link[]> {
  return native((addon) => addon.links());
}
