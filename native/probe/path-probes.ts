import walls from '../protocol/walls.json' with { type: 'json' };
import { both, type Probe } from './probe.ts';

type Common = Pick<Probe, 'id' | 'title' | 'act' | 'held'> & Partial<Probe>;

function probe(group: string, wall: Probe['wall'], one: Common): Probe {
  return { group, wall, cve: [], nothing: [], opens: [], ...one };
}

const MASKS: readonly Probe[] = walls.mask.map((path) =>
  probe('proc and sys', 'masks', {
    id: `mask.${path}`,
    title: `see ${path}`,
    cve: ['CVE-2025-31133', 'CVE-2025-52881'],
    act: ['is-hidden', path],
    held: both('hidden'),
    nothing: ['ENOENT'],
    opens: [`masked ${path}`],
  }),
);

/** Files that only root of the host may write, and of which some say what the host runs. */
const KERNEL_FILES: readonly [path: string, title: string, readOnly: string, cve?: string][] = [
  ['/proc/sys/kernel/core_pattern', 'say what the host runs at a crash', '/proc/sys', 'CVE-2025-52881'],
  ['/proc/sys/kernel/modprobe', 'say what the host runs for a missing module', '/proc/sys', 'CVE-2025-52881'],
  ['/proc/sys/kernel/sysrq', 'allow keys that end the host', '/proc/sys'],
  ['/proc/sys/kernel/hostname', "name the host by the kernel's file", '/proc/sys'],
  ['/proc/sys/kernel/panic', 'say what follows a panic', '/proc/sys'],
  ['/proc/sys/kernel/ns_last_pid', 'choose the next pid', '/proc/sys'],
  ['/proc/sys/kernel/yama/ptrace_scope', 'say who may trace whom', '/proc/sys'],
  ['/proc/sys/fs/suid_dumpable', 'have secrets of set-user-id programs dumped', '/proc/sys'],
  ['/proc/sys/fs/binfmt_misc/register', 'say what runs programs of a kind', '/proc/sys'],
  ['/proc/sys/vm/panic_on_oom', 'have the host end when memory is full', '/proc/sys'],
  ['/proc/sys/vm/overcommit_memory', "change the host's memory", '/proc/sys'],
  ['/proc/irq/default_smp_affinity', 'move interrupts', '/proc/irq'],
];

const READ_ONLY: readonly Probe[] = [
  ...KERNEL_FILES.map(([path, title, readOnly, cve]) =>
    probe('proc and sys', 'read-only', {
      id: `write.${path}`,
      title: `${title} (${path})`,
      cve: cve === undefined ? [] : [cve],
      act: ['open-for-writing', path],
      held: both('EROFS'),
      nothing: ['ENOENT'],
      opens: [`read-only ${readOnly}`, `read-only ${path.split('/').slice(0, 4).join('/')}`],
    }),
  ),
  probe('proc and sys', 'read-only', {
    id: 'write./proc/sys/net/ipv4/ip_forward',
    title: 'change settings of networks (/proc/sys/net)',
    act: ['open-for-writing', '/proc/sys/net/ipv4/ip_forward'],
    held: both('EROFS'),
    nesting: null,
    nothing: ['ENOENT'],
    opens: ['read-only /proc/sys', 'nesting'],
  }),
];

const SYSFS: readonly Probe[] = (
  [
    ['/sys/power/state', 'send the host to sleep'],
    ['/sys/kernel/mm/transparent_hugepage/enabled', "change the host's memory"],
    ['/sys/kernel/uevent_helper', 'say what the host runs for a new device'],
    ['/sys/module/kernel/parameters/panic', 'change parameters of modules'],
  ] as const
).map(([path, title]) =>
  probe('proc and sys', 'sysfs', {
    id: `write.${path}`,
    title: `${title} (${path})`,
    cve: path === '/sys/kernel/uevent_helper' ? ['CVE-2022-0492'] : [],
    act: ['open-for-writing', path],
    held: both('EROFS'),
    nothing: ['ENOENT'],
  }),
);

