import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { describeDifference, settleTo, takeHostSnapshot } from './host-snapshot.ts';
import { growth, weigh } from './weigh-process.ts';

// A slot that no instance has: names of it are nobody's, and are told all the same.
const SLOT = 97;
const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const one of undo.splice(0).toReversed()) await one();
});

const run = (program: string, ...args: string[]) => execFileSync(program, args, { encoding: 'utf8' });

function cgroupRoot(): string {
  const names = readdirSync('/sys/fs/cgroup');
  return names.includes('pids') ? '/sys/fs/cgroup/pids' : '/sys/fs/cgroup';
}

const PLANTS: [string, string, () => unknown][] = [
  [
    'a control group',
    `left cgroup ${cgroupRoot()}/berth${SLOT}`,
    () => {
      const folder = path.join(cgroupRoot(), `berth${SLOT}`);
      mkdirSync(folder);
      undo.push(() => rmdirSync(folder));
    },
  ],
  [
    'a link',
    `left link bv${SLOT}-2`,
    () => {
      run('ip', 'link', 'add', `bv${SLOT}-2`, 'type', 'veth', 'peer', 'name', `bv${SLOT}-3`);
      undo.push(() => run('ip', 'link', 'del', `bv${SLOT}-2`));
    },
  ],
  [
    'a link that shapes',
    `left link bi${SLOT}-2`,
    () => {
      run('ip', 'link', 'add', `bi${SLOT}-2`, 'type', 'ifb');
      undo.push(() => run('ip', 'link', 'del', `bi${SLOT}-2`));
    },
  ],
  [
    'a chain of nftables',
    `left firewall bridge berth${SLOT} chain guest2`,
    () => {
      run('nft', `add table bridge berth${SLOT}; add chain bridge berth${SLOT} guest2`);
      undo.push(() => run('nft', `delete table bridge berth${SLOT}`));
    },
  ],
  [
    'an element of a set',
    `left firewall bridge berth${SLOT} element macs bv${SLOT}-2 02:00:5e:00:00:02`,
    () => {
      const set = `bridge berth${SLOT} macs`;
      run(
        'nft',
        `add table bridge berth${SLOT}; add set ${set} { type ifname . ether_addr; }; add element ${set} { "bv${SLOT}-2" . 02:00:5e:00:00:02 }`,
      );
      undo.push(() => run('nft', `delete table bridge berth${SLOT}`));
    },
  ],
  [
    'a run folder',
    `left run ${SLOT}/guests/stray`,
    () => {
      mkdirSync(`/run/berth/${SLOT}/guests/stray`, { recursive: true });
      undo.push(() => rmSync(`/run/berth/${SLOT}`, { recursive: true }));
    },
  ],
  [
    'a process of ours',
    'left process sleep supervisor 60 (1)',
    async () => {
      const child = spawn('sleep', ['60'], { argv0: 'supervisor' });
      await once(child, 'spawn');
      undo.push(() => child.kill());
    },
  ],
];

test.each(PLANTS)('%s that is left is told', async (_what, line, plant) => {
  const before = takeHostSnapshot();
  await plant();
  expect(describeDifference(before, takeHostSnapshot())).toContain(line);
  for (const one of undo.splice(0).toReversed()) await one();
  const about = (lines: string[]) => lines.filter((one) => one.includes(String(SLOT)) || one === line);
  expect(about(await settleTo(before, 5000))).toEqual([]);
});

test('a loop device and a mount in another namespace are told', async () => {
  const folder = mkdtempSync('/tmp/berth-leaks-');
  undo.push(() => rmSync(folder, { recursive: true }));
  const image = path.join(folder, 'image');
  execFileSync('truncate', ['-s', '1M', image]);
  const before = takeHostSnapshot();
  const device = run('losetup', '--find', '--show', image).trim();
  undo.push(() => run('losetup', '--detach', device));
  mkdirSync(path.join(folder, 'mounted'));
  const child = spawn('unshare', [
    '--mount',
    'sh',
    '-c',
    `mount --bind ${folder} /mnt && echo there && exec sleep 60`,
  ]);
  undo.push(async () => {
    child.kill();
    await once(child, 'exit');
  });
  await once(child.stdout, 'data');
  const difference = describeDifference(before, takeHostSnapshot());
  expect(difference).toContain(`left loop ${path.basename(device)} ${image}`);
  expect(
    difference.filter((line) => line.startsWith('left guest mount ') && line.includes(folder)),
  ).toHaveLength(1);
});

test('a zombie that one of ours does not reap is told', async () => {
  const before = takeHostSnapshot();
  // Its parent reaps nobody while it is in a sleep that the shell has become.
  const parent = spawn('bash', ['-c', 'sleep 0 & exec -a supervisor sleep 60']);
  undo.push(() => parent.kill());
  await once(parent, 'spawn');
  await expect
    .poll(() => describeDifference(before, takeHostSnapshot()), { timeout: 10_000 })
    .toContain('left zombie sleep of supervisor 60');
});

test('descriptors and memory that grow are told', () => {
  const before = weigh(process.pid);
  const folder = mkdtempSync('/tmp/berth-leaks-');
  undo.push(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, 'file'), '');
  const open = Array.from({ length: 8 }, () => openSync(path.join(folder, 'file'), 'r'));
  const more = growth(before, weigh(process.pid), { descriptors: 2, rssBytes: Number.POSITIVE_INFINITY });
  for (const descriptor of open) closeSync(descriptor);
  expect(more).toEqual(['8 descriptors more than before, 2 are allowed']);
  const heavy = { ...before, rssBytes: before.rssBytes + 2 };
  expect(growth(before, heavy, { descriptors: 0, rssBytes: 1 })).toEqual([
    '2 bytes of memory more, 1 are allowed',
  ]);
});
