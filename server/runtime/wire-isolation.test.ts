import { expect, test } from 'vitest';
import { DEFAULT_ISOLATION } from '../guest/isolation-schema.ts';
import type { ResolvedIsolation } from './port.ts';
import { isolationEntries } from './wire-isolation.ts';
import { settingEntries } from './wire-settings.ts';

const plain: ResolvedIsolation = { ...DEFAULT_ISOLATION, namespaces: [], lxcfsRoot: null };
const entries = (isolation: Partial<ResolvedIsolation>, user: string | null = null) =>
  isolationEntries(
    { isolation: { ...plain, ...isolation }, user, hooks: [] },
    (id) => `/run/berth/0/guests/${id}`,
  );

test('a default guest says nothing', () => {
  expect(entries({})).toEqual([]);
});

test('shared namespaces are the host or the run folder of the guest that has them', () => {
  expect(
    entries({
      namespaces: [
        { name: 'network', owner: 'host' },
        { name: 'ipc', owner: { guestId: 'abc' } },
      ],
    }),
  ).toEqual([
    ['namespace', 'network=host'],
    ['namespace', 'ipc=/run/berth/0/guests/abc'],
  ]);
});

test('a privileged guest is in the user namespace of the host, told once', () => {
  expect(entries({ privileged: true, namespaces: [{ name: 'user', owner: 'host' }] })).toEqual([
    ['namespace', 'user=host'],
  ]);
});

test('maps, nesting and the user of init', () => {
  const idMap = [
    { inside: 0, outside: 268_435_456, count: 1000 },
    { inside: 1000, outside: 268_436_456, count: 64_536 },
  ];
  expect(entries({ idMap, nesting: true }, '1000:10')).toEqual([
    ['id_map', '0 268435456 1000'],
    ['id_map', '1000 268436456 64536'],
    ['nesting', '1'],
    ['user', '1000:10'],
  ]);
});

test('mounts, settings and hooks are words', () => {
  const mount = {
    source: '/srv/with space',
    target: '/data',
    readOnly: true,
    idmap: true,
    recursive: true,
    propagation: 'rslave' as const,
  };
  expect(
    entries({
      mounts: [mount, { ...mount, readOnly: false, idmap: false, recursive: false, propagation: 'private' }],
      sysctls: { 'net.ipv4.ip_forward': '1' },
      rlimits: [{ name: 'nofile', soft: 1024, hard: null }],
      label: 'berth-web',
      lxcfsRoot: '/var/lib/lxcfs',
    }),
  ).toEqual([
    ['sysctl', 'net.ipv4.ip_forward=1'],
    ['rlimit', 'nofile=1024:unlimited'],
    ['label', 'berth-web'],
    ['lxcfs', '/var/lib/lxcfs'],
    ['mount', 'ro,idmap,recursive,nodev,rslave /srv/with\\040space /data'],
    ['mount', 'rw,nodev /srv/with\\040space /data'],
  ]);
  const hook = {
    stage: 'poststop',
    path: '/bin/h',
    args: ['h', '', '-', 'a b'],
    env: ['A=1'],
    timeoutMs: 10,
  } as const;
  expect(
    settingEntries({ isolation: plain, hooks: [{ ...hook, args: [...hook.args], env: [...hook.env] }] }),
  ).toEqual([['hook', 'poststop 10 /bin/h 4 h - \\055 a\\040b A=1']]);
});
