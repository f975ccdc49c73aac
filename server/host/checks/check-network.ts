import type { HostCheck } from '../check-schema.ts';
import { type Attempt, numberOf, type Probing, tryAll } from './probing.ts';

const network = (attempt: Omit<Attempt, 'group'>): Attempt => ({ group: 'network', ...attempt });
const NO_NETWORK = 'guests with a network do not start';
const NO_SENDING = 'what a guest sends cannot be limited; what it receives can';

const ATTEMPTS: readonly Attempt[] = [
  network({
    id: 'network.veth',
    name: 'veth pairs',
    probe: 'veth',
    required: true,
    detail: 'made one',
    remedy: 'the kernel needs CONFIG_VETH',
    consequence: NO_NETWORK,
  }),
  network({
    id: 'network.bridge',
    name: 'bridges',
    probe: 'bridge',
    required: true,
    detail: 'made one',
    remedy: 'the kernel needs CONFIG_BRIDGE',
    consequence: NO_NETWORK,
  }),
  network({
    id: 'network.nat',
    name: 'nftables with masquerade',
    probe: 'nat',
    required: true,
    detail: 'made a table',
    remedy: 'the kernel needs CONFIG_NF_TABLES_INET, CONFIG_NFT_NAT and CONFIG_NFT_MASQ',
    consequence: 'guests reach nothing outside of the host, and could forge addresses',
  }),
  network({
    id: 'network.tbf',
    name: 'rate limits (tbf)',
    probe: 'tbf',
    detail: 'made one',
    remedy: 'the kernel needs CONFIG_NET_SCH_TBF',
    consequence: 'network rates of guests cannot be limited',
  }),
  network({
    id: 'network.ifb',
    name: 'intermediate links (ifb)',
    probe: 'ifb',
    detail: 'made one',
    remedy: 'the kernel needs CONFIG_IFB',
    consequence: NO_SENDING,
  }),
  network({
    id: 'network.ingress',
    name: 'ingress queues',
    probe: 'ingress',
    detail: 'made one',
    remedy: 'the kernel needs CONFIG_NET_SCH_INGRESS',
    consequence: NO_SENDING,
  }),
  network({
    id: 'network.mirred',
    name: 'redirection between links (mirred)',
    probe: 'mirred',
    detail: 'made one',
    remedy: 'the kernel needs CONFIG_NET_ACT_MIRRED',
    consequence: NO_SENDING,
  }),
];

/** Links, queues and rules, each made in a network namespace that goes away. */
export async function checkNetwork(probing: Probing): Promise<HostCheck[]> {
  return [...(await tryAll(probing, ATTEMPTS)), ipv6(probing)];
}

function ipv6(probing: Probing): HostCheck {
  const off = numberOf(probing, '/proc/sys/net/ipv6/conf/all/disable_ipv6');
  const on = off === 0;
  return {
    id: 'network.ipv6',
    group: 'network',
    name: 'IPv6',
    required: false,
    state: on ? 'yes' : 'no',
    detail: on
      ? 'on'
      : off === null
        ? 'the kernel has none (CONFIG_IPV6, ipv6.disable)'
        : 'net.ipv6.conf.all.disable_ipv6 is 1',
    consequence: on ? null : 'guests have IPv4 only',
  };
}
