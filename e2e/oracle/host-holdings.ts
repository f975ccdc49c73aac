import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Instance } from '../../server/instance/instance.ts';
import { IDS_PER_GUEST } from '../../server/instance/instance.ts';
import { firewallObjects, pids } from './kernel-holdings.ts';

/** What the host has of one instance's guests. */
export interface HostHoldings {
  /** `used`: Berth has a folder for guests there. */
  hierarchies: { mount: string; used: boolean; guests: ReadonlySet<string> }[];
  limitsOf(id: string): { memory: number | null; pids: number | null; frozen: boolean | null };
  /** Run folders. */
  runs: ReadonlySet<string>;
  sessions: ReadonlySet<string>;
  /** Of links, and of walls in nftables. */
  leases: ReadonlySet<number>;
  /** Of links that shape what a guest sends. */
  shapers: ReadonlySet<number>;
  walls: ReadonlySet<number>;
  /** Processes in the instance's ids, and its supervisors. */
  processes: { pid: number; uid: number; command: string }[];
  supervisors: { pid: number }[];
  /** Processes that supervisors are forked from: one of each server. */
  forkServers: number;
  /** Whether it serves names, and which. */
  dns: boolean;
  dnsNames: ReadonlySet<string>;
  folders: {
    guests: ReadonlySet<string>;
    /** What guests' file systems are made of: `ID/upper`, `ID/work`. */
    layers: ReadonlySet<string>;
    volumes: ReadonlySet<string>;
    /** `berth_mini/BUILD`, unfinished ones too. */
    builds: ReadonlySet<string>;
  };
}

/** Look at everything now. */
export function readHoldings(instance: Instance): HostHoldings {
  const { dataDir, runDir, cgroup, linkPrefix, shaperPrefix, nftTable } = instance;
  const mounts = cgroupMounts();
  const groupOf = (mount: string) => path.join(mount, cgroup, 'guests');
  const numbers = (names: readonly string[], prefix: string) =>
    new Set(names.filter((name) => name.startsWith(prefix)).map((name) => Number(name.slice(prefix.length))));
  const walled = firewallObjects().flatMap((line) => {
    const [family, table, kind, set, link = ''] = line.split(' ');
    return family === 'bridge' && table === nftTable && kind === 'element' && set === 'macs' ? [link] : [];
  });
  const hosts = read(path.join(runDir, 'dns/hosts'));
  return {
    hierarchies: mounts.map((mount) => ({
      mount,
      used: existsSync(groupOf(mount)),
      guests: new Set(folders(groupOf(mount))),
    })),
    limitsOf: (id) => limitsOf(mounts.map((mount) => path.join(groupOf(mount), id))),
    runs: new Set(folders(path.join(runDir, 'guests'))),
    sessions: new Set(folders(path.join(runDir, 'sessions'))),
    leases: numbers(names('/sys/class/net'), linkPrefix),
    shapers: numbers(names('/sys/class/net'), shaperPrefix),
    walls: numbers(walled, linkPrefix),
    ...processesOf(instance),
    dns: hosts !== null,
    dnsNames: new Set((hosts ?? '').split('\n').flatMap((line) => line.split(' ')[2] ?? [])),
    folders: {
      guests: new Set(folders(path.join(dataDir, 'guests'))),
      layers: inner(path.join(dataDir, 'guests')),
      volumes: new Set(folders(path.join(dataDir, 'volumes'))),
      builds: inner(path.join(dataDir, 'images')),
    },
  };
}

function cgroupMounts(): string[] {
  return (read('/proc/self/mountinfo') ?? '')
    .split('\n')
    .filter((line) => / - cgroup2? /.test(line))
    .map((line) => line.split(' ')[4] ?? '');
}

function limitsOf(groups: readonly string[]): ReturnType<HostHoldings['limitsOf']> {
  const first = (...files: string[]) => {
    for (const group of groups)
      for (const file of files) {
        const text = read(path.join(group, file));
        if (text !== null) return text.trim();
      }
    return null;
  };
  const number = (text: string | null) => (text === null || !/^\d+$/.test(text) ? null : Number(text));
  const states = [first('freezer.state'), first('cgroup.freeze')].filter((state) => state !== null);
  return {
    memory: number(first('memory.max', 'memory.limit_in_bytes')),
    pids: number(first('pids.max')),
    frozen: states.length === 0 ? null : states.some((state) => ['FROZEN', 'FREEZING', '1'].includes(state)),
  };
}

type Processes = Pick<HostHoldings, 'processes' | 'supervisors' | 'forkServers'>;

function processesOf(instance: Instance): Processes {
  const last = instance.idBase + instance.idRanges * IDS_PER_GUEST;
  const found: Processes = { processes: [], supervisors: [], forkServers: 0 };
  const supervised = new RegExp(`/${instance.cgroup}/supervisors$`, 'm');
  for (const pid of pids()) {
    const status = read(`/proc/${pid}/status`) ?? '';
    // The dead whom nobody reaps yet hold nothing.
    if (status === '' || /^State:\t[ZX]/m.test(status)) continue;
    const uid = Number(/^Uid:\t(\d+)/m.exec(status)?.[1]);
    const command = /^Name:\t(.*)/m.exec(status)?.[1] ?? '';
    if (uid >= instance.idBase && uid < last) found.processes.push({ pid: Number(pid), uid, command });
    else if (command === 'supervisor' && supervised.test(read(`/proc/${pid}/cgroup`) ?? '')) {
      const forks = (read(`/proc/${pid}/cmdline`) ?? '').split('\0')[1] === 'fork-server';
      if (forks) found.forkServers += 1;
      else found.supervisors.push({ pid: Number(pid) });
    }
  }
  return found;
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** `ONE/OTHER` for every folder of its folders. */
const inner = (folder: string) =>
  new Set(
    folders(folder).flatMap((one) => folders(path.join(folder, one)).map((other) => `${one}/${other}`)),
  );

function folders(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    );
  } catch {
    return [];
  }
}
