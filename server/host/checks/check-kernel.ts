import type { HostCheck } from '../check-schema.ts';
import { numberOf, type Probing, textOf, tryAll } from './probing.ts';

/** One sysctl that is too small for many guests. */
interface Number {
  id: string;
  name: string;
  path: string;
  enough: number;
  consequence: string;
}

const NUMBERS: readonly Number[] = [
  {
    id: 'kernel.pid_max',
    name: 'number of processes',
    path: '/proc/sys/kernel/pid_max',
    enough: 65_536,
    consequence: 'a few large guests use up the process ids of the host',
  },
  {
    id: 'kernel.inotify_instances',
    name: 'inotify instances of a user',
    path: '/proc/sys/fs/inotify/max_user_instances',
    enough: 512,
    consequence: 'some 20 system guests with systemd, and the next one fails with "too many open files"',
  },
  {
    id: 'kernel.inotify_watches',
    name: 'inotify watches of a user',
    path: '/proc/sys/fs/inotify/max_user_watches',
    enough: 65_536,
    consequence: 'programs in guests that watch many files fail with "no space left on device"',
  },
  {
    id: 'kernel.nr_open',
    name: 'descriptors of a process',
    path: '/proc/sys/fs/nr_open',
    enough: 65_536,
    consequence: 'a guest cannot raise its own limit of open files further',
  },
];
/** The server holds some of a guest's files open: control groups, sockets. */
const ENOUGH_FILES = 16_384;

/** The kernel itself: its version, its calls and its numbers. */
export async function checkKernel(probing: Probing): Promise<HostCheck[]> {
  return [
    version(probing),
    ...(await tryAll(probing, [
      {
        id: 'kernel.clone3',
        group: 'kernel',
        name: 'clone3 with a descriptor of the process',
        probe: 'clone3',
        required: true,
        detail: 'made a process',
        remedy: 'it takes Linux 5.3',
        consequence: 'guests do not start',
      },
    ])),
    openFiles(probing),
    ...NUMBERS.flatMap((number) => enough(probing, number)),
    idSpace(probing),
    rootCapabilities(probing),
  ];
}

function version(probing: Probing): HostCheck {
  const release = textOf(probing, '/proc/sys/kernel/osrelease') ?? 'unknown';
  const [major = 0, minor = 0] = release.split('.').map((part) => Number.parseInt(part, 10));
  const old = major < 5 || (major === 5 && minor < 19);
  return {
    id: 'kernel.version',
    group: 'kernel',
    name: 'kernel version',
    required: false,
    ...(old
      ? {
          state: 'partly',
          detail: `Linux ${release}; id-mapped layers below overlayfs take 5.19`,
          consequence: 'Berth was never run on a kernel older than 6.1: guests will probably not start',
        }
      : { state: 'yes', detail: `Linux ${release}`, consequence: null }),
  };
}

function openFiles(probing: Probing): HostCheck {
  const line = /^Max open files\s+\S+\s+(\S+)/m.exec(textOf(probing, '/proc/self/limits') ?? '')?.[1];
  const most = line === 'unlimited' ? Number.POSITIVE_INFINITY : Number(line ?? 0);
  const few = most < ENOUGH_FILES;
  return {
    id: 'kernel.open_files',
    group: 'kernel',
    name: 'open files of the server',
    required: false,
    state: few ? 'partly' : 'yes',
    detail: few
      ? `the hard limit is ${line ?? 'not told'}; raise LimitNOFILE of the unit`
      : `${line}, the hard limit`,
    consequence: few ? 'the server runs out of descriptors with many guests and shells' : null,
  };
}

function enough(probing: Probing, { id, name, path, enough: wanted, consequence }: Number): HostCheck[] {
  const value = numberOf(probing, path);
  if (value === null) return [];
  const sysctl = path.replace('/proc/sys/', '').replaceAll('/', '.');
  const few = value < wanted;
  const detail = few ? `${sysctl} is ${value}; ${wanted} would do` : `${sysctl} is ${value}`;
  return [
    {
      id,
      group: 'kernel',
      name,
      required: false,
      state: few ? 'partly' : 'yes',
      detail,
      consequence: few ? consequence : null,
    },
  ];
}

/** Of all instances: FIRST_ID and SLOTS * 2,048 ranges of 65,536 (server/instance). */
const IDS = { first: 0x1000_0000, end: 0x1000_0000 + 12 * 2048 * 65_536 };

/** That the host's ids reach as far as guests' do, and that no tool hands out the same to others. */
function idSpace(probing: Probing): HostCheck {
  const map = (textOf(probing, '/proc/self/uid_map') ?? '')
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const mapped = map.some(([inside = 0, , count = 0]) => inside <= IDS.first && inside + count >= IDS.end);
  const shared = ['/etc/subuid', '/etc/subgid'].flatMap((path) =>
    (textOf(probing, path) ?? '').split('\n').flatMap((line) => {
      const [owner = '', first, count] = line.split(':');
      const start = Number(first);
      return count !== undefined && start < IDS.end && start + Number(count) > IDS.first
        ? [`${owner} in ${path}`]
        : [];
    }),
  );
  const base = { id: 'kernel.ids', group: 'kernel', name: 'user ids for guests' } as const;
  if (!mapped) {
    const detail = `${IDS.first} to ${IDS.end - 1} are not all mapped here; run Berth outside of a container, or map them`;
    return { ...base, required: true, state: 'no', detail, consequence: 'guests do not start' };
  }
  if (shared.length > 0) {
    const detail = `those of ${shared.join(', ')} overlap with ${IDS.first} to ${IDS.end - 1}; move them`;
    const consequence = 'a guest and a container of somebody else may have the same ids on this host';
    return { ...base, required: true, state: 'partly', detail, consequence };
  }
  return {
    ...base,
    required: true,
    state: 'yes',
    detail: `${IDS.first} to ${IDS.end - 1}`,
    consequence: null,
  };
}

/** What root may do here: containers and hardened hosts take some of it away. */
const OF_ROOT = [
  [21, 'sys_admin', true, 'guests do not start'],
  [12, 'net_admin', true, 'guests get no network'],
  [24, 'sys_resource', false, "a guest's limit of open files cannot be raised above the host's own"],
  [37, 'audit_read', false, 'profiles cannot be learnt from what a guest does'],
] as const;

function rootCapabilities(probing: Probing): HostCheck {
  const mask = /^CapEff:\s*([0-9a-f]+)/m.exec(textOf(probing, '/proc/self/status') ?? '')?.[1] ?? '0';
  const missing = OF_ROOT.filter(([number]) => ((BigInt(`0x${mask}`) >> BigInt(number)) & 1n) === 0n);
  const fatal = missing.some(([, , required]) => required);
  return {
    id: 'kernel.root',
    group: 'kernel',
    name: 'powers of root',
    required: true,
    ...(missing.length === 0
      ? { state: 'yes', detail: 'all that Berth uses', consequence: null }
      : {
          state: fatal ? 'no' : 'partly',
          detail: `root lacks ${missing.map(([, name]) => name).join(', ')} here`,
          consequence: missing.map(([, , , consequence]) => consequence).join('; '),
        }),
  };
}
