import type { Instance } from '../instance/instance.ts';
import { addressesOf, gatewayOf } from './leases.ts';
import type { NetworkGuest } from './service.ts';

type Names = Pick<Instance, 'bridge' | 'ipv4' | 'ipv6'>;

/** The zone of guests' names. */
const DOMAIN = 'berth';

/** A label of RFC 1123, checked once more where it becomes a line of a file that another program reads. */
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * dnsmasq(8): names of guests and nothing else of ours, everything else forwarded to the host's own resolvers, which
 * are looked up again whenever /etc/resolv.conf changes (it may be missing). Pure.
 */
export function dnsConfig(names: Names, options: { folder: string; user: string }): string {
  const { folder, user } = options;
  const gateway = gatewayOf(names);
  return `user=${user}
group=${user}
pid-file=${folder}/pid
port=53
interface=${names.bridge}
except-interface=lo
listen-address=${gateway.ipv4}
listen-address=${gateway.ipv6}
bind-dynamic
no-hosts
addn-hosts=${folder}/hosts
resolv-file=/etc/resolv.conf
domain=${DOMAIN}
local=/${DOMAIN}/
rev-server=${names.ipv4}
rev-server=${names.ipv6}
domain-needed
local-ttl=5
cache-size=1000
`;
}

/** hosts(5): both addresses of a guest, under its name with the zone and without. Pure. Throws on any other name. */
export function dnsHost(names: Names, { name, lease }: Pick<NetworkGuest, 'name' | 'lease'>): string {
  if (!LABEL.test(name)) throw new Error(`guest name ${JSON.stringify(name)} cannot be in DNS`);
  const { ipv4, ipv6 } = addressesOf(names, lease);
  return `${ipv4} ${name}.${DOMAIN} ${name}\n${ipv6} ${name}.${DOMAIN} ${name}\n`;
}

/** The guest's /etc/resolv.conf (resolv.conf(5)). Pure. */
export function guestResolvConf(names: Names): string {
  return `nameserver ${gatewayOf(names).ipv4}\nsearch ${DOMAIN}\n`;
}
