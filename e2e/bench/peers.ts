import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runProgram } from './run-program.ts';

/** Where a peer works: a folder for it, the root that all share, and a bridge that it may put a link into. */
export interface PeerPlace {
  dir: string;
  root: string;
  bridge: string;
  /** The bridge's network, `10.209.0.0/20`. */
  ipv4: string;
}

/** Another runtime that makes, runs `true` in and removes a container of the same root, as one whole command or several. */
export interface Peer {
  name: string;
  /** What it does not do that Berth's lifecycle does. */
  without: string;
  prepare(place: PeerPlace): void;
  run(place: PeerPlace): Promise<void>;
  /** End what a failed run may have left. */
  clean?(place: PeerPlace): Promise<void>;
}

const LXC_SECCOMP = '/usr/share/lxc/config/common.seccomp';

/** Where a container is on the bridge, with prefix length. */
export interface LxcNetwork {
  bridge: string;
  address: string;
  gateway: string;
}

const hasCgroupV1 = () => existsSync('/sys/fs/cgroup/unified');

/** A copy of the root for one peer; with files of the id range where it maps none by itself. */
export function copyRoot(root: string, to: string, owner?: string): void {
  cpSync(root, to, { recursive: true, verbatimSymlinks: true });
  if (owner) execFileSync('chown', ['-R', owner, to]);
}

const DEVICES = ['c 1:3 rwm', 'c 1:5 rwm', 'c 1:7 rwm', 'c 1:8 rwm', 'c 1:9 rwm', 'c 5:* rwm', 'c 136:* rwm'];

/** As much of Berth's walls as LXC has words for: id range, limits, device filter, seccomp, addresses. */
export function lxcConfig(rootfs: string, network: LxcNetwork | null): string {
  const v1 = hasCgroupV1();
  const group = v1 ? 'lxc.cgroup' : 'lxc.cgroup2';
  return `${[
    `lxc.rootfs.path = dir:${rootfs}`,
    'lxc.uts.name = bench',
    'lxc.idmap = u 0 100000 65536',
    'lxc.idmap = g 0 100000 65536',
    ...(network
      ? [
          'lxc.net.0.type = veth',
          `lxc.net.0.link = ${network.bridge}`,
          'lxc.net.0.flags = up',
          `lxc.net.0.ipv4.address = ${network.address}`,
          `lxc.net.0.ipv4.gateway = ${network.gateway}`,
        ]
      : ['lxc.net.0.type = empty']),
    'lxc.mount.auto = proc:mixed sys:ro',
    ...(existsSync(LXC_SECCOMP) ? [`lxc.seccomp.profile = ${LXC_SECCOMP}`] : []),
    `${group}.${v1 ? 'memory.limit_in_bytes' : 'memory.max'} = 256M`,
    `${group}.${v1 ? 'cpu.cfs_quota_us = 100000' : 'cpu.max = 100000 100000'}`,
    `${group}.pids.max = 512`,
    `${group}.devices.deny = a`,
    ...DEVICES.map((device) => `${group}.devices.allow = ${device}`),
  ].join('\n')}\n`;
}

/** The address of a container: the last byte of the bridge's network is its own. */
export function networkAt({ bridge, ipv4 }: Pick<PeerPlace, 'bridge' | 'ipv4'>, last: number): LxcNetwork {
  const at = (byte: number) => ipv4.replace('.0/20', `.${byte}`);
  return { bridge, address: `${at(last)}/20`, gateway: at(1) };
}

/** `-P DIR -n NAME` of an LXC container that is made on first use. */
function lxc(name: string, withLink: boolean) {
  const where = ({ dir }: PeerPlace) => ['-P', path.join(dir, 'lxc'), '-n', name];
  return {
    where,
    prepare: (place: PeerPlace) => {
      const { dir, root } = place;
      const guest = path.join(dir, 'lxc', name);
      mkdirSync(guest, { recursive: true });
      copyRoot(root, path.join(guest, 'rootfs'), '100000:100000');
      writeFileSync(
        path.join(guest, 'config'),
        lxcConfig(path.join(guest, 'rootfs'), withLink ? networkAt(place, 250) : null),
      );
    },
    clean: async (place: PeerPlace) => {
      await runProgram(['lxc-stop', '-k', ...where(place)]).catch(() => 'it does not run');
    },
  };
}

