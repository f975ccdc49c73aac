import type { Probe } from './probe.ts';

/** The three ways into the kernel that a program on x86-64 has; elsewhere there is but its own. */
const ENTRIES = ['64', 'i386', 'x32'] as const;

/** Answers of a kernel or processor without the entry, or without the call by it. */
const NO_ENTRY = ['no such entry', 'no such call', 'SIGSEGV', 'SIGSYS'];

type Held = Probe['held'] & { nesting?: string | null };

interface Call {
  /** Also the last part of the id when one call is tried in several ways. */
  way?: string;
  call: string;
  args?: readonly (string | number)[];
  title: string;
  held: Held;
  cve?: readonly string[];
  group?: string;
  opens?: readonly string[];
  entries?: readonly (typeof ENTRIES)[number][];
}

const EPERM: Held = { application: 'EPERM', system: 'EPERM' };
/** What nesting permits. */
const UNLESS_NESTING = (answer: string): Held => ({ application: answer, system: answer, nesting: null });
/** What a system does all day. */
const APPLICATION: Held = { application: 'EPERM', system: null, nesting: null };

const CALLS: readonly Call[] = [
  { call: 'acct', args: ['=/.berth-none'], title: 'write down all processes of the host', held: EPERM },
  { call: 'add_key', args: ['=user', '=berth', '=x', 1, -2], title: 'keep a key in the kernel', held: EPERM },
  {
    call: 'request_key',
    args: ['=user', '=berth-none', 0, 0],
    title: 'ask for a key of the kernel',
    held: EPERM,
  },
  {
    call: 'keyctl',
    args: [0, -3, 0],
    title: 'use keyrings',
    held: UNLESS_NESTING('EPERM'),
    opens: ['nesting'],
  },
  { call: 'bpf', args: [0, 0, 0], title: 'load a program into the kernel', held: EPERM },
  { call: 'perf_event_open', title: 'measure the processor, and others on it', held: EPERM },
  { call: 'userfaultfd', title: 'hold the kernel up at a page fault', held: EPERM },
  {
    call: 'open_by_handle_at',
    args: [-100, '&', 0],
    title: "open files of the host by their inodes' numbers",
    held: EPERM,
  },
  { call: 'kexec_load', args: [0, 0, 0, '0xdead'], title: 'load another kernel', held: EPERM },
  {
    call: 'kexec_file_load',
    args: [-1, -1, 0, 0, '0xdead'],
    title: 'load another kernel from a file',
    held: EPERM,
    entries: ['64', 'x32'],
  },
  { call: 'init_module', args: [0, 0, '='], title: 'load a module', held: EPERM },
  { call: 'finit_module', args: [-1, '=', 0], title: 'load a module from a file', held: EPERM },
  { call: 'delete_module', args: ['=berth_none', 0], title: 'unload a module', held: EPERM },
  { call: 'io_uring_setup', args: [1, '&'], title: 'make an io_uring', held: EPERM },
  { call: 'io_uring_enter', args: [-1, 0, 0, 0, 0], title: 'use an io_uring', held: EPERM },
  { call: 'io_uring_register', args: [-1, 0, 0, 0], title: 'prepare an io_uring', held: EPERM },
  { call: 'fanotify_init', title: 'watch or refuse what others open', held: EPERM },
  { call: 'quotactl', args: [0, '=/.berth-none', 0, 0], title: 'change quotas', held: EPERM },
  { call: 'quotactl_fd', args: [-1, 0, 0, 0], title: 'change quotas by a descriptor', held: EPERM },
  { call: 'swapon', args: ['=/.berth-none', 0], title: 'add swap to the host', held: EPERM },
  { call: 'swapoff', args: ['=/.berth-none'], title: 'take swap from the host', held: EPERM },
  { call: 'clock_settime', args: [0, 0], title: "set the host's clock", held: EPERM },
  { call: 'settimeofday', args: [0, 0], title: "set the host's clock (settimeofday)", held: EPERM },
  { call: 'stime', args: [0], title: "set the host's clock (stime)", held: EPERM, entries: ['i386'] },
  { call: 'syslog', args: [3, '&', 1], title: "read the kernel's log", held: EPERM },
  { call: 'ioperm', args: ['0x80', 1, 1], title: 'use a port of the machine', held: EPERM },
  { call: 'iopl', args: [3], title: 'use all ports of the machine', held: EPERM },
  { call: 'kcmp', args: [1, 1, 0, 0, 0], title: 'learn addresses of the kernel by comparing', held: EPERM },
  {
    call: 'lookup_dcookie',
    args: [0, 0, '&', 1],
    title: 'learn paths from cookies of the kernel',
    held: EPERM,
  },
  { call: 'migrate_pages', args: [0, 0, 0, 0], title: "move another's memory between nodes", held: EPERM },
  { call: 'move_pages', args: [0, 0, 0, 0, 0], title: 'find or move pages of memory', held: EPERM },
  { call: 'vm86old', title: 'run code of 16 bits', held: EPERM, entries: ['i386'] },
  { call: 'vm86', args: [0, 0], title: 'run code of 16 bits (vm86)', held: EPERM, entries: ['i386'] },
];

