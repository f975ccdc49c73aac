import { expect, test } from 'vitest';
import { DEFAULT_ISOLATION, type GuestIsolation } from './isolation-schema.ts';
import {
  type NamespacePeer,
  type NamespaceSubject,
  namespaceNotes,
  namespaceOwnerOf,
  namespaceProblems,
} from './namespace-rules-schema.ts';

const subject = (isolation: Partial<GuestIsolation>, kind: 'system' | 'application' = 'application') =>
  ({ name: 'web', kind, isolation: { ...DEFAULT_ISOLATION, ...isolation } }) satisfies NamespaceSubject;
const peer = (name: string, isolation: Partial<GuestIsolation> = {}, running = true): NamespacePeer => ({
  ...subject(isolation),
  name,
  running,
});
const problems = (one: NamespaceSubject, peers: NamespacePeer[] = [], starting = false) =>
  namespaceProblems(one, peers, { starting }).map(({ field, message }) => `${field.join('.')}: ${message}`);

test('a default guest and one that shares what it may have no problems', () => {
  expect(problems(subject({}), [], true)).toEqual([]);
  const shares = { network: 'guest:db', ipc: 'guest:db', pid: 'host', uts: 'host', time: 'host' } as const;
  expect(problems(subject({ namespaces: shares }), [peer('db')], true)).toEqual([]);
  expect(problems(subject({ privileged: true }))).toEqual([]);
});

test.each<[string, NamespaceSubject, NamespacePeer[], string]>([
  [
    'an unknown guest',
    subject({ namespaces: { ipc: 'guest:db' } }),
    [],
    'isolation.namespaces.ipc: there is no guest db whose ipc namespace could be shared',
  ],
  [
    'itself',
    subject({ namespaces: { ipc: 'guest:web' } }),
    [],
    'isolation.namespaces.ipc: web cannot share its ipc namespace with itself: own is that',
  ],
  [
    'a cycle',
    subject({ namespaces: { ipc: 'guest:a' } }),
    [peer('a', { namespaces: { pid: 'guest:b' } }), peer('b', { namespaces: { uts: 'guest:web' } })],
    'isolation.namespaces.ipc: web needs a needs b needs web: none of them could start first',
  ],
  [
    'users of the host without being privileged',
    subject({ namespaces: { user: 'host' } }),
    [],
    "isolation.namespaces.user: only a privileged guest has the host's users: make it privileged",
  ],
  [
    'users of a privileged guest',
    subject({ namespaces: { user: 'guest:db' } }),
    [peer('db', { privileged: true })],
    "isolation.namespaces.user: db is privileged, its users are the host's: make this guest privileged instead",
  ],
  [
    'privileged with users of another guest',
    subject({ privileged: true, namespaces: { user: 'guest:db' } }),
    [peer('db')],
    "isolation.namespaces.user: a privileged guest has the host's users, not those of db",
  ],
  [
    'a system without processes of its own',
    subject({ namespaces: { pid: 'host' } }, 'system'),
    [],
    "isolation.namespaces.pid: a system's init must be process 1 of its own: only an application shares processes",
  ],
  [
    'a system without control groups of its own',
    subject({ namespaces: { cgroup: 'host' } }, 'system'),
    [],
    "isolation.namespaces.cgroup: a system's init makes control groups, which are read-only for who shares them: only an application shares control groups",
  ],
  [
    'a map without root',
    subject({ idMap: [{ inside: 1, outside: 100_000, count: 10 }] }),
    [],
    'isolation.idMap: id 0 of the guest, its root, is not mapped: begin one entry at inside 0',
  ],
  [
    'a map of a privileged guest',
    subject({ privileged: true, idMap: [{ inside: 0, outside: 100_000, count: 10 }] }),
    [],
    'isolation.idMap: a privileged guest has the ids of the host: leave the map out',
  ],
  [
    'a map beside the users of another guest',
    subject({ namespaces: { user: 'guest:db' }, idMap: [{ inside: 0, outside: 100_000, count: 10 }] }),
    [peer('db')],
    'isolation.idMap: its ids are those of db, whose users it shares: leave the map out',
  ],
  [
    'ids that are mapped twice',
    subject({
      idMap: [
        { inside: 0, outside: 100_000, count: 10 },
        { inside: 10, outside: 100_009, count: 1 },
      ],
    }),
    [],
    'isolation.idMap.1.outside: the ids outside from 100009 overlap those of entry 1',
  ],
  [
    'ids past the last',
    subject({ idMap: [{ inside: 0, outside: 4_294_967_000, count: 1000 }] }),
    [],
    'isolation.idMap.0.count: ids end at 4294967294: 4294967000 and 1000 from there go past it',
  ],
])('refused: %s', (_name, one, peers, message) => {
  expect(problems(one, peers)).toEqual([message]);
});

test('a lender must run only when the guest starts', () => {
  const one = subject({ namespaces: { network: 'guest:db' } });
  const stopped = [peer('db', {}, false)];
  expect(problems(one, stopped)).toEqual([]);
  expect(problems(one, stopped, true)).toEqual([
    'isolation.namespaces.network: db does not run, so there is no network namespace of it: start db first',
  ]);
});

test('two that lend to a third are no cycle', () => {
  const one = subject({ namespaces: { network: 'guest:a', ipc: 'guest:b' } });
  expect(problems(one, [peer('a', { namespaces: { ipc: 'guest:b' } }), peer('b')])).toEqual([]);
});

test('notes tell what sharing takes away', () => {
  const notes = namespaceNotes(subject({ namespaces: { network: 'host' } }));
  expect(notes.map(({ field }) => field.join('.'))).toEqual(['isolation.namespaces.network']);
  expect(notes[0]?.message).toContain('bind ports below 1024');
  const privileged = namespaceNotes(subject({ namespaces: { network: 'host' }, privileged: true }));
  expect(privileged[0]?.message).not.toContain('1024');
});

test('users of a privileged guest are the host’s', () => {
  expect(namespaceOwnerOf({ namespaces: {}, privileged: true }, 'user')).toEqual({ host: true });
  expect(namespaceOwnerOf({ namespaces: { ipc: 'guest:db' }, privileged: false }, 'ipc')).toEqual({
    guest: 'db',
  });
});