function lxcExecute(name: string, title: string, withLink: boolean): Peer {
  const { where, prepare, clean } = lxc(name, withLink);
  return {
    name: title,
    without: withLink ? 'no IPv6, no image layer' : 'no link, no image layer',
    prepare,
    clean,
    run: async (place) => void (await runProgram(['lxc-execute', ...where(place), '--', '/bin/true'])),
  };
}

function lxcStartStop(name: string, title: string, withLink: boolean): Peer {
  const { where, prepare, clean } = lxc(name, withLink);
  return {
    name: title,
    without: withLink ? 'no IPv6, no image layer, killed' : 'no link, no image layer, killed',
    prepare,
    clean,
    run: async (place) => {
      await runProgram(['lxc-start', ...where(place)]);
      await runProgram(['lxc-stop', '-k', ...where(place)]);
    },
  };
}

/** Shell words before a command of crun: it refuses hybrid hosts, so it is shown one of the hierarchies only. */
export const hideOf = () => (hasCgroupV1() ? 'mount --bind /sys/fs/cgroup/unified /sys/fs/cgroup &&' : '');

/** In a mount namespace of its own, as these refuse hybrid hosts or a /run that is on a disk. */
const inOwnMounts = (script: string) => ['unshare', '--mount', 'sh', '-c', script];

const crun: Peer = {
  name: 'crun run',
  without: 'no link, no limits, no device filter, no user namespace, no image layer',
  prepare: ({ dir, root }) => {
    const bundle = path.join(dir, 'crun');
    mkdirSync(bundle, { recursive: true });
    copyRoot(root, path.join(bundle, 'rootfs'));
    execFileSync('crun', ['spec'], { cwd: bundle });
    const file = path.join(bundle, 'config.json');
    const config = JSON.parse(readFileSync(file, 'utf8'));
    config.process.terminal = false;
    config.process.args = ['true'];
    // its device filter needs a memory lock limit that root may not be able to raise
    config.linux.resources = undefined;
    writeFileSync(file, JSON.stringify(config));
  },
  run: async ({ dir }) => {
    const state = path.join(dir, 'crun-state');
    await runProgram(
      inOwnMounts(`${hideOf()} exec crun --root ${state} --cgroup-manager=cgroupfs run berth-bench-$$`),
      { cwd: path.join(dir, 'crun') },
    );
  },
};

const nspawn: Peer = {
  name: 'systemd-nspawn',
  without: 'no link, no limits, no image layer',
  prepare: ({ dir, root }) => copyRoot(root, path.join(dir, 'nspawn'), '100000:100000'),
  run: async ({ dir }) => {
    const options = '-q --register=no --keep-unit --private-network --private-users=100000:65536';
    const command = `exec systemd-nspawn ${options} -D ${path.join(dir, 'nspawn')} /bin/true </dev/null`;
    await runProgram(inOwnMounts(`mount -t tmpfs tmpfs /run && ${command}`));
  },
};

const bwrap: Peer = {
  name: 'bwrap',
  without: 'no cgroups, no link, no seccomp, no id range, no image layer',
  prepare: ({ dir, root }) => copyRoot(root, path.join(dir, 'bwrap')),
  run: async ({ dir }) => {
    const mounts = ['--bind', path.join(dir, 'bwrap'), '/', '--dev', '/dev', '--proc', '/proc'];
    await runProgram(['bwrap', '--unshare-all', ...mounts, '--uid', '0', '--gid', '0', '/bin/true']);
  },
};

/** The peers that have no server, quickest way of each. */
export const PEERS: readonly Peer[] = [
  lxcExecute('bench-link', 'lxc-execute with a veth', true),
  lxcExecute('bench', 'lxc-execute', false),
  lxcStartStop('bench-kill', 'lxc-start + lxc-stop with a veth', true),
  lxcStartStop('bench-start', 'lxc-start + lxc-stop', false),
  crun,
  nspawn,
  bwrap,
];