const MOUNT_API: readonly Call[] = [
  { call: 'fsopen', args: ['=tmpfs', 0], title: 'open a file system to be mounted' },
  {
    call: 'fsconfig',
    args: [-1, 1, '=x', '=x', 0],
    title: 'set an option of a file system to be mounted',
    cve: ['CVE-2022-0185'],
  },
  { call: 'fsmount', args: [-1, 0, 0], title: 'mount what was opened' },
  { call: 'fspick', args: [-1, '=', 0], title: 'open what is mounted' },
  { call: 'open_tree', args: [-100, '=/', 1], title: 'copy a tree of mounts' },
  { call: 'move_mount', args: [-1, '=', -1, '=', 0], title: 'move a mount' },
  { call: 'mount_setattr', args: [-100, '=/.berth-none', 0, '&', 32], title: 'change mounts' },
  { call: 'clone3', args: [0, 0], title: 'make processes with flags that no filter sees' },
].map((one) => ({
  ...one,
  held: UNLESS_NESTING('ENOSYS'),
  opens: ['nesting'],
  group: 'namespaces and mounts',
}));

const OF_SYSTEMS: readonly Call[] = [
  { call: 'mount', args: ['=none', '=/.berth-none', '=tmpfs', 0, 0], title: 'mount a file system' },
  { call: 'umount2', args: ['=/.berth-none', 0], title: 'unmount a file system' },
  {
    call: 'umount',
    args: ['=/.berth-none'],
    title: 'unmount a file system (umount)',
    entries: ['i386'] as const,
  },
  { call: 'pivot_root', args: ['=/.berth-none', '=/.berth-none'], title: 'change its root' },
  { call: 'setns', args: [-1, 0], title: 'join another namespace' },
  { call: 'sethostname', args: ['=', -1], title: 'name the host' },
  { call: 'setdomainname', args: ['=', -1], title: "name the host's domain" },
  { call: 'reboot', args: [0, 0, 0, 0], title: 'restart' },
  { call: 'vhangup', title: 'hang up its terminal' },
].map((one) => ({ ...one, held: APPLICATION, opens: ['nesting'], group: 'namespaces and mounts' }));

/** Flags of clone(2). */
const NAMESPACES = {
  mount: 0x20000,
  cgroup: 0x2000000,
  uts: 0x4000000,
  ipc: 0x8000000,
  user: 0x10000000,
  pid: 0x20000000,
  network: 0x40000000,
} as const;
const TIME = 0x80;
const SIGCHLD = 17;

const NEW_NAMESPACES: readonly Call[] = [
  ...Object.entries(NAMESPACES).flatMap(([name, flag]): Call[] => {
    const held = name === 'user' ? UNLESS_NESTING('EPERM') : APPLICATION;
    const cve = name === 'user' ? ['CVE-2022-0185', 'CVE-2022-0492'] : [];
    const common = { way: name, held, cve, opens: ['nesting'], group: 'namespaces and mounts' };
    return [
      { ...common, call: 'unshare', args: [flag], title: `make a ${name} namespace` },
      {
        ...common,
        call: 'clone',
        args: [flag + SIGCHLD],
        title: `make a process in a new ${name} namespace`,
      },
    ];
  }),
  {
    way: 'time',
    call: 'unshare',
    args: [TIME],
    title: 'make a time namespace',
    held: APPLICATION,
    opens: ['nesting'],
    group: 'namespaces and mounts',
  },
];

