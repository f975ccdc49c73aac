import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { IDS_PER_GUEST, instanceOf, SLOTS } from '../../server/instance/instance.ts';
import { firewallObjects, loopDevices, mountsOfGuests, zombies } from './kernel-holdings.ts';

/** What on this host is Berth's, or could have been left by it: one line each. */
export type HostSnapshot = ReadonlySet<string>;

const lines = (text: string) => text.split('\n').filter((line) => line !== '');

function listDir(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

/** Every group of ours in every hierarchy, at every depth. */
function cgroups(): string[] {
  const mounts = lines(readFileSync('/proc/self/mountinfo', 'utf8'))
    .filter((line) => / - cgroup2? /.test(line))
    .map((line) => line.split(' ')[4] ?? '');
  const walk = (dir: string): string[] => [
    dir,
    ...readdirSync(dir, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap((entry) => walk(path.join(dir, entry.name))),
  ];
  return mounts.flatMap((mount) =>
    listDir(mount)
      .filter((name) => /^berth\d+$/.test(name))
      .flatMap((name) => walk(path.join(mount, name))),
  );
}

/** Mounts of the host's own namespace that another process of it would see too. */
function mounts(): string[] {
  return lines(readFileSync('/proc/1/mountinfo', 'utf8')).map((line) => {
    const fields = line.split(' ');
    return `${fields[4]} ${fields[3]} ${fields.slice(fields.indexOf('-') + 1, -1).join(' ')}`;
  });
}

interface Link {
  ifname: string;
}

const links = () =>
  (JSON.parse(execFileSync('ip', ['-json', 'link', 'show'], { encoding: 'utf8' })) as Link[]).map(
    (link) => link.ifname,
  );

const tables = () => lines(execFileSync('nft', ['list', 'tables'], { encoding: 'utf8' }));

/** Processes that run one of our programs or work in one of our folders. One that took another's place counts as the same. */
function processes(): string[] {
  const seen = new Map<string, number>();
  return listDir('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
      const executable = path.basename(readlinkSync(`/proc/${pid}/exe`));
      const ours =
        /(^|\/)(supervisor|enter)$/.test(command[0] ?? '') ||
        command.some((word) => word.startsWith('/run/berth/'));
      const guests = readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes('/berth');
      if (!ours && !guests) return [];
      const what = `${executable} ${command.join(' ').slice(0, 120)}`;
      const count = (seen.get(what) ?? 0) + 1;
      seen.set(what, count);
      return [`${what} (${count})`];
    } catch {
      return [];
    }
  });
}

/** Guests' layers, volumes and builds of images in the data folder of every instance on this host: `SLOT/guests/ID`. */
function folders(): string[] {
  return listDir('/etc/berth/instances').flatMap((name) => {
    try {
      const { slot, dataDir } = JSON.parse(readFileSync(`/etc/berth/instances/${name}`, 'utf8'));
      const images = listDir(path.join(dataDir, 'images')).map((image) => `images/${image}`);
      return ['guests', 'volumes', ...images].flatMap((kind) =>
        listDir(path.join(dataDir, kind)).map((name) => `${slot}/${kind}/${name}`),
      );
    } catch {
      // it is being written, or given back, at this moment
      return [];
    }
  });
}

/** Guests' id ranges that a process on this host lives in: `SLOT/NUMBER`. */
function idRanges(): string[] {
  const [first, second] = [0, 1].map((slot) => instanceOf({ slot, id: '0'.repeat(32), dataDir: '/' }));
  if (!first || !second) return [];
  const used = listDir('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const uid = Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
      const slot = Math.floor((uid - first.idBase) / (second.idBase - first.idBase));
      const number = Math.floor((uid - first.idBase - slot * (second.idBase - first.idBase)) / IDS_PER_GUEST);
      return slot >= 0 && slot < SLOTS ? [`${slot}/${number}`] : [];
    } catch {
      return [];
    }
  });
  return [...new Set(used)];
}

/** Whether a line of a snapshot is about the instance of this slot. */
function isOf(slot: number): (line: string) => boolean {
  const name = new RegExp(
    `(berth${slot}(?!\\d)|b[vi]${slot}-|/run/berth/${slot}/|^(run|claim|folder|id range) ${slot}[/.])`,
  );
  return (line) => name.test(line);
}

/**
 * What the host looks like now, as far as Berth can have changed it; with `slot` only what is that instance's, for tests that
 * run beside another Berth.
 */
export function takeHostSnapshot(slot?: number): HostSnapshot {
  const found = {
    cgroup: cgroups(),
    mount: mounts(),
    link: links(),
    nftables: tables(),
    firewall: firewallObjects(),
    loop: loopDevices(),
    'guest mount': mountsOfGuests(),
    process: processes(),
    zombie: zombies(),
    claim: listDir('/etc/berth/instances'),
    folder: folders(),
    'id range': idRanges(),
    run: listDir('/run/berth').flatMap((slot) => [
      slot,
      ...['guests', 'sessions'].flatMap((kind) =>
        listDir(`/run/berth/${slot}/${kind}`).map((name) => `${slot}/${kind}/${name}`),
      ),
    ]),
    'network namespace': listDir('/run/netns'),
    forwarding: ['net/ipv4/ip_forward', 'net/ipv6/conf/all/forwarding'].map(
      (name) => `${name} ${readFileSync(`/proc/sys/${name}`, 'utf8').trim()}`,
    ),
  };
  const all = Object.entries(found).flatMap(([kind, names]) => names.map((name) => `${kind} ${name}`));
  return new Set(slot === undefined ? all : all.filter(isOf(slot)));
}

/** What is there now and was not before (`left …`), and the other way round (`lost …`). Empty: nothing changed. */
export function describeDifference(before: HostSnapshot, after: HostSnapshot): string[] {
  const left = [...after].filter((line) => !before.has(line)).map((line) => `left ${line}`);
  const lost = [...before].filter((line) => !after.has(line)).map((line) => `lost ${line}`);
  return [...left, ...lost];
}

/** What supervisors are forked from: it comes with the first guest of a server, and goes with the server. */
const OF_A_SERVER = /^(left|lost) process .* fork-server /;

/**
 * Wait until the host is as it was; what ends by itself (a process that is being reaped) has the time to.
 * `slot` as for takeHostSnapshot. While a server `goesOn` it may be another one than before, or have had its first guest: that is no
 * difference. Returns what still differs at the end.
 */
export async function settleTo(
  before: HostSnapshot,
  limitMs: number,
  { slot, goesOn = false }: { slot?: number; goesOn?: boolean } = {},
): Promise<string[]> {
  const until = performance.now() + limitMs;
  for (;;) {
    const difference = describeDifference(before, takeHostSnapshot(slot)).filter(
      (line) => !(goesOn && OF_A_SERVER.test(line)),
    );
    if (difference.length === 0 || performance.now() > until) return difference;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
