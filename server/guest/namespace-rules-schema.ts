import type { GuestIsolation, ShareableNamespace } from './isolation-schema.ts';

/** What the rules of namespaces look at. */
export interface NamespaceSubject {
  name: string;
  kind: 'system' | 'application';
  isolation: Pick<GuestIsolation, 'namespaces' | 'privileged' | 'idMap'>;
}

/** Another guest of this host. */
export interface NamespacePeer extends NamespaceSubject {
  running: boolean;
}

export interface NamespaceProblem {
  /** Into the settings: `['isolation', 'namespaces', 'pid']`. */
  field: (string | number)[];
  /** Lower case, without full stop: what is wrong and what would be right. */
  message: string;
}

/** What the guest is then without: nothing that must be mended. */
export interface NamespaceNote {
  field: (string | number)[];
  message: string;
}

type Rule = (subject: NamespaceSubject, peers: ReadonlyMap<string, NamespacePeer>) => NamespaceProblem[];

/** As the kernel counts ids: 2^32 - 1 is none (user_namespaces(7)). */
const LAST_ID = 4_294_967_294;

/**
 * What the kernel would refuse, or would do other than it is asked, told before a start (namespaces(7), setns(2)). `starting`: other
 * guests must run as well. Empty: it can be made so. Pure, and the same in the browser.
 */
export function namespaceProblems(
  subject: NamespaceSubject,
  others: readonly NamespacePeer[],
  { starting = false }: { starting?: boolean } = {},
): NamespaceProblem[] {
  const peers = new Map(others.map((peer) => [peer.name, peer]));
  const rules = [lenders, cycles, userRules, pidRules, cgroupRules, idMapRules];
  const found = rules.flatMap((rule) => rule(subject, peers));
  return found.length === 0 && starting ? notRunning(subject, peers) : found;
}

/** Whose a namespace is: `own`, `host`, or the name of another guest; a privileged guest has the host's users. Pure. */
export function namespaceOwnerOf(
  { namespaces, privileged }: Pick<GuestIsolation, 'namespaces' | 'privileged'>,
  type: ShareableNamespace,
): { own: true } | { host: true } | { guest: string } {
  const owner = type === 'user' && privileged ? 'host' : (namespaces[type] ?? 'own');
  if (owner === 'own') return { own: true };
  return owner === 'host' ? { host: true } : { guest: owner.slice('guest:'.length) };
}

/** Namespaces that other guests lend to this one: type and guest. Pure. */
export function lentTo({
  namespaces,
}: Pick<GuestIsolation, 'namespaces'>): { type: ShareableNamespace; guest: string }[] {
  return Object.entries(namespaces).flatMap(([type, owner]) =>
    owner.startsWith('guest:')
      ? [{ type: type as ShareableNamespace, guest: owner.slice('guest:'.length) }]
      : [],
  );
}

/** What follows from the choice, beside what is refused. Pure. */
export function namespaceNotes({ isolation }: NamespaceSubject): NamespaceNote[] {
  const shared = (type: ShareableNamespace) => !('own' in namespaceOwnerOf(isolation, type));
  const notes: NamespaceNote[] = [];
  const note = (when: boolean, type: ShareableNamespace, message: string) => {
    if (when) notes.push({ field: ['isolation', 'namespaces', type], message });
  };
  const ownUser = !shared('user');
  note(
    shared('network'),
    'network',
    `it has the links, addresses, ports and firewall of their owner and none of its own${ownUser ? '; its root can neither change them nor bind ports below 1024' : ''}`,
  );
  note(shared('uts'), 'uts', "its host name is the owner's");
  note(
    shared('ipc'),
    'ipc',
    `it has the owner's message queues, semaphores and /dev/shm${ownUser ? '; what others put there belongs to nobody that it knows' : ''}`,
  );
  note(
    shared('pid'),
    'pid',
    'its first process is not process 1: orphans come to it, and all that the guest started ends with it',
  );
  note(shared('cgroup'), 'cgroup', 'it sees its control group from outside, read-only');
  note(shared('time'), 'time', "uptime and monotonic clocks are the owner's");
  return notes;
}

const lenders: Rule = (subject, peers) =>
  lentTo(subject.isolation).flatMap(({ type, guest }) => {
    const field = ['isolation', 'namespaces', type];
    if (guest === subject.name) {
      return [{ field, message: `${guest} cannot share its ${type} namespace with itself: own is that` }];
    }
    if (!peers.has(guest)) {
      return [{ field, message: `there is no guest ${guest} whose ${type} namespace could be shared` }];
    }
    return [];
  });

