import type { Instance } from '../instance/instance.ts';
import { gatewayOf } from './leases.ts';

type Names = Pick<Instance, 'bridge' | 'ipv4' | 'ipv6'>;

/** A packet as the chains of an instance's `inet` table look at it. */
export interface Packet {
  /** Whether it comes out of the instance's bridge. */
  from: 'guests' | 'elsewhere';
  /** Whether it leaves by the bridge; `host`: it is for the host itself. */
  to: 'guests' | 'elsewhere' | 'host';
  /** What conntrack says of it. */
  state: 'new' | 'established' | 'invalid';
  protocol: 'tcp' | 'udp' | 'ping' | 'neighbours';
  port: number | null;
  /** To the bridge's own address, which is gateway and name server. */
  toGateway: boolean;
}

/** One rule: what nft(8) is given, and the same for who asks what becomes of a packet. */
export interface Rule {
  nft: string;
  matches: (packet: Packet) => boolean;
  /** Null: it changes the packet, and the next rule is asked. */
  verdict: 'accept' | 'drop' | 'reject' | null;
}

const isAnswer = ({ state }: Packet) => state === 'established';
const isDns = ({ toGateway, protocol, port }: Packet) =>
  toGateway && port === 53 && (protocol === 'tcp' || protocol === 'udp');

/** What is for the host itself. Pure. */
export function inputRules(names: Names): Rule[] {
  const gateway = gatewayOf(names);
  return [
    {
      nft: `iifname != "${names.bridge}" accept`,
      matches: ({ from }) => from !== 'guests',
      verdict: 'accept',
    },
    { nft: 'ct state established,related accept', matches: isAnswer, verdict: 'accept' },
    {
      nft: 'icmp type echo-request accept',
      matches: ({ protocol }) => protocol === 'ping',
      verdict: 'accept',
    },
    {
      nft: 'icmpv6 type { echo-request, nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, mld-listener-report, mld2-listener-report } accept',
      matches: ({ protocol }) => protocol === 'ping' || protocol === 'neighbours',
      verdict: 'accept',
    },
    {
      nft: `ip daddr ${gateway.ipv4} meta l4proto { tcp, udp } th dport 53 accept`,
      matches: isDns,
      verdict: 'accept',
    },
    {
      nft: `ip6 daddr ${gateway.ipv6} meta l4proto { tcp, udp } th dport 53 accept`,
      matches: isDns,
      verdict: 'accept',
    },
    { nft: 'reject with icmpx type admin-prohibited', matches: () => true, verdict: 'reject' },
  ];
}

/** What passes through the host. Pure. */
export function forwardRules({ bridge }: Pick<Names, 'bridge'>): Rule[] {
  const isOut = ({ from }: Packet) => from === 'guests';
  const isIn = ({ to }: Packet) => to === 'guests';
  return [
    {
      nft: `iifname "${bridge}" oifname "${bridge}" accept`,
      matches: (packet) => isOut(packet) && isIn(packet),
      verdict: 'accept',
    },
    {
      nft: `iifname "${bridge}" ct state invalid drop`,
      matches: (packet) => isOut(packet) && packet.state === 'invalid',
      verdict: 'drop',
    },
    {
      nft: `iifname "${bridge}" tcp flags syn tcp option maxseg size set rt mtu`,
      matches: isOut,
      verdict: null,
    },
    {
      nft: `oifname "${bridge}" tcp flags syn tcp option maxseg size set rt mtu`,
      matches: isIn,
      verdict: null,
    },
    { nft: `iifname "${bridge}" accept`, matches: isOut, verdict: 'accept' },
    {
      nft: `oifname "${bridge}" ct state established,related accept`,
      matches: (packet) => isIn(packet) && isAnswer(packet),
      verdict: 'accept',
    },
    { nft: `oifname "${bridge}" drop`, matches: isIn, verdict: 'drop' },
  ];
}

/** What hides guests behind the host. Pure. */
export function masqueradeRules({ bridge, ipv4, ipv6 }: Names): string[] {
  return [
    `ip saddr ${ipv4} ip daddr != ${ipv4} oifname != "${bridge}" masquerade`,
    `ip6 saddr ${ipv6} ip6 daddr != ${ipv6} oifname != "${bridge}" masquerade`,
  ];
}

/** What becomes of a packet, and by which rule; all chains accept what no rule is about. Pure. */
export function judgePacket(
  rules: readonly Rule[],
  packet: Packet,
): { verdict: 'accept' | 'drop' | 'reject'; rule: string } {
  for (const { matches, verdict, nft } of rules)
    if (verdict !== null && matches(packet)) return { verdict, rule: nft };
  return { verdict: 'accept', rule: 'policy accept' };
}
