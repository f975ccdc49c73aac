import type { Instance } from '../instance/instance.ts';
import { forwardRules, inputRules, masqueradeRules, type Rule } from './firewall-rules.ts';
import { addressesOf, gatewayOf, integerOf, linkLocalOf } from './leases.ts';

type Names = Pick<Instance, 'bridge' | 'nftTable' | 'linkPrefix' | 'ipv4' | 'ipv6'>;

/** Before the filters of the host's own tables (priority 0): a drop here is final, an accept is not. */
const FILTER = 'filter - 5';

const MAC = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/;
/** Whom a neighbour message is about, for which nft before 1.0.8 has no word. */
const TARGET = '@th,64,128';
const SETS = ['macs', 'ipv4s', 'ipv6s', 'neighbours'];

interface LinkedGuest {
  lease: number;
  mac: string;
}

/** What goes into a script is made by us or checked here: no guest's word becomes nftables syntax. */
function checked(value: string, shape: RegExp): string {
  if (!shape.test(value)) throw new Error(`${JSON.stringify(value)} cannot be in a firewall script`);
  return value;
}

/** Host end of a guest's link: leases are unique, so it is, and it fits IFNAMSIZ. Pure. */
export function linkOf(names: Pick<Instance, 'linkPrefix'>, lease: number): string {
  return `${names.linkPrefix}${lease}`;
}

/** The link that shapes what the guest with this lease sends, while that is limited. Pure. */
export function shaperOf(names: Pick<Instance, 'shaperPrefix'>, lease: number): string {
  return `${names.shaperPrefix}${lease}`;
}

const lines = (rules: readonly Rule[]) => rules.map(({ nft }) => nft).join('\n    ');

/**
 * The instance's own tables (nft(8)). Applied again it changes nothing: chains are flushed and filled anew in one
 * transaction, and what belongs to the links of guests, which is in sets, stays. Whatever comes out of a link must be of
 * its guest: its MAC, ARP, IPv4 and IPv6, and it can be neither router nor somebody else's neighbour. The order matters:
 * what speaks for others is dropped before anything is accepted, and what is not known is dropped. What is for routers
 * or the gateway goes to the bridge (`bridgeMac`) alone, not to every guest there is. Pure.
 */
export function networkScript(names: Names, { bridgeMac }: { bridgeMac: string }): string {
  const { nftTable: table, linkPrefix } = names;
  const gateway = gatewayOf(names);
  const toBridge = `ether daddr set ${checked(bridgeMac, MAC)}`;
  return `add table inet ${table}
add chain inet ${table} input { type filter hook input priority ${FILTER}; policy accept; }
add chain inet ${table} forward { type filter hook forward priority ${FILTER}; policy accept; }
add chain inet ${table} postrouting { type nat hook postrouting priority srcnat; policy accept; }
flush chain inet ${table} input
flush chain inet ${table} forward
flush chain inet ${table} postrouting
table inet ${table} {
  chain input {
    ${lines(inputRules(names))}
  }
  chain forward {
    ${lines(forwardRules(names))}
  }
  chain postrouting {
    ${masqueradeRules(names).join('\n    ')}
  }
}
add table bridge ${table}
add set bridge ${table} macs { type ifname . ether_addr; }
add set bridge ${table} ipv4s { type ifname . ipv4_addr; }
add set bridge ${table} ipv6s { type ifname . ipv6_addr; }
add set bridge ${table} neighbours { typeof iifname . ${TARGET}; }
add chain bridge ${table} prerouting { type filter hook prerouting priority -300; policy accept; }
flush chain bridge ${table} prerouting
table bridge ${table} {
  chain prerouting {
    iifname != "${linkPrefix}*" accept
    iifname . ether saddr != @macs drop
    ether type arp arp htype != 1 drop
    ether type arp arp ptype != ip drop
    ether type arp iifname . arp saddr ether != @macs drop
    ether type arp arp daddr ip ${gateway.ipv4} ${toBridge}
    ether type arp arp saddr ip 0.0.0.0 accept
    ether type arp iifname . arp saddr ip @ipv4s accept
    ether type arp drop
    ether type ip iifname . ip saddr @ipv4s accept
    ether type != ip6 drop
    icmpv6 type { nd-router-advert, nd-redirect } drop
    icmpv6 type nd-neighbor-advert iifname . ${TARGET} != @neighbours drop
    icmpv6 type { nd-router-solicit, mld-listener-report, mld-listener-done, mld2-listener-report } ${toBridge}
    icmpv6 type nd-neighbor-solicit ip6 saddr :: ${toBridge}
    icmpv6 type nd-neighbor-solicit ${TARGET} ${integerOf(gateway.ipv6)} ${toBridge}
    icmpv6 type { nd-neighbor-solicit, mld-listener-report, mld2-listener-report } ip6 saddr :: accept
    iifname . ip6 saddr @ipv6s accept
    drop
  }
}
`;
}

/** Removes the tables, there or not. Pure. */
export function dropScript(names: Pick<Names, 'nftTable'>): string {
  const { nftTable: table } = names;
  return ['inet', 'bridge']
    .map((family) => `add table ${family} ${table}\ndelete table ${family} ${table}\n`)
    .join('');
}

/** What may come out of one guest's link: its part of the sets. */
function elementsOf(names: Names, { lease, mac }: LinkedGuest): [set: string, element: string][] {
  const { ipv4, ipv6 } = addressesOf(names, lease);
  const link = `"${checked(linkOf(names, lease), /^[a-z0-9-]{1,15}$/)}"`;
  const linkLocal = linkLocalOf(checked(mac, MAC));
  return [
    ['macs', `${link} . ${mac}`],
    ['ipv4s', `${link} . ${ipv4}`],
    ['ipv6s', `${link} . ${ipv6}, ${link} . ${linkLocal}`],
    ['neighbours', `${link} . ${integerOf(ipv6)}, ${link} . ${integerOf(linkLocal)}`],
  ];
}

/** The walls of one guest's link: what `networkScript` lets out of it. Applied again it changes nothing. Pure. */
export function guestScript(names: Names, guest: LinkedGuest): string {
  return elementsOf(names, guest)
    .map(([set, element]) => `add element bridge ${names.nftTable} ${set} { ${element} }\n`)
    .join('');
}

/** The walls of these guests' links and of no other. Pure. */
export function guestsScript(names: Names, guests: readonly LinkedGuest[]): string {
  const flush = SETS.map((set) => `flush set bridge ${names.nftTable} ${set}\n`);
  return [...flush, ...guests.map((guest) => guestScript(names, guest))].join('');
}

/** Removes the walls of one guest's link, there or not. Pure. */
export function forgetGuestScript(names: Names, guest: LinkedGuest): string {
  const gone = elementsOf(names, guest).map(
    ([set, element]) => `delete element bridge ${names.nftTable} ${set} { ${element} }\n`,
  );
  return [guestScript(names, guest), ...gone].join('');
}
