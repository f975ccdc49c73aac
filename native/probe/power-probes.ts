import walls from '../protocol/walls.json' with { type: 'json' };
import { both, type Probe } from './probe.ts';

type Common = Pick<Probe, 'id' | 'title' | 'act' | 'held' | 'wall'> & Partial<Probe>;

function probe(group: string, one: Common): Probe {
  return { group, cve: [], nothing: [], opens: [], ...one };
}

/** By number (linux/capability.h). */
export const CAPABILITY_NAMES =
  `chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service
net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin sys_boot sys_nice
sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override mac_admin syslog wake_alarm
block_suspend audit_read perfmon bpf checkpoint_restore`.split(/\s+/);

const has = (kind: 'application' | 'system', number: number) =>
  ((BigInt(`0x${walls[kind].capabilities}`) >> BigInt(number)) & 1n) === 1n;

const CAPABILITIES: readonly Probe[] = CAPABILITY_NAMES.flatMap((name, number) => {
  const held = {
    application: has('application', number) ? null : 'EPERM',
    system: has('system', number) ? null : 'EPERM',
  };
  if (held.application === null && held.system === null) return [];
  return [
    probe('capabilities', {
      id: `capability.${name}`,
      title: `take the capability ${name}`,
      wall: 'capabilities',
      act: ['capability', `${number}`],
      held,
      opens: [`capability ${name}`],
    }),
  ];
});

/** Families and types of socket(2); a packet socket sees all (ETH_P_ALL in network order). */
const RAW_SOCKETS: readonly Probe[] = (
  [
    ['inet', 2, 3, 1, 'send packets of its own making'],
    ['inet6', 10, 3, 58, 'send packets of its own making, IPv6'],
    ['packet', 17, 3, 768, 'send and see frames of its own making'],
    ['packet-datagram', 17, 2, 768, 'see the frames of its link'],
  ] as const
).flatMap(([name, family, type, protocol, title]) =>
  (['64', 'i386'] as const).map((entry) =>
    probe('capabilities', {
      id: `raw.${name}.${entry}`,
      title: entry === 'i386' ? `${title}, by 32 bits` : title,
      wall: 'capabilities',
      act: ['call', entry, 'socket', `${family}`, `${type}`, `${protocol}`],
      held: { application: 'EPERM', system: null },
      nothing: ['no such entry', 'SIGSEGV', 'EAFNOSUPPORT'],
      opens: ['capability net_raw'],
    }),
  ),
);

const NAMESPACES: readonly Probe[] = (
  [
    ['user', 'user', ['namespace user', 'privileged']],
    ['network', 'net', ['namespace network']],
    ['ipc', 'ipc', ['namespace ipc']],
    ['uts', 'uts', ['namespace uts']],
    ['pid', 'pid', ['namespace pid']],
    ['cgroup', 'cgroup', ['namespace cgroup']],
    ['time', 'time', ['namespace time']],
    ['mount', 'mnt', []],
  ] as const
).map(([name, link, opens]) =>
  probe('what belongs to others', {
    id: `namespace.${name}`,
    title: `be in the ${name} namespace of the host`,
    wall: 'namespaces',
    act: ['namespace', link, `{${link}}`],
    held: both('own'),
    nothing: ['ENOENT'],
    opens,
  }),
);

const OTHERS: readonly Probe[] = [
  probe('what belongs to others', {
    id: 'abstract-socket',
    title: "reach a service of the host by a socket's name",
    wall: 'namespaces',
    act: ['connect', '{socket}'],
    held: both('ECONNREFUSED'),
    opens: ['namespace network'],
  }),
  probe('what belongs to others', {
    id: 'hidepid',
    title: "see other users' processes",
    wall: 'hidepid',
    act: ['processes', '1000'],
    held: { application: 'none', system: null },
    nothing: ['EINVAL', 'EPERM'],
    opens: ['namespace pid'],
  }),
  probe('what belongs to others', {
    id: 'keyring',
    title: 'use the keyring of who started it',
    wall: 'keyring',
    act: ['keyring'],
    held: both('EPERM'),
    nesting: 'own',
    nothing: ['ENOSYS'],
    opens: ['seccomp'],
  }),
  probe('what belongs to others', {
    id: 'leave-root',
    title: 'leave its root folder by a chroot',
    wall: 'root',
    act: ['leave-root'],
    held: both('none'),
    nothing: ['EPERM', 'EROFS'],
  }),
];

/** Flags of clone(2): a user and a cgroup namespace. */
const NEW_USER_AND_CGROUP = `${0x10000000 + 0x2000000}`;

