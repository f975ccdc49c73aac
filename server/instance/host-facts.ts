import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { guestLinks, type Instance, instanceOf } from './instance.ts';

/** Where the kernel tells; a test gives folders of its own. */
export interface HostRoots {
  /** `/sys/class/net` */
  links: string;
  /** `/sys/fs/cgroup` */
  cgroup: string;
  /** `/proc/net/route` */
  routes: string;
}

export const HOST_ROOTS: HostRoots = {
  links: '/sys/class/net',
  cgroup: '/sys/fs/cgroup',
  routes: '/proc/net/route',
};

/**
 * Broader routes than this are aggregates (10.0.0.0/8 of a company): they overlap every slot alike, and our
 * /20 inside of one is the more specific route, as a VPN's would be.
 */
const BROADEST_CONFLICT = 12;

interface Route {
  device: string;
  network: number;
  prefix: number;
}

/** proc(5), /proc/net/route: addresses are hexadecimal in host order, least significant byte first. */
function readRoutes(path: string): Route[] {
  const swap = (hex: string) => Buffer.from(hex, 'hex').readUInt32LE(0);
  return readFileSync(path, 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
    .flatMap(([device, destination, , , , , , mask]) => {
      if (device === undefined || destination === undefined || mask === undefined) return [];
      const prefix = swap(mask).toString(2).replaceAll('0', '').length;
      return [{ device, network: swap(destination), prefix }];
    });
}

function parseCidr(cidr: string): { network: number; prefix: number } {
  const [address = '', prefix = ''] = cidr.split('/');
  const network = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  return { network, prefix: Number(prefix) };
}

/** Whether two networks have an address in common. */
function overlaps(
  one: { network: number; prefix: number },
  other: { network: number; prefix: number },
): boolean {
  const bits = 2 ** (32 - Math.min(one.prefix, other.prefix));
  return Math.floor(one.network / bits) === Math.floor(other.network / bits);
}

function cgroupTaken(root: string, name: string): string | null {
  if (!existsSync(root)) return null;
  const folders = [root, ...readdirSync(root).map((entry) => join(root, entry))];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/** Why a slot's names are not free on this host although nobody claims it; null when they are. */
export function whyTaken(slot: number, roots: HostRoots = HOST_ROOTS): string | null {
  const names: Instance = instanceOf({ slot, id: '0'.repeat(32), dataDir: '/' });
  const links = readdirSync(roots.links);
  const link = links.find((entry) => entry === names.bridge) ?? guestLinks(names, links)[0];
  if (link !== undefined) return `the link ${link} exists`;
  const cgroup = cgroupTaken(roots.cgroup, names.cgroup);
  if (cgroup !== null) return `the cgroup ${cgroup} exists`;
  const device = routeOver(names.ipv4, names.bridge, roots);
  return device === null ? null : `${names.ipv4} overlaps a route of the host over ${device}`;
}

/** Over which other link than `bridge` the host sends some of this network (CIDR); null: over none. */
export function routeOver(
  ipv4: string,
  bridge: string,
  roots: Pick<HostRoots, 'routes'> = HOST_ROOTS,
): string | null {
  const own = parseCidr(ipv4);
  const route = readRoutes(roots.routes).find(
    (entry) => entry.device !== bridge && entry.prefix >= BROADEST_CONFLICT && overlaps(entry, own),
  );
  return route?.device ?? null;
}