/** Numbers of families (socket(2)), and a type that each has. */
const FAMILIES: readonly [name: string, family: number, type: number, protocol: number][] = [
  ['AF_ALG', 38, 5, 0],
  ['AF_VSOCK', 40, 1, 0],
  ['AF_KEY', 15, 3, 2],
  ['AF_RXRPC', 33, 2, 2],
  ['AF_AX25', 3, 5, 0],
  ['AF_RDS', 21, 5, 0],
  ['AF_PPPOX', 24, 1, 0],
  ['AF_LLC', 26, 1, 0],
  ['AF_CAN', 29, 3, 1],
  ['AF_TIPC', 30, 5, 0],
  ['AF_BLUETOOTH', 31, 3, 1],
  ['AF_PHONET', 35, 2, 0],
  ['AF_NFC', 39, 5, 0],
  ['AF_KCM', 41, 2, 0],
  ['AF_QIPCRTR', 42, 2, 0],
  ['AF_SMC', 43, 1, 0],
  ['AF_XDP', 44, 3, 0],
];

const SOCKETS: readonly Call[] = [
  ...FAMILIES.map(
    ([name, ...args]): Call => ({
      way: name,
      call: 'socket',
      args,
      title: `make a socket of ${name}`,
      held: { application: 'EAFNOSUPPORT', system: 'EAFNOSUPPORT' },
      group: 'sockets',
    }),
  ),
  {
    way: 'AF_ALG-high-bits',
    call: 'socket',
    args: ['0x100000026', 5, 0],
    title: 'make a socket of AF_ALG, hidden by bits that the kernel drops',
    held: { application: 'EAFNOSUPPORT', system: 'EAFNOSUPPORT' },
    group: 'sockets',
    entries: ['64'],
  },
  {
    way: 'XFRM',
    call: 'socket',
    args: [16, 3, 6],
    title: 'configure IPsec (XFRM)',
    held: { application: 'ENOSYS', system: 'ENOSYS' },
    group: 'sockets',
  },
  {
    way: 'XFRM-high-bits',
    call: 'socket',
    args: ['0x100000010', 3, '0x100000006'],
    title: 'configure IPsec (XFRM), hidden by bits that the kernel drops',
    held: { application: 'ENOSYS', system: 'ENOSYS' },
    group: 'sockets',
    entries: ['64'],
  },
  {
    call: 'socketcall',
    args: [1, '&'],
    title: 'make a socket of a family that no filter sees (socketcall)',
    held: EPERM,
    group: 'sockets',
    entries: ['i386'],
  },
];

const KEYSTROKES: readonly Call[] = [
  { way: 'TIOCSTI', call: 'ioctl', args: [0, 0x5412, 0], title: 'push keystrokes into a terminal (TIOCSTI)' },
  {
    way: 'TIOCLINUX',
    call: 'ioctl',
    args: [0, 0x541c, 0],
    title: 'paste into a terminal (TIOCLINUX)',
  },
  {
    way: 'TIOCSTI-high-bits',
    call: 'ioctl',
    args: [0, '0x100005412', 0],
    title: 'push keystrokes into a terminal, hidden by bits that the kernel drops',
    entries: ['64'] as const,
  },
].map((one) => ({ ...one, held: EPERM, group: 'terminals' }));

const OTHERS: readonly Call[] = [
  {
    call: 'getpid',
    title: 'make any call by the x32 entry',
    held: { application: null, system: null },
    entries: ['x32'],
  },
];

function probesOf(one: Call): Probe[] {
  const { call, way, args = [], title, held, cve = [], group = 'system calls', opens = [] } = one;
  const { nesting, ...kinds } = held;
  return (one.entries ?? ENTRIES).map((entry): Probe => {
    const id = [call, way, entry].filter((part) => part !== undefined).join('.');
    const common = { id, group, cve, act: ['call', entry, call, ...args.map(String)], nothing: NO_ENTRY };
    if (entry === 'x32') {
      // The whole entry is shut, also for what a kind may do otherwise, and no profile opens it.
      const shut = { application: 'ENOSYS', system: 'ENOSYS' };
      return { ...common, title: `${title}, by x32`, wall: 'x32', held: shut, opens: [] };
    }
    return {
      ...common,
      title: entry === 'i386' ? `${title}, by 32 bits` : title,
      wall: 'filter',
      held: kinds,
      ...(nesting === undefined ? {} : { nesting }),
      opens: ['seccomp', ...opens],
    };
  });
}

/** System calls that are refused, by each entry. */
export const CALL_PROBES: readonly Probe[] = [
  ...CALLS,
  ...MOUNT_API,
  ...OF_SYSTEMS,
  ...NEW_NAMESPACES,
  ...SOCKETS,
  ...KEYSTROKES,
  ...OTHERS,
].flatMap(probesOf);
