import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createLog } from '../log.ts';
import { createNetworkService } from './create-network-service.ts';
import { deriveReach } from './derive-reach.ts';
import type { Party } from './reach-schema.ts';
import type { NetworkService } from './service.ts';

/** What the map says is tried with packets: two guests on a bridge with the rules of the product, a host, and an outside that has a route to them. */
const runDir = '/run/berth/test-reach';
const instance = {
  ...{ slot: 98, bridge: 'berth-t8', nftTable: 'bertht8', linkPrefix: 'bvt8-', shaperPrefix: 'bit8-' },
  ...{ ipv4: '10.219.128.0/20', ipv6: 'fd5e:7e57:9999:8::/64', runDir },
};
const GATEWAY = '10.219.128.1';
const guests = [2, 3].map((lease) => ({
  ...{ id: `g${lease}`, name: `g${lease}`, lease, mac: `02:00:5e:00:08:0${lease}`, state: 'running' },
}));
const ADDRESS: Record<'g2' | 'g3' | 'host' | 'outside', string> = {
  ...{ g2: '10.219.128.2', g3: '10.219.128.3', host: GATEWAY, outside: '198.51.100.5' },
};

const sh = (command: string) =>
  execFileSync('sh', ['-ec', command], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const runtime = {
  ensureNetwork: async (of: { bridge: string; ipv4: string; ipv6: string }) =>
    void sh(`ip link show ${of.bridge} >/dev/null 2>&1 || ip link add ${of.bridge} address 02:be:7e:57:00:08 type bridge
ip addr replace ${of.ipv4} dev ${of.bridge}; ip addr replace ${of.ipv6} dev ${of.bridge} nodad; ip link set ${of.bridge} up`),
  dropNetwork: async (bridge: string) => void sh(`ip link del ${bridge} 2>/dev/null || true`),
  removeLink: async (link: string) => void sh(`ip link del ${link} 2>/dev/null || true`),
  applyFirewall: async (script: string) =>
    void execFileSync('nft', ['-f', '-'], { input: script, stdio: ['pipe', 'pipe', 'pipe'] }),
};
const db = { guest: { findMany: async () => guests } };

const leavings = () => {
  for (const name of ['g2', 'g3', 'out']) sh(`ip netns del berth-t8-${name} 2>/dev/null || true`);
  sh('for link in bvt8-2 bvt8-3 bvt8out; do ip link del $link 2>/dev/null || true; done');
};
const inside = (party: string) =>
  party === 'host' ? [] : ['ip', 'netns', 'exec', `berth-t8-${party === 'outside' ? 'out' : party}`];

const servers: ChildProcess[] = [];
let network: NetworkService;

beforeAll(async () => {
  leavings();
  mkdirSync(runDir, { recursive: true });
  const services = { db, hosts: { own: '' }, instance, log: createLog(), runtime };
  network = createNetworkService(services as unknown as Parameters<typeof createNetworkService>[0]);
  await network.ensure();
  for (const guest of guests) {
    const { network: spec } = await network.specFor(guest);
    if (!spec) throw new Error('no network');
    const at = `ip -n berth-t8-${guest.name}`;
    sh(`ip netns add berth-t8-${guest.name}
ip link add ${spec.link} type veth peer name eth0 netns berth-t8-${guest.name} address ${spec.mac}
ip link set ${spec.link} master ${spec.bridge} up
${at} link set lo up; ${at} link set eth0 up; ${at} addr add ${spec.ipv4} dev eth0
${at} route add default via ${spec.ipv4Gateway}`);
  }
  sh(`ip netns add berth-t8-out
ip link add bvt8out type veth peer name eth0 netns berth-t8-out
ip addr add 198.51.100.6/30 dev bvt8out; ip link set bvt8out up
ip -n berth-t8-out link set lo up; ip -n berth-t8-out addr add 198.51.100.5/30 dev eth0; ip -n berth-t8-out link set eth0 up
ip -n berth-t8-out route add 10.219.128.0/20 via 198.51.100.6`);
  for (const party of ['g2', 'g3', 'host', 'outside'] as const) {
    const listen = `require('net').createServer((one) => one.end()).listen(8098, '${ADDRESS[party]}')`;
    const [command = '', ...args] = [...inside(party), process.execPath, '-e', listen];
    servers.push(spawn(command, args, { stdio: 'ignore' }));
  }
  // Each is asked from where it is: then all listen.
  for (const party of ['g2', 'g3', 'host', 'outside'] as const)
    await vi.waitFor(() => expect(reaches(party, party)).toBe('allowed'), { timeout: 60_000 });
});
afterAll(async () => {
  for (const server of servers) server.kill('SIGKILL');
  await network?.drop();
  leavings();
  rmSync(runDir, { recursive: true, force: true });
});

/** What becomes of a first packet: that it was refused is told; of one that was dropped nothing is heard within two seconds. */
function reaches(from: string, to: keyof typeof ADDRESS, port = 8098): 'allowed' | 'refused' | 'dropped' {
  const [command = '', ...args] = [...inside(from), 'busybox', 'nc', '-w', '2', ADDRESS[to], String(port)];
  try {
    execFileSync(command, args, { stdio: ['ignore', 'pipe', 'pipe'], input: '' });
    return 'allowed';
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
    return said.includes("can't connect") ? 'refused' : 'dropped';
  }
}

const claimed = (from: Party, to: Party, ports: string) =>
  deriveReach(instance).find((one) => one.from === from && one.to === to && one.ports === ports)?.verdict;

test.each([
  ['guests', 'guests', 'g2', 'g3'],
  ['guests', 'outside', 'g2', 'outside'],
  ['host', 'guests', 'host', 'g3'],
  ['outside', 'guests', 'outside', 'g2'],
] as const)('%s to %s is as the map says', (from, to, one, other) => {
  const claim = claimed(from, to, 'all');
  expect(claim).toBeDefined();
  expect(reaches(one, other)).toBe(claim);
});

test('of the host a guest has its name server and ping, and nothing else', () => {
  expect(reaches('g2', 'host')).toBe(claimed('guests', 'host', 'all others'));
  expect(reaches('g2', 'host', 53)).toBe(claimed('guests', 'host', '53 (DNS)'));
  expect(() => sh(`ip netns exec berth-t8-g2 busybox ping -c1 -W2 ${GATEWAY}`)).not.toThrow();
  expect(claimed('guests', 'host', 'ping')).toBe('allowed');
});

test('without the rule that a claim names the packet passes: it is this rule that decides', () => {
  const [handle] = /handle \d+/.exec(
    sh('nft -a list chain inet bertht8 forward')
      .split('\n')
      .find((line) => /oifname "berth-t8" drop/.test(line)) ?? '',
  ) ?? [''];
  expect(handle).not.toBe('');
  sh(`nft delete rule inet bertht8 forward ${handle}`);
  expect(reaches('outside', 'g2')).toBe('allowed');
});
