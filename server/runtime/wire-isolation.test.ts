import { expect, test } from 'vitest';
import { DEFAULT_ISOLATION } from '../guest/isolation-schema.ts';
import type { ResolvedIsolation } from './port.ts';
import { isolationEntries } from './wire-isolation.ts';

const plain: ResolvedIsolation = { ...DEFAULT_ISOLATION, namespaces: [], lxcfsRoot: null };
const entries = (isolation: Partial<ResolvedIsolation>, user: string | null = null) =>
  isolationEntries({ isolation: { ...plain, ...isolation }, user }, (id) => `/run/berth/0/guests/${id}`);

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
