import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runProgram } from './run-program.ts';

/** Another runtime that makes, runs `true` in and removes a container of the same root, as one whole command or several. */
export interface Peer {
  name: string;
  /** What it does not do that Berth's lifecycle does. */
  without: string;
  prepare(dir: string, root: string): void;
  run(dir: string): Promise<void>;
  clean(): void;
}

const hasCgroupV1 = () => existsSync('/sys/fs/cgroup/unified');

/** Groups at the top of each hierarchy. */
function topGroups(): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => / - cgroup2? /.test(line))
    .map((line) => line.split(' ')[4] ?? '')
    .flatMap((mount) =>
      readdirSync(mount, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => path.join(mount, entry.name)),
    );
}

/** Remembers the groups of before; removes the empty ones that a peer left behind. */
function groupCleaner(): () => void {
  const before = new Set(topGroups());
  return () => {
    for (const group of topGroups()) {
      if (before.has(group) || path.basename(group).startsWith('berth')) continue;
      try {
        rmdirSync(group);
      } catch {
        // not empty: somebody else's
      }
    }
  };
}

let cleanGroups: () => void = () => {};

const LXC_CONFIG = (rootfs: string) => `lxc.rootfs.path = dir:${rootfs}
lxc.uts.name = bench
lxc.idmap = u 0 100000 65536
lxc.idmap = g 0 100000 65536
lxc.net.0.type = empty
lxc.mount.auto = proc:mixed sys:ro
${hasCgroupV1() ? 'lxc.cgroup.memory.limit_in_bytes = 256M\nlxc.cgroup.pids.max = 512' : 'lxc.cgroup2.memory.max = 256M\nlxc.cgroup2.pids.max = 512'}
`;

function prepareLxc(dir: string, root: string): void {
  const guest = path.join(dir, 'lxc', 'bench');
  mkdirSync(guest, { recursive: true });
  cpSync(root, path.join(guest, 'rootfs'), { recursive: true, verbatimSymlinks: true });
  execFileSync('chown', ['-R', '100000:100000', path.join(guest, 'rootfs')]);
  writeFileSync(path.join(guest, 'config'), LXC_CONFIG(path.join(guest, 'rootfs')));
  cleanGroups = groupCleaner();
}

/** In a mount namespace of its own, as these refuse hybrid hosts or a /run that is on a disk. */
const inOwnMounts = (script: string) => ['unshare', '--mount', 'sh', '-c', script];

/** The peers that have no server, quickest way of each. */
export const PEERS: readonly Peer[] = [
  {
    name: 'lxc-execute',
    without: 'no veth, no image layer',
    prepare: prepareLxc,
    run: async (dir) =>
      void (await runProgram(['lxc-execute', '-P', path.join(dir, 'lxc'), '-n', 'bench', '--', '/bin/true'])),
    clean: () => cleanGroups(),
  },
  {
    name: 'lxc-start + lxc-stop',
    without: 'no veth, no image layer, killed',
    prepare: (dir, root) => existsSync(path.join(dir, 'lxc')) || prepareLxc(dir, root),
    run: async (dir) => {
      const where = ['-P', path.join(dir, 'lxc'), '-n', 'bench'];
      await runProgram(['lxc-start', ...where]);
      await runProgram(['lxc-stop', '-k', ...where]);
    },
    clean: () => cleanGroups(),
  },
  {
    name: 'crun run',
    without: 'no veth, no limits, no device filter, no user namespace, no image layer',
    prepare: (dir, root) => {
      const bundle = path.join(dir, 'crun');
      mkdirSync(bundle, { recursive: true });
      cpSync(root, path.join(bundle, 'rootfs'), { recursive: true, verbatimSymlinks: true });
      execFileSync('crun', ['spec'], { cwd: bundle });
      const file = path.join(bundle, 'config.json');
      const config = JSON.parse(readFileSync(file, 'utf8'));
      config.process.terminal = false;
      config.process.args = ['true'];
      // its device filter needs a memory lock limit that root here may not raise
      config.linux.resources = undefined;
      writeFileSync(file, JSON.stringify(config));
      cleanGroups = groupCleaner();
    },
    run: async (dir) => {
      const hide = hasCgroupV1() ? 'mount --bind /sys/fs/cgroup/unified /sys/fs/cgroup && ' : '';
      await runProgram(inOwnMounts(`${hide}exec crun --cgroup-manager=cgroupfs run berth-bench-$$`), {
        cwd: path.join(dir, 'crun'),
      });
    },
    clean: () => cleanGroups(),
  },
  {
    name: 'systemd-nspawn',
    without: 'no veth, no limits, no image layer',
    prepare: (dir, root) => {
      cpSync(root, path.join(dir, 'nspawn'), { recursive: true, verbatimSymlinks: true });
      execFileSync('chown', ['-R', '100000:100000', path.join(dir, 'nspawn')]);
      cleanGroups = groupCleaner();
    },
    run: async (dir) => {
      const command = `exec systemd-nspawn -q --register=no --keep-unit --private-network --private-users=100000:65536 -D ${path.join(dir, 'nspawn')} /bin/true </dev/null`;
      await runProgram(inOwnMounts(`mount -t tmpfs tmpfs /run && ${command}`));
    },
    clean: () => cleanGroups(),
  },
  {
    name: 'bwrap',
    without: 'no cgroups, no network, no seccomp, no id range, no image layer',
    prepare: (dir, root) =>
      cpSync(root, path.join(dir, 'bwrap'), { recursive: true, verbatimSymlinks: true }),
    run: async (dir) => {
      await runProgram([
        'bwrap',
        '--unshare-all',
        '--bind',
        path.join(dir, 'bwrap'),
        '/',
        '--dev',
        '/dev',
        '--proc',
        '/proc',
        '--uid',
        '0',
        '--gid',
        '0',
        '/bin/true',
      ]);
    },
    clean: () => {},
  },
];
