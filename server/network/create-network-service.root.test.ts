import { exec, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Instance } from '../instance/instance.ts';
import { createLog } from '../log.ts';
import { createNetworkService } from './create-network-service.ts';
import type { NetworkService } from './service.ts';

/**
 * Apart from every real instance: names, ranges and folders of the test's own. Only who needs forwarding is written
 * where all instances of the host write it (beside the run folder), so that none takes it from another.
 */
const runDir = '/run/berth/test-network';
const instance: Pick<Instance, 'bridge' | 'nftTable' | 'linkPrefix' | 'ipv4' | 'ipv6' | 'runDir' | 'slot'> = {
  slot: 99,
  bridge: 'berth-t9',
  nftTable: 'bertht9',
  linkPrefix: 'bvt9-',
  ipv4: '10.219.144.0/20',
  ipv6: 'fd5e:7e57:9999:9::/64',
  runDir,
};
const web = { id: 'one', name: 'web', lease: 2, mac: '02:00:5e:00:00:02' };
const outside = '198.51.100.1';

function sh(command: string): string {
  return execFileSync('sh', ['-ec', command], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
function works(command: string): boolean {
  try {
    sh(command);
    return true;
  } catch {
    return false;
  }
}
const inGuest = (command: string) => works(`ip netns exec berth-t9g ${command}`);

const runtime = {
  ensureNetwork: async (of: { bridge: string; ipv4: string; ipv6: string }) =>
    void sh(`ip link show ${of.bridge} >/dev/null 2>&1 || ip link add ${of.bridge} address 02:be:7e:57:00:09 type bridge
ip addr replace ${of.ipv4} dev ${of.bridge}; ip addr replace ${of.ipv6} dev ${of.bridge} nodad; ip link set ${of.bridge} up`),
  dropNetwork: async (bridge: string) => void sh(`ip link del ${bridge} 2>/dev/null || true`),
  applyFirewall: async (script: string) =>
    void execFileSync('nft', ['-f', '-'], { input: script, stdio: ['pipe', 'pipe', 'pipe'] }),
};
const rows: object[] = [];
const db = { guest: { findMany: async () => rows } };

function leavings(): void {
  for (const name of ['berth-t9g', 'berth-t9h', 'berth-t9o']) sh(`ip netns del ${name} 2>/dev/null || true`);
  sh(
    'ip link del bvt9-2 2>/dev/null || true; ip link del bvt9-3 2>/dev/null || true; ip link del bvt9out 2>/dev/null || true',
  );
}

let network: NetworkService;
beforeAll(async () => {
  leavings();
  mkdirSync(runDir, { recursive: true });
  const services = { db, instance, log: createLog(), runtime };
  network = createNetworkService(services as unknown as Parameters<typeof createNetworkService>[0]);
  await network.ensure();
  rows.push({ ...web, state: 'starting' });
  const { network: spec } = await network.specFor(web);
  if (!spec) throw new Error('no network');
  sh(`ip netns add berth-t9g
ip link add ${spec.link} type veth peer name eth0 netns berth-t9g address ${spec.mac}
ip link set ${spec.link} master ${spec.bridge} up
ip -n berth-t9g link set lo up; ip -n berth-t9g link set eth0 up
ip -n berth-t9g addr add ${spec.ipv4} dev eth0; ip -n berth-t9g addr add ${spec.ipv6} dev eth0 nodad
ip -n berth-t9g route add default via ${spec.ipv4Gateway}
ip netns add berth-t9o
ip link add bvt9out type veth peer name eth0 netns berth-t9o
ip addr add 198.51.100.2/30 dev bvt9out; ip link set bvt9out up
ip -n berth-t9o link set lo up; ip -n berth-t9o addr add ${outside}/30 dev eth0; ip -n berth-t9o link set eth0 up`);
});

afterAll(async () => {
  await network.drop();
  leavings();
  rmSync(runDir, { recursive: true, force: true });
});

test('the guest reaches its gateway in both families', () => {
  expect(inGuest('busybox ping -c1 -W2 10.219.144.1')).toBe(true);
  expect(inGuest('busybox ping -6 -c1 -W3 fd5e:7e57:9999:9::1')).toBe(true);
});

test('what is outside sees the host’s address, not the guest’s', () => {
  // The outside has no route back to 10.219.144.0/20: an answer proves the masquerade.
  expect(inGuest(`busybox ping -c1 -W2 ${outside}`)).toBe(true);
});

test('DNS follows starts, renames and removals', async () => {
  const ask = (name: string) =>
    works(
      `ip netns exec berth-t9g busybox nslookup -type=a ${name}.berth 10.219.144.1 | grep -q 10.219.144.2`,
    );
  const becomes = (name: string, known: boolean) =>
    expect.poll(() => ask(name), { timeout: 60_000 }).toBe(known);
  expect(network.dnsPid()).not.toBeNull();
  await becomes('web', false);
  await network.onGuestStarted(web);
  await becomes('web', true);
  await network.onGuestStarted({ ...web, name: 'shop' });
  await becomes('shop', true);
  await becomes('web', false);
  const pid = network.dnsPid();
  await network.ensure();
  expect(network.dnsPid()).toBe(pid);
});

test('what a guest asks its gateway is not told to every guest', () => {
  sh(`ip netns add berth-t9h
ip link add bvt9-3 type veth peer name eth0 netns berth-t9h
ip -n berth-t9h link set eth0 up; ip link set bvt9-3 master berth-t9 up
ip netns exec berth-t9h nft 'table netdev heard { counter asked { }; chain seen { type filter hook ingress device eth0 priority 0;
  ether saddr ${web.mac} arp operation request counter name asked; ether saddr ${web.mac} icmpv6 type nd-neighbor-solicit counter name asked; }; }'`);
  const told = (question: string) => {
    const heard = () =>
      Number(/packets (\d+)/.exec(sh('ip netns exec berth-t9h nft list counter netdev heard asked'))?.[1]);
    const before = heard();
    sh(`ip netns exec berth-t9g ${question} || true`);
    return heard() - before;
  };
  expect(told('busybox arping -c 2 -w 2 -I eth0 10.219.144.9')).toBeGreaterThanOrEqual(2);
  expect(told('busybox arping -c 2 -w 2 -I eth0 10.219.144.1')).toBe(0);
  expect(told('busybox ping -6 -c1 -W1 fd5e:7e57:9999:9::9')).toBeGreaterThanOrEqual(1);
  sh('ip -n berth-t9g -6 neigh flush dev eth0');
  expect(told('busybox ping -6 -c1 -W2 fd5e:7e57:9999:9::1')).toBe(0);
  sh('ip link del bvt9-3; ip netns del berth-t9h');
});

test('other services of the host are refused, DNS is not', async () => {
  const server = createServer((socket) => socket.end()).listen(0, '0.0.0.0');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  // Not a blocking call: the server is in this process.
  const reach = (command: string) =>
    promisify(exec)(command).then(
      () => true,
      () => false,
    );
  try {
    expect(await reach(`busybox nc -w 2 10.219.144.1 ${port} </dev/null`)).toBe(true);
    expect(await reach(`ip netns exec berth-t9g busybox nc -w 2 10.219.144.1 53 </dev/null`)).toBe(true);
    expect(await reach(`ip netns exec berth-t9g busybox nc -w 2 10.219.144.1 ${port} </dev/null`)).toBe(
      false,
    );
  } finally {
    server.close();
  }
});

test('a stolen address or MAC gets nowhere', () => {
  sh('ip -n berth-t9g addr add 10.219.144.77/20 dev eth0');
  expect(inGuest('busybox ping -c1 -W1 -I 10.219.144.77 10.219.144.1')).toBe(false);
  expect(inGuest('busybox ping -c1 -W2 -I 10.219.144.2 10.219.144.1')).toBe(true);
  sh('ip -n berth-t9g addr add fd5e:7e57:9999:9::77/64 dev eth0 nodad');
  expect(inGuest('busybox ping -6 -c1 -W1 -I fd5e:7e57:9999:9::77 fd5e:7e57:9999:9::1')).toBe(false);
  expect(inGuest('busybox ping -6 -c1 -W2 -I fd5e:7e57:9999:9::2 fd5e:7e57:9999:9::1')).toBe(true);
  sh('ip -n berth-t9g link set eth0 address 02:00:5e:00:00:99');
  expect(inGuest('busybox ping -c1 -W1 10.219.144.1')).toBe(false);
  sh(`ip -n berth-t9g link set eth0 address ${web.mac}`);
  expect(inGuest('busybox ping -c1 -W2 10.219.144.1')).toBe(true);
});

test('a flushed firewall is made anew by the next start', async () => {
  sh('nft delete table bridge bertht9');
  await network.specFor(web);
  expect(sh('nft list table bridge bertht9')).toContain('bvt9-2');
  expect(inGuest('busybox ping -c1 -W2 10.219.144.1')).toBe(true);
  await network.onGuestRemoved(web);
  expect(sh('nft list table bridge bertht9')).not.toContain('bvt9-2');
  expect(inGuest('busybox ping -c1 -W1 10.219.144.1')).toBe(false);
});

test('drop leaves nothing', async () => {
  const pid = network.dnsPid();
  await network.drop();
  expect(existsSync(`/proc/${pid}`)).toBe(false);
  expect(works('ip link show berth-t9')).toBe(false);
  expect(sh('nft list tables')).not.toContain('bertht9');
  expect(existsSync('/run/berth/forwarding/holder-99')).toBe(false);
});