const MOUNTS: readonly Probe[] = [
  probe('namespaces and mounts', {
    id: 'unmount-mask',
    title: 'take a mask away',
    cve: ['CVE-2025-31133'],
    wall: 'locked mounts',
    act: ['unmount', '/proc/kallsyms'],
    held: { application: 'EPERM', system: 'EINVAL' },
    opens: ['privileged', 'masked /proc/kallsyms'],
  }),
  ...['/proc/irq', '/sys'].map((path) =>
    probe('namespaces and mounts', {
      id: `make-writable.${path}`,
      title: `make ${path} writable again`,
      wall: 'locked mounts',
      act: ['make-writable', path],
      held: both('EPERM'),
      opens: ['privileged', `read-only ${path}`],
    }),
  ),
  // Of sysfs there is a read-only one already, beside which the kernel would let no other be mounted.
  ...[
    { type: 'proc', flags: 0 },
    { type: 'sysfs', flags: 1 },
  ].map(({ type, flags }) =>
    probe('namespaces and mounts', {
      id: `mount.${type}`,
      title: `mount another ${type}, without masks`,
      wall: 'hidden proc',
      act: ['mount', type, `${flags}`],
      held: both('EPERM'),
      nesting: null,
      opens: ['nesting', 'privileged'],
    }),
  ),
  probe('namespaces and mounts', {
    id: 'release-agent',
    title: 'say what the host runs when a control group is empty',
    cve: ['CVE-2022-0492'],
    wall: 'user namespace',
    act: ['release-agent', '0'],
    held: { application: 'EPERM', system: 'ENOENT' },
    nothing: ['no v1'],
    opens: ['namespace cgroup'],
  }),
  probe('namespaces and mounts', {
    id: 'release-agent.user-namespace',
    title: 'the same in a user namespace of its own',
    cve: ['CVE-2022-0492'],
    wall: 'filter',
    act: ['release-agent', NEW_USER_AND_CGROUP],
    held: both('EPERM'),
    nesting: 'ENOENT',
    nothing: ['no v1'],
    opens: ['seccomp', 'namespace cgroup'],
  }),
];

const PROGRAMS: readonly Probe[] = [
  probe('programs and descriptors', {
    id: 'overwrite.self',
    title: "write the host's program that enters it",
    cve: ['CVE-2019-5736'],
    wall: 'entering',
    act: ['chmod', '/proc/self/exe'],
    held: both('EROFS'),
  }),
  probe('programs and descriptors', {
    id: 'overwrite.init',
    title: "write the host's program that is its init",
    cve: ['CVE-2019-5736'],
    wall: 'entering',
    act: ['chmod', '/proc/1/exe'],
    held: { application: 'EROFS', system: null },
    nothing: ['EACCES'],
    opens: ['namespace pid'],
  }),
  probe('programs and descriptors', {
    id: 'descriptors',
    title: 'use descriptors of who started it',
    cve: ['CVE-2024-21626'],
    wall: 'entering',
    act: ['descriptors', '256'],
    held: both('none'),
  }),
  probe('programs and descriptors', {
    id: 'working-folder',
    title: 'start in a folder of the host',
    cve: ['CVE-2024-21626'],
    wall: 'entering',
    act: ['working-folder'],
    held: both('inside'),
  }),
  probe('programs and descriptors', {
    id: 'no_new_privs',
    title: 'gain by a set-user-id program',
    wall: 'no_new_privs',
    act: ['status', 'NoNewPrivs'],
    held: { application: '1', system: null },
  }),
];

/** TIOCSTI and TIOCLINUX, each on a terminal of its own making that controls it and on its console. */
const TERMINALS: readonly Probe[] = (
  [
    ['TIOCSTI', '0x5412', 'push keystrokes into'],
    ['TIOCLINUX', '0x541c', 'paste into'],
  ] as const
).flatMap(([name, request, what]) => [
  probe('terminals', {
    id: `${name}.own`,
    title: `${what} its terminal (${name})`,
    wall: 'filter',
    act: ['own-terminal', request],
    held: both('EPERM'),
  }),
  probe('terminals', {
    id: `${name}.console`,
    title: `${what} its console (${name})`,
    wall: 'filter',
    act: ['terminal', '/dev/console', request],
    held: both('EPERM'),
    nothing: ['EACCES', 'EIO', 'ENXIO'],
  }),
]);

/** Powers, what belongs to others, and how programs come into a guest. */
export const POWER_PROBES: readonly Probe[] = [
  ...CAPABILITIES,
  ...RAW_SOCKETS,
  ...NAMESPACES,
  ...OTHERS,
  ...MOUNTS,
  ...PROGRAMS,
  ...TERMINALS,
];
