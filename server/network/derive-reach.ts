import type { Instance } from '../instance/instance.ts';
import { forwardRules, inputRules, judgePacket, masqueradeRules, type Packet } from './firewall-rules.ts';
import type { Party, Reach } from './reach-schema.ts';

type Names = Pick<Instance, 'bridge' | 'ipv4' | 'ipv6'>;

const NEW: Omit<Packet, 'from' | 'to'> = { state: 'new', protocol: 'tcp', port: 80, toGateway: false };
const VERDICTS = { accept: 'allowed', reject: 'refused', drop: 'dropped' } as const;

/**
 * Who can reach whom on an instance's network: each claim is what becomes of a first packet in the very rules that `networkScript`
 * installs. The host's own tables may still drop what these accept. Pure.
 */
export function deriveReach(names: Names): Reach[] {
  const forward = forwardRules(names);
  const input = inputRules(names);
  const [masquerade = ''] = masqueradeRules(names);
  const claim = (
    of: { from: Party; to: Party; ports: string; because: string },
    judged: { verdict: 'accept' | 'drop' | 'reject'; rule: string },
  ): Reach => ({ ...of, verdict: VERDICTS[judged.verdict], rule: judged.rule });
  const forHost = (packet: Partial<Packet>) =>
    judgePacket(input, { ...NEW, from: 'guests', to: 'host', ...packet });
  const inward = judgePacket(forward, { ...NEW, from: 'elsewhere', to: 'guests' });
  const outward = judgePacket(forward, { ...NEW, from: 'guests', to: 'elsewhere' });
  return [
    claim(
      {
        from: 'guests',
        to: 'guests',
        ports: 'all',
        because: 'they are on one bridge, each with its own addresses alone',
      },
      judgePacket(forward, { ...NEW, from: 'guests', to: 'guests' }),
    ),
    claim(
      {
        from: 'guests',
        to: 'outside',
        ports: 'all',
        because: 'it is passed on with the address of the host',
      },
      { ...outward, rule: `${outward.rule}; ${masquerade}` },
    ),
    claim(
      { from: 'guests', to: 'host', ports: '53 (DNS)', because: 'the gateway is their name server' },
      forHost({ protocol: 'udp', port: 53, toGateway: true }),
    ),
    claim(
      {
        from: 'guests',
        to: 'host',
        ports: 'ping',
        because: 'who looks for a fault can ask whether the host is there',
      },
      forHost({ protocol: 'ping', port: null }),
    ),
    claim(
      { from: 'guests', to: 'host', ports: 'all others', because: 'nothing of the host is for guests' },
      forHost({}),
    ),
    claim(
      {
        from: 'host',
        to: 'guests',
        ports: 'all',
        because: 'the host is on the bridge itself, and no rule is about what it sends',
      },
      judgePacket([], { ...NEW, from: 'elsewhere', to: 'guests' }),
    ),
    claim(
      {
        from: 'outside',
        to: 'guests',
        ports: 'all',
        because: 'only answers to what a guest has asked come in; no port is forwarded',
      },
      inward,
    ),
    claim(
      { from: 'guests', to: 'other', ports: 'all', because: 'on the other bridge it comes from outside' },
      inward,
    ),
    claim({ from: 'other', to: 'guests', ports: 'all', because: 'it comes from outside' }, inward),
  ];
}