/** Each would have to run before the other. */
const cycles: Rule = (subject, peers) => {
  for (const { type, guest } of lentTo(subject.isolation)) {
    const way = wayTo(subject.name, guest, peers);
    if (!way || guest === subject.name) continue;
    return [
      {
        field: ['isolation', 'namespaces', type],
        message: `${[subject.name, ...way].join(' needs ')}: none of them could start first`,
      },
    ];
  }
  return [];
};

function wayTo(target: string, from: string, peers: ReadonlyMap<string, NamespacePeer>): string[] | null {
  const seen = new Set<string>();
  const visit = (name: string): string[] | null => {
    if (name === target) return [name];
    const peer = peers.get(name);
    if (!peer || seen.has(name)) return null;
    seen.add(name);
    for (const { guest } of lentTo(peer.isolation)) {
      const rest = visit(guest);
      if (rest) return [name, ...rest];
    }
    return null;
  };
  return visit(from);
}

const userRules: Rule = ({ isolation }, peers) => {
  const owner = isolation.namespaces.user ?? 'own';
  const field = ['isolation', 'namespaces', 'user'];
  if (isolation.privileged && owner !== 'host' && owner !== 'own') {
    return [{ field, message: `a privileged guest has the host's users, not those of ${owner.slice(6)}` }];
  }
  if (owner === 'host' && !isolation.privileged) {
    return [{ field, message: "only a privileged guest has the host's users: make it privileged" }];
  }
  if (!owner.startsWith('guest:')) return [];
  const lender = peers.get(owner.slice('guest:'.length));
  if (lender && 'host' in namespaceOwnerOf(lender.isolation, 'user')) {
    return [
      {
        field,
        message: `${lender.name} is privileged, its users are the host's: make this guest privileged instead`,
      },
    ];
  }
  return [];
};

const pidRules: Rule = ({ kind, isolation }) =>
  kind === 'system' && !('own' in namespaceOwnerOf(isolation, 'pid'))
    ? [
        {
          field: ['isolation', 'namespaces', 'pid'],
          message: "a system's init must be process 1 of its own: only an application shares processes",
        },
      ]
    : [];

const cgroupRules: Rule = ({ kind, isolation }) =>
  kind === 'system' && !('own' in namespaceOwnerOf(isolation, 'cgroup'))
    ? [
        {
          field: ['isolation', 'namespaces', 'cgroup'],
          message:
            "a system's init makes control groups, which are read-only for who shares them: only an application shares control groups",
        },
      ]
    : [];

const idMapRules: Rule = ({ isolation }) => {
  const { idMap } = isolation;
  if (!idMap) return [];
  const field = ['isolation', 'idMap'];
  const owner = namespaceOwnerOf(isolation, 'user');
  if ('host' in owner)
    return [{ field, message: 'a privileged guest has the ids of the host: leave the map out' }];
  if ('guest' in owner) {
    return [
      { field, message: `its ids are those of ${owner.guest}, whose users it shares: leave the map out` },
    ];
  }
  if (!idMap.some(({ inside }) => inside === 0)) {
    return [{ field, message: 'id 0 of the guest, its root, is not mapped: begin one entry at inside 0' }];
  }
  return idMap.flatMap((entry, at) => {
    const here = [...field, at];
    for (const side of ['inside', 'outside'] as const) {
      if (entry[side] + entry.count - 1 > LAST_ID) {
        return [
          {
            field: [...here, 'count'],
            message: `ids end at ${LAST_ID}: ${entry[side]} and ${entry.count} from there go past it`,
          },
        ];
      }
      const other = idMap.findIndex(
        (one, index) => index < at && overlap(one[side], one.count, entry[side], entry.count),
      );
      if (other >= 0) {
        return [
          {
            field: [...here, side],
            message: `the ids ${side} from ${entry[side]} overlap those of entry ${other + 1}`,
          },
        ];
      }
    }
    return [];
  });
};

function overlap(first: number, count: number, second: number, countOfSecond: number): boolean {
  return first < second + countOfSecond && second < first + count;
}

const notRunning: Rule = (subject, peers) =>
  lentTo(subject.isolation).flatMap(({ type, guest }) =>
    peers.get(guest)?.running
      ? []
      : [
          {
            field: ['isolation', 'namespaces', type],
            message: `${guest} does not run, so there is no ${type} namespace of it: start ${guest} first`,
          },
        ],
  );
