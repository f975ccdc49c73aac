import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { priorityScript } from './priority-script.ts';

const ROUTER = `berth-r${process.pid}`;
const GUEST = `berth-g${process.pid}`;
const OUTSIDE = `berth-o${process.pid}`;
const names = { nftTable: 'berth9', bridge: 'berth9' };
const guest = { key: '2', ipv4: '10.254.1.2', ipv6: 'fd00:88::2' };

const run = (program: string, words: string[], input?: string) =>
  execFileSync(program, words, { encoding: 'utf8', input, stdio: 'pipe' });
const ip = (...words: string[]) => run('ip', words);
const inside = (space: string, command: string, input?: string) =>
  run('ip', ['netns', 'exec', space, ...command.split(' ')], input);

// A guest behind a bridge, a router, and somebody beyond: namespaces of the test's own.
beforeEach(() => {
  for (const space of [ROUTER, GUEST, OUTSIDE]) ip('netns', 'add', space);
  ip('-n', ROUTER, 'link', 'add', names.bridge, 'type', 'bridge');
  ip('-n', ROUTER, 'link', 'add', 'port', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', GUEST);
  ip('-n', ROUTER, 'link', 'add', 'wan', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', OUTSIDE);
  ip('-n', ROUTER, 'link', 'set', 'port', 'master', names.bridge, 'up');
  ip('-n', ROUTER, 'address', 'add', '10.254.1.1/24', 'dev', names.bridge);
  ip('-n', ROUTER, 'address', 'add', '10.254.2.1/24', 'dev', 'wan');
  for (const link of [names.bridge, 'wan']) ip('-n', ROUTER, 'link', 'set', link, 'up');
  for (const [space, net] of [
    [GUEST, '10.254.1'],
    [OUTSIDE, '10.254.2'],
  ] as const) {
    ip('-n', space, 'address', 'add', `${net}.2/24`, 'dev', 'eth0');
    ip('-n', space, 'link', 'set', 'eth0', 'up');
    ip('-n', space, 'route', 'add', 'default', 'via', `${net}.1`);
  }
  inside(ROUTER, 'sysctl -qw net.ipv4.ip_forward=1');
  inside(
    ROUTER,
    'nft -f -',
    'add table ip seen\nadd chain ip seen out { type filter hook postrouting priority 0; }\nadd rule ip seen out oifname "wan" meta priority 0:6 counter\n',
  );
});
afterEach(() => {
  for (const space of [ROUTER, GUEST, OUTSIDE]) ip('netns', 'delete', space);
});

/** Packets that left with the second highest priority after three pings of the guest. */
function seen(): number {
  inside(GUEST, 'busybox ping -c 3 -W 20 10.254.2.2');
  return Number(/packets (\d+)/.exec(inside(ROUTER, 'nft list table ip seen'))?.[1]);
}

test('what a guest sends out of the host has its priority when it leaves, until it is taken back', () => {
  const apply = (priority: number | null) =>
    inside(ROUTER, 'nft -f -', priorityScript(names, guest, priority));
  expect(seen()).toBe(0);
  apply(null);
  expect(seen()).toBe(0);
  apply(3);
  apply(6);
  apply(6);
  expect(seen()).toBe(3);
  apply(null);
  apply(null);
  expect(seen()).toBe(3);
  expect(inside(ROUTER, 'nft list table inet berth9')).not.toContain('rank2');
});
