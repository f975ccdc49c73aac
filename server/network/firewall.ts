import type { Instance } from '../instance/instance.ts';
import { addressesOf, gatewayOf, integerOf, linkLocalOf } from './leases.ts';

type Names = Pick<Instance, 'bridge' | 'nftTable' | 'linkPrefix' | 'ipv4' | 'ipv6'>;

/** Before the filters of the host's own tables (priority 0): a drop here is final, an accept is not. */
const FILTER = 'filter - 5';

/** What goes into a script is made by us or checked here: no guest's word becomes nftables syntax. */
function checked(value: string, shape: RegExp): string {
  if (!shape.test(value)) throw new Error(`${JSON.stringify(value)} cannot be in a firewall script`);
  return value;
}

/** Host end of a guest's link: leases are unique, so it is, and it fits IFNAMSIZ. Pure. */
export function linkOf(names: Pick<Instance, 'linkPrefix'>, lease: number): string {
  return `${names.linkPrefix}${lease}`;
}

/**
 * The instance's own tables (nft(8)). Applied again it changes nothing: chains are flushed and filled anew in one
 * transaction, and the walls of running guests, which live in the map, stay. Pure.
 */
export function networkScript(names: Names): string {
  const { nftTable: table, bridge, linkPrefix, ipv4, ipv6 } = names;
  const gateway = gatewayOf(names);
  return `add table inet ${table}
add chain inet ${table} input { type filter hook input priority ${FILTER}; policy accept; }
add chain inet ${table} forward { type filter hook forward priority ${FILTER}; policy accept; }
add chain inet ${table} postrouting { type nat hook postrouting priority srcnat; policy accept; }
flush chain inet ${table} input
flush chain inet ${table} forward
flush chain inet ${table} postrouting
table inet ${table} {
  chain input {
    iifname != "${bridge}" accept
    ct state established,related accept
    icmp type echo-request accept
    icmpv6 type { echo-request, nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, mld-listener-report, mld2-listener-report } accept
    ip daddr ${gateway.ipv4} meta l4proto { tcp, udp } th dport 53 accept
    ip6 daddr ${gateway.ipv6} meta l4proto { tcp, udp } th dport 53 accept
    reject with icmpx type admin-prohibited
  }
  chain forward {
    iifname "${bridge}" oifname "${bridge}" accept
    iifname "${bridge}" ct state invalid drop
    iifname "${bridge}" tcp flags syn tcp option maxseg size set rt mtu
    oifname "${bridge}" tcp flags syn tcp option maxseg size set rt mtu
    iifname "${bridge}" accept
    oifname "${bridge}" ct state established,related accept
    oifname "${bridge}" drop
  }
  chain postrouting {
    ip saddr ${ipv4} ip daddr != ${ipv4} oifname != "${bridge}" masquerade
    ip6 saddr ${ipv6} ip6 daddr != ${ipv6} oifname != "${bridge}" masquerade
  }
}
add table bridge ${table}
add map bridge ${table} guests { type ifname : verdict; }
add chain bridge ${table} prerouting { type filter hook prerouting priority -300; policy accept; }
flush chain bridge ${table} prerouting
add rule bridge ${table} prerouting iifname != "${linkPrefix}*" accept
add rule bridge ${table} prerouting iifname vmap @guests
add rule bridge ${table} prerouting drop
`;
}

/** Removes the tables, there or not. Pure. */
export function dropScript(names: Pick<Names, 'nftTable'>): string {
  const { nftTable: table } = names;
  return ['inet', 'bridge']
    .map((family) => `add table ${family} ${table}\ndelete table ${family} ${table}\n`)
    .join('');
}

/**
 * The walls of one guest's link: only its own MAC, ARP, IPv4 and IPv6 come out of it, and it can be neither router
 * nor somebody else's neighbour. The order matters: what speaks for others is dropped before anything is
 * accepted, and what is not known is dropped. Applied again it changes nothing. Pure.
 */
export function guestScript(names: Names, guest: { lease: number; mac: string }): string {
  const { nftTable: table } = names;
  const { ipv4, ipv6 } = addressesOf(names, guest.lease);
  const mac = checked(guest.mac, /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);
  const link = checked(linkOf(names, guest.lease), /^[a-z0-9-]{1,15}$/);
  const chain = `guest${guest.lease}`;
  const linkLocal = linkLocalOf(mac);
  return `add chain bridge ${table} ${chain}
flush chain bridge ${table} ${chain}
table bridge ${table} {
  chain ${chain} {
    ether saddr != ${mac} drop
    ether type arp arp htype != 1 drop
    ether type arp arp ptype != ip drop
    ether type arp arp saddr ether ${mac} arp saddr ip { ${ipv4}, 0.0.0.0 } accept
    ether type arp drop
    ether type ip ip saddr ${ipv4} accept
    ether type != ip6 drop
    icmpv6 type { nd-router-advert, nd-redirect } drop
    icmpv6 type nd-neighbor-advert @th,64,128 != { ${integerOf(ipv6)}, ${integerOf(linkLocal)} } drop
    icmpv6 type { nd-neighbor-solicit, mld-listener-report, mld2-listener-report } ip6 saddr :: accept
    ip6 saddr { ${ipv6}, ${linkLocal} } accept
    drop
  }
}
add element bridge ${table} guests { "${link}" : jump ${chain} }
`;
}

/** Removes the walls of one guest's link, there or not. Pure. */
export function forgetGuestScript(names: Names, lease: number): string {
  const { nftTable: table } = names;
  const link = linkOf(names, lease);
  const chain = `guest${lease}`;
  return `add chain bridge ${table} ${chain}
add element bridge ${table} guests { "${link}" : jump ${chain} }
delete element bridge ${table} guests { "${link}" }
flush chain bridge ${table} ${chain}
delete chain bridge ${table} ${chain}
`;
}
