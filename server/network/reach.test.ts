import { expect, test } from 'vitest';
import { deriveReach } from './derive-reach.ts';
import { networkScript } from './firewall.ts';
import { forwardRules, inputRules, judgePacket, type Packet } from './firewall-rules.ts';

const names = { bridge: 'berth1', ipv4: '10.209.16.0/20', ipv6: 'fdab:1:2:1::/64' };
const whole = { ...names, nftTable: 'berth1', linkPrefix: 'bv1-' };
const packet: Packet = {
  from: 'guests',
  to: 'host',
  state: 'new',
  protocol: 'tcp',
  port: 80,
  toGateway: false,
};

test('every rule that a claim names is one that is installed', () => {
  const script = networkScript(whole, { bridgeMac: '02:be:00:00:00:01' });
  const claims = deriveReach(names);
  for (const { rule, from } of claims)
    for (const one of rule?.split('; ') ?? []) if (from !== 'host') expect(script).toContain(`    ${one}\n`);
  expect(claims.map(({ from, to, ports, verdict }) => `${from} ${to} ${ports} ${verdict}`)).toEqual([
    'guests guests all allowed',
    'guests outside all allowed',
    'guests host 53 (DNS) allowed',
    'guests host ping allowed',
    'guests host all others refused',
    'host guests all allowed',
    'outside guests all dropped',
    'guests other all dropped',
    'other guests all dropped',
  ]);
});

test.each<[string, 'input' | 'forward', Partial<Packet>, string]>([
  ['DNS of the gateway', 'input', { toGateway: true, port: 53 }, 'accept'],
  ['DNS of another address of the host', 'input', { port: 53 }, 'reject'],
  ['another port of the gateway', 'input', { toGateway: true, port: 22 }, 'reject'],
  ['an answer to the host', 'input', { state: 'established' }, 'accept'],
  ['what does not come from guests', 'input', { from: 'elsewhere' }, 'accept'],
  ['an answer from outside', 'forward', { from: 'elsewhere', to: 'guests', state: 'established' }, 'accept'],
  ['a first packet from outside', 'forward', { from: 'elsewhere', to: 'guests' }, 'drop'],
  ['what belongs to nothing', 'forward', { to: 'elsewhere', state: 'invalid' }, 'drop'],
  ['what is no guest’s', 'forward', { from: 'elsewhere', to: 'elsewhere' }, 'accept'],
])('%s', (_what, chain, over, verdict) => {
  const rules = chain === 'input' ? inputRules(names) : forwardRules(names);
  expect(judgePacket(rules, { ...packet, ...over }).verdict).toBe(verdict);
});

test('without its last rule a chain would let in what it refuses: the claims follow the rules', () => {
  const open = inputRules(names).slice(0, -1);
  expect(judgePacket(open, packet)).toEqual({ verdict: 'accept', rule: 'policy accept' });
});
