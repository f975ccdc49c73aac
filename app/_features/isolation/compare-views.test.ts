import { expect, it } from 'vitest';
import type { IsolationView } from '../../../server/isolation/schema.ts';
import { DEFAULT_SETTINGS } from '../settings/index.ts';
import { compareViews } from './compare-views.ts';

const view = (name: string, over: Partial<NonNullable<IsolationView['live']>> | null): IsolationView => ({
  guest: { id: name, name, kind: 'system', privileged: false },
  settings: DEFAULT_SETTINGS.isolation,
  differences: [],
  live: over && {
    initPid: 1,
    readAt: '2026-11-24T00:00:00.000Z',
    namespaces: [{ type: 'net', inode: 1, shared: 'own', guests: [] }],
    uidMap: [{ inside: 0, outside: 100, count: 10 }],
    gidMap: [{ inside: 0, outside: 100, count: 10 }],
    capabilities: { effective: ['chown'], bounding: ['chown'], inheritable: [], ambient: [] },
    seccomp: { mode: 'filter', filters: 1, profile: 'default' },
    noNewPrivs: false,
    label: null,
    rlimits: [],
    sysctls: [],
    mounts: [],
    devices: [],
    cgroup: { hierarchies: [], tree: { path: '', processes: [], children: [] } },
    ...over,
  },
});
const differing = (a: IsolationView, b: IsolationView) =>
  compareViews(a, b)
    .filter(({ same }) => !same)
    .map(({ group, name, a, b }) => [group, name, a, b]);

it('finds two guests alike whose own namespaces have different inodes', () => {
  const other = view('b', { namespaces: [{ type: 'net', inode: 2, shared: 'own', guests: [] }] });
  const shifted = {
    uidMap: [{ inside: 0, outside: 500, count: 10 }],
    gidMap: [{ inside: 0, outside: 500, count: 10 }],
  };
  expect(differing(view('a', {}), { ...other, live: other.live && { ...other.live, ...shifted } })).toEqual(
    [],
  );
  expect(compareViews(view('a', {}), other).length).toBeGreaterThan(10);
});

it('tells what one has and the other lacks, in groups', () => {
  const b = view('b', {
    namespaces: [{ type: 'net', inode: 9, shared: 'host', guests: [] }],
    capabilities: { effective: [], bounding: [], inheritable: [], ambient: [] },
    sysctls: [{ name: 'net.ipv4.ip_forward', value: '1' }],
  });
  b.settings = { ...b.settings, nesting: true };
  expect(differing(view('a', {}), b)).toEqual([
    ['Settings', 'nesting', 'false', 'true'],
    ['Namespaces', 'net', 'its own', "the host's"],
    ['Capabilities', 'chown', 'has it', 'lacks it'],
    ['Sysctls', 'net.ipv4.ip_forward', '–', '1'],
  ]);
});

it('compares settings alone where one does not run', () => {
  const rows = compareViews(view('a', null), view('b', null));
  expect(rows.every(({ same }) => same)).toBe(true);
  expect(new Set(rows.map(({ group }) => group))).toEqual(new Set(['Guest', 'Settings']));
});
