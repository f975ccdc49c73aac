import type { ImageFile } from './mini-files.ts';

/** What a pleasant minimal guest has beside Debian's essential packages and apt. */
export const DEBIAN_PACKAGES = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'iproute2',
  'iputils-ping',
  'procps',
  'less',
  'nano',
  'vim-tiny',
  'ca-certificates',
  'netbase',
  'login',
  'passwd',
] as const;

/** Units that cannot work in a guest, or that would fight its supervisor over the network. */
export const MASKED_UNITS = [
  'sys-kernel-debug.mount',
  'sys-kernel-tracing.mount',
  'sys-kernel-config.mount',
  'sys-fs-fuse-connections.mount',
  'dev-hugepages.mount',
  'dev-mqueue.mount',
  'proc-sys-fs-binfmt_misc.automount',
  'proc-sys-fs-binfmt_misc.mount',
  'systemd-binfmt.service',
  'systemd-udevd.service',
  'systemd-udevd-control.socket',
  'systemd-udevd-kernel.socket',
  'systemd-udev-trigger.service',
  'systemd-udev-settle.service',
  'systemd-modules-load.service',
  'kmod-static-nodes.service',
  'systemd-random-seed.service',
  'systemd-pstore.service',
  'systemd-hwdb-update.service',
  'systemd-timesyncd.service',
  'systemd-networkd.service',
  'systemd-networkd.socket',
  'systemd-networkd-wait-online.service',
  'systemd-resolved.service',
  'networking.service',
  'getty-static.service',
  'getty@tty1.service',
  'e2scrub_reap.service',
  'e2scrub_all.timer',
  'fstrim.timer',
] as const;

/** The console belongs to who Berth let in, so a name is enough on it; root's password stays locked elsewhere. */
const CONSOLE_GETTY = `[Unit]
ConditionPathExists=/dev/console
[Service]
ExecStart=
ExecStart=-/sbin/agetty -o '-f -p -- \\\\u' --noclear --keep-baud - 115200,38400,9600 $TERM
`;

/** Files over the fresh Debian. The machine id is empty so that each guest makes its own (machine-id(5)). */
export const DEBIAN_FILES: readonly ImageFile[] = [
  { path: 'etc/machine-id', text: '', mode: 0o444 },
  { path: 'etc/hostname', text: 'debian\n', mode: 0o644 },
  { path: 'etc/hosts', text: '127.0.0.1 localhost\n::1 localhost\n', mode: 0o644 },
  { path: 'etc/resolv.conf', text: '', mode: 0o644 },
  { path: 'etc/fstab', text: '', mode: 0o644 },
  {
    path: 'etc/issue',
    text: 'Debian GNU/Linux 12 on \\n. Log in as root: the console asks for no password.\n\n',
    mode: 0o644,
  },
  { path: 'etc/systemd/system/console-getty.service.d/berth.conf', text: CONSOLE_GETTY, mode: 0o644 },
  {
    path: 'etc/systemd/journald.conf.d/berth.conf',
    text: '[Journal]\nStorage=volatile\nRuntimeMaxUse=16M\nForwardToConsole=no\nAudit=no\n',
    mode: 0o644,
  },
  // Below the 30 s that Berth waits, so that a stuck service does not turn an orderly stop into a kill.
  {
    path: 'etc/systemd/system.conf.d/berth.conf',
    text: '[Manager]\nDefaultTimeoutStopSec=15s\n',
    mode: 0o644,
  },
];
