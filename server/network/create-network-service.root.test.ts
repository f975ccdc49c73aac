import { exec, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Instance } from '../instance/instance.ts';
import { createLog } from '../log.ts';
import { createNetworkService } from './create-network-service.ts';
import type { NetworkService } from './service.ts';

/**
 * Apart from every real instance: names, ranges and folders of the test's own. Only who needs forwarding is written
 * where all instances of the host write it (beside the run folder), so that none takes it from another.
 */
const runDir = '/run/berth/test-network';
const instance: Pick<
  Instance,
  'bridge' | 'nftTable' | 'linkPrefix' | 'shaperPrefix' | 'ipv4' | 'ipv6' | 'runDir' | 'slot'
> = {
  slot: 99,
  bridge: 'berth-t9',
  nftTable: 'bertht9',
  linkPrefix: 'bvt9-',
  shaperPrefix: 'bit9-',
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
  removeLink: async (link: string) => void sh(`ip link del ${link} 2>/dev/null || true`),
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
  const services = { db, hosts: { own: '' }, instance, log: createLog(), runtime };
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

/** Frames that speak for others, by what they claim; the last two are the guest's own. Checksums are left out: no filter looks at them. */
function claims(): Record<string, string> {
  const bytes = (text: string) => text.replaceAll(':', '');
  const [own, everybody, gateway4, own4] = [bytes(web.mac), 'f'.repeat(12), '0adb9001', '0adb9002'];
  const answer = (mac: string, ip: string) =>
    `${everybody}${own}0806${'0001080006040002'}${mac}${ip}${everybody}${ip}`;
  const [gateway6, own6] = ['1', '2'].map((last) => `fd5e7e57999900090000${'0'.repeat(11)}${last}`);
  const message = (type: number, body: string) =>
    `333300000001${own}86dd60000000${(4 + body.length / 2).toString(16).padStart(4, '0')}3aff${own6}ff02${'0'.repeat(27)}1${type.toString(16)}000000${body}`;
  return {
    'the gateway by ARP': answer(own, gateway4),
    'another MAC by ARP': answer('02005e000099', own4),
    'the gateway by NDP': message(136, `20000000${gateway6}`),
    'a router': message(134, `40000708${'0'.repeat(16)}`),
    'a better way': message(137, `00000000${gateway6}${own6}`),
    'itself by ARP': answer(own, own4),
    'itself by NDP': message(136, `20000000${own6}`),
  };
}
const SEND = `import socket,sys
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(("eth0", 0))
for frame in sys.argv[1:]: s.send(bytes.fromhex(frame))`;

test('nobody is told by a guest that it is the gateway, a router, or has another MAC; without the walls everybody is', async () => {
  const target = (last: number) => `@th,64,128 0xfd5e7e57999900090000${'0'.repeat(11)}${last}`;
  const seen = [
    'arp saddr ip 10.219.144.1',
    'arp saddr ether 02:00:5e:00:00:99',
    `icmpv6 type nd-neighbor-advert ${target(1)}`,
    'icmpv6 type nd-router-advert',
    'icmpv6 type nd-redirect',
    `arp saddr ip 10.219.144.2 arp saddr ether ${web.mac}`,
    `icmpv6 type nd-neighbor-advert ${target(2)}`,
  ].map((rule, number) => `ether saddr ${web.mac} ${rule} counter name c${number};`);
  sh(`ip netns add berth-t9h
ip link add bvt9-3 type veth peer name eth0 netns berth-t9h
ip -n berth-t9h link set eth0 up; ip link set bvt9-3 master berth-t9 up
ip netns exec berth-t9h nft 'table netdev heard { ${seen.map((_, number) => `counter c${number} { };`).join(' ')}
  chain seen { type filter hook ingress device eth0 priority 0; ${seen.join(' ')} }; }'`);
  const frames = claims();
  /** What reaches another guest; its own two come last, so that all others have come by then. */
  const told = async () => {
    sh('ip netns exec berth-t9h nft reset counters');
    execFileSync('ip', ['netns', 'exec', 'berth-t9g', 'python3', '-c', SEND, ...Object.values(frames)]);
    return await vi.waitFor(() => {
      const listed = sh('ip netns exec berth-t9h nft list counters');
      const counts = Object.keys(frames).map((_, number) =>
        Number(new RegExp(`counter c${number} {\\s+packets (\\d+)`).exec(listed)?.[1]),
      );
      expect(counts.slice(-2).every((count) => count > 0)).toBe(true);
      return Object.keys(frames).filter((_, number) => counts[number] !== 0);
    }, 10_000);
  };
  try {
    expect(await told()).toEqual(['itself by ARP', 'itself by NDP']);
    sh('nft flush chain bridge bertht9 prerouting');
    expect(await told()).toEqual(Object.keys(frames));
  } finally {
    await network.ensure();
    // The host has believed it, as it must without the walls.
    sh('ip neigh flush dev berth-t9; ip link del bvt9-3; ip netns del berth-t9h');
  }
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
  // Left by a supervisor that was killed.
  sh('ip link add bit9-7 type ifb; ip link add bvt9-7 type veth peer name bvt9-8');
  await network.drop();
  for (const link of ['bit9-7', 'bvt9-7', 'bvt9-8']) expect(works(`ip link show ${link}`), link).toBe(false);
  expect(existsSync(`/proc/${pid}`)).toBe(false);
  expect(works('ip link show berth-t9')).toBe(false);
  expect(sh('nft list tables')).not.toContain('bertht9');
  expect(existsSync('/run/berth/forwarding/holder-99')).toBe(false);
});
