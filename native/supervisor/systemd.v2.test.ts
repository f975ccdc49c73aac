import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RELEASE, TestGround, TestGuest, until } from './test-guest.ts';

// The machine's own Debian is the image: a system guest that boots systemd 252, whose groups are below the guest's, and in it a
// container of crun. Only where nothing but cgroup v2 is mounted, so in the suite v2 alone.
const BOOT_MS = 300_000;
/** What is the machine's, and what Berth's own images of Debian mask too (server/image/debian-files.ts). */
const MASKED = [
  'berth-agent.service',
  'systemd-remount-fs.service',
  'sys-kernel-debug.mount',
  'sys-kernel-tracing.mount',
  'sys-kernel-config.mount',
  'sys-fs-fuse-connections.mount',
  'dev-hugepages.mount',
  'dev-mqueue.mount',
  'proc-sys-fs-binfmt_misc.automount',
  'systemd-binfmt.service',
  'systemd-udevd.service',
  'systemd-udevd-control.socket',
  'systemd-udevd-kernel.socket',
  'systemd-udev-trigger.service',
  'systemd-modules-load.service',
  'kmod-static-nodes.service',
  'systemd-random-seed.service',
  'getty-static.service',
  'e2scrub_reap.service',
];
const SIGRTMIN_3 = 37;
/** More at once than the small limits allow. */
const FORKS = 'for i in 1 2 3 4 5; do sleep 1 & done; wait';

let ground: TestGround;
let disk: string;
let guest: TestGuest;

beforeAll(async () => {
  ground = new TestGround();
  // An upper layer cannot be inside of the lower one, and a tmpfs maps no ids before Linux 6.3.
  disk = mkdtempSync('/var/lib/berth-systemd-');
  truncateSync(touched(join(disk, 'image')), 256 * 1024 * 1024);
  execFileSync('mkfs.ext4', ['-q', '-F', join(disk, 'image')]);
  mkdirSync(join(disk, 'layers'));
  execFileSync('mount', ['-o', 'loop', join(disk, 'image'), join(disk, 'layers')]);
  mkdirSync(join(disk, 'root'));
  execFileSync('mount', ['--bind', '/', join(disk, 'root')]);

  guest = new TestGuest(ground, 'system', ['/sbin/init'], [['nesting', 1]])
    .set('image_root', join(disk, 'root'))
    .set('guest_dir', join(disk, 'layers'))
    .set('seccomp', join(RELEASE, 'seccomp/nesting.bpf'))
    .set('memory_bytes', 1024 ** 3)
    .set('stop_signal', SIGRTMIN_3)
    .set('stop_timeout_ms', 60_000);
  guest.spec.push(['env', 'container=berth'], ['id_map', '0 1310720000 131072']);
  const upper = join(disk, 'layers/upper');
  for (const folder of [upper, join(disk, 'layers/work')]) mkdirSync(folder);
  for (const unit of MASKED) {
    mkdirSync(join(upper, 'etc/systemd/system'), { recursive: true });
    symlinkSync('/dev/null', join(upper, 'etc/systemd/system', unit));
  }
  const bundle = join(upper, 'root/bundle');
  mkdirSync(join(bundle, 'rootfs/bin'), { recursive: true });
  copyFileSync('/bin/busybox', join(bundle, 'rootfs/bin/busybox'));
  for (const applet of ['sh', 'id', 'hostname', 'sleep'])
    symlinkSync('busybox', join(bundle, 'rootfs/bin', applet));
  writeFileSync(touched(join(upper, 'etc/machine-id')), '');
  await guest.running();
}, BOOT_MS);

afterAll(async () => {
  await guest?.stop();
  execFileSync('umount', [join(disk, 'layers'), join(disk, 'root')]);
  rmSync(disk, { recursive: true });
  await ground[Symbol.asyncDispose]();
}, BOOT_MS);

function touched(file: string): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  return file;
}

it('systemd comes up with nothing failed, in groups that belong to it', async () => {
  const state = () => guest.sh('systemctl is-system-running').stdout.trim();
  await until('systemd is up', () => /running|degraded/.test(state()), BOOT_MS);
  expect(guest.sh('systemctl --failed --no-legend --plain').stdout).toBe('');
  expect(state()).toBe('running');
  expect(guest.sh('cat /proc/1/cgroup').stdout).toBe('0::/init.scope\n');
  expect(guest.sh('cat /sys/fs/cgroup/cgroup.subtree_control').stdout).toMatch(/\bmemory\b.*\bpids\b/);
});

it('a service of it has the limits that the guest gives, below those of Berth', () => {
  const run = (limit: number) =>
    guest.sh(`systemd-run --quiet --wait --pipe -p TasksMax=${limit} sh -c '${FORKS}; echo all' 2>&1`).stdout;
  expect(run(4)).toMatch(/cannot fork/i);
  expect(run(64)).toBe('all\n');
  expect(guest.sh('echo max > /sys/fs/cgroup/memory.max').stderr).toMatch(/Permission denied/);
  expect(guest.sh('cat /sys/fs/cgroup/memory.max').stdout).toBe(`${1024 ** 3}\n`);
});

it('a container of crun runs in it, and its limit holds, whether systemd or crun makes its group', () => {
  const crun = (manager: 'systemd' | 'cgroupfs', limit: number) =>
    guest.sh(
      [
        'cd /root/bundle && rm -f config.json && crun spec',
        `sed -i -e 's/"terminal": true/"terminal": false/' -e 's/"sh"/"sh", "-c", "id -u; hostname; echo \\/proc\\/[0-9]*; ${FORKS.replaceAll('&', '\\&')}; echo all"/' -e 's/"resources": {/"resources": { "pids": { "limit": ${limit} },/' config.json`,
        `crun --cgroup-manager=${manager} run nested-${manager} 2>&1`,
      ].join(' && '),
    ).stdout;
  expect(crun('systemd', 3)).toMatch(/^0\ncrun\n\/proc\/1\n.*can't fork/);
  expect(crun('cgroupfs', 64)).toBe('0\ncrun\n/proc/1\nall\n');
});

it('is stopped in order', async () => {
  await guest.stop(false, 120_000);
  // Power-off is told as the death of init (reboot(2) in a pid namespace): by SIGINT, as systemd halts.
  expect(guest.exit).toMatchObject({ kind: 'signalled', status: '2' });
  expect(guest.leftovers()).toEqual([]);
});