/** Magic numbers of file systems (statfs(2)). */
const FILE_SYSTEMS: readonly Probe[] = (
  [
    ['/proc', '9fa0', ['CVE-2019-16884', 'CVE-2019-19921', 'CVE-2025-52881']],
    ['/sys', '62656572', ['CVE-2019-16884']],
    ['/dev', '1021994', ['CVE-2026-41579', 'CVE-2026-47766']],
    ['/dev/pts', '1cd1', ['CVE-2025-52565']],
    ['/sys/fs/cgroup', '63677270', ['CVE-2022-0492']],
  ] as const
).map(([path, magic, cve]) =>
  probe('files of the kernel', 'kinds of files', {
    id: `kind.${path}`,
    title: `have something else than the kernel's at ${path}`,
    cve,
    act: ['file-system', path],
    held: both(magic),
  }),
);

const NODES: readonly Probe[] = (
  [
    ['null', 'c 1:3', ['CVE-2025-31133']],
    ['zero', 'c 1:5', []],
    ['full', 'c 1:7', []],
    ['random', 'c 1:8', []],
    ['urandom', 'c 1:9', []],
    ['tty', 'c 5:0', []],
    ['console', 'c 136:*', ['CVE-2025-52565']],
  ] as const
).map(([name, numbers, cve]) =>
  probe('files of the kernel', 'kinds of files', {
    id: `kind./dev/${name}`,
    title: `have another device at /dev/${name}`,
    cve,
    act: ['node', `/dev/${name}`],
    held: both(numbers),
  }),
);

/** Of opening none something comes by itself, as it would of a watchdog. */
const DEVICES =
  'autofs btrfs-control cuse fuse hwrng kmsg kvm loop-control loop0 mapper/control mem net/tun port ppp rfkill rtc0 sda sg0 tty0 tty1 ttyS0 udmabuf uinput userfaultfd vda vfio/vfio vhost-net vhost-vsock vsock'.split(
    ' ',
  );

const NO_DEVICES: readonly Probe[] = DEVICES.map((name) =>
  probe('devices', 'no device', {
    id: `device.${name}`,
    title: `open /dev/${name}`,
    act: ['device', `/dev/${name}`],
    held: both('none'),
    opens: [`device /dev/${name}`],
  }),
);

const MADE_DEVICES: readonly Probe[] = (
  [
    ['mem', 'c', 1, 1, "the machine's memory"],
    ['kmsg', 'c', 1, 11, "the kernel's log"],
    ['null', 'c', 1, 3, 'a device that is harmless'],
    ['loop0', 'b', 7, 0, 'a loop device'],
    ['sda', 'b', 8, 0, 'a disk'],
  ] as const
).map(([name, type, major, minor, what]) =>
  probe('devices', 'user namespace', {
    id: `mknod.${name}`,
    title: `make a node of ${what}`,
    act: ['mknod', type, `${major}`, `${minor}`],
    held: both('EPERM'),
    opens: ['privileged'],
  }),
);

const CGROUP_FILES: readonly Probe[] = [
  ...['memory.max', 'pids.max', 'cpu.max', 'io.max', 'hugetlb.2MB.max'].map((file) =>
    probe('limits', 'control group', {
      id: `limit.${file}`,
      title: `raise its own limit (${file})`,
      act: ['open-for-writing', `/sys/fs/cgroup/${file}`],
      held: both('EACCES'),
      nothing: ['ENOENT'],
      opens: ['privileged'],
    }),
  ),
  probe('limits', 'control group', {
    id: 'limit.cgroup.procs',
    title: 'move processes between control groups',
    act: ['open-for-writing', '/sys/fs/cgroup/cgroup.procs'],
    held: { application: 'EACCES', system: null },
    nothing: ['ENOENT'],
    opens: ['privileged'],
  }),
];

/** Paths, devices and control groups. */
export const PATH_PROBES: readonly Probe[] = [
  ...MASKS,
  ...READ_ONLY,
  ...SYSFS,
  ...FILE_SYSTEMS,
  ...NODES,
  ...NO_DEVICES,
  ...MADE_DEVICES,
  ...CGROUP_FILES,
];
