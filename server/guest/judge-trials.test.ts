import { expect, test } from 'vitest';
import type { WallTrial } from '../runtime/port.ts';
import { DEFAULT_ISOLATION, type GuestIsolation } from './isolation-schema.ts';
import { judgeTrials } from './judge-trials.ts';

const trial = (more: Partial<WallTrial>): WallTrial => ({
  id: 'bpf.64',
  group: 'system calls',
  title: 'load a program into the kernel',
  cve: [],
  held: ['EPERM'],
  nothing: ['ENOENT'],
  opens: ['seccomp'],
  answer: 'EPERM',
  ...more,
});

const judged = (more: Partial<WallTrial>, isolation: Partial<GuestIsolation> = {}) => {
  const [view] = judgeTrials([trial(more)], { ...DEFAULT_ISOLATION, ...isolation });
  return [view?.state, view?.settings, view?.why];
};

test('a wall holds with its own answer, and with no other errno', () => {
  expect(judged({})).toEqual(['held', [], null]);
  expect(judged({ held: ['EPERM', 'ENOKEY'], answer: 'ENOKEY' })).toEqual(['held', [], null]);
  expect(judged({ answer: 'EFAULT' })).toEqual(['open', [], null]);
  expect(judged({ answer: 'ok' })).toEqual(['open', [], null]);
});

test('what cannot be tried says why', () => {
  expect(judged({ answer: 'ENOENT' })).toEqual(['untried', [], 'this host has nothing there (ENOENT)']);
  expect(judged({ answer: null })).toEqual(['untried', [], 'it did not answer in time']);
  expect(judged({ answer: 'cannot fork' })).toEqual([
    'untried',
    [],
    'the guest has no room for another process',
  ]);
  const [state, settings, why] = judged(
    { answer: null, opens: ['nesting', 'seccomp'] },
    { seccomp: { mode: 'log' } },
  );
  expect([state, settings]).toEqual(['weakened', ['isolation.seccomp']]);
  expect(why).toMatch(/learnt/);
});

test.each<[what: string, isolation: Partial<GuestIsolation>, setting: string]>([
  ['seccomp', { seccomp: { mode: 'profile', profile: { defaultAction: 'SCMP_ACT_ALLOW' } } }, 'seccomp'],
  ['nesting', { nesting: true }, 'nesting'],
  ['privileged', { privileged: true }, 'privileged'],
  ['privileged', { namespaces: { user: 'guest:db' } }, 'namespaces.user'],
  ['capability net_raw', { capabilities: { add: ['net_raw'], drop: [] } }, 'capabilities.add'],
  ['masked /proc/keys', { masked: { add: [], remove: ['/proc/keys'] } }, 'masked.remove'],
  ['read-only /proc/sys', { readOnly: { add: [], remove: ['/proc/sys'] } }, 'readOnly.remove'],
  ['namespace network', { namespaces: { network: 'host' } }, 'namespaces.network'],
  [
    'device /dev/fuse',
    { devices: [{ source: '/dev/fuse', target: null, access: 'rw', mode: 0o666, uid: 0, gid: 0 }] },
    'devices',
  ],
])('what opens it is named: %s', (what, isolation, setting) => {
  expect(judged({ answer: 'ok', opens: [what] }, isolation)).toEqual([
    'weakened',
    [`isolation.${setting}`],
    null,
  ]);
  // A setting that opens something else explains nothing.
  expect(judged({ answer: 'ok', opens: ['capability sys_time'] }, isolation)).toEqual(['open', [], null]);
});

test('what is open comes first, what held last', () => {
  const answers = ['EPERM', 'ENOENT', 'ok', 'EFAULT'];
  const trials = answers.map((answer, at) =>
    trial({ id: `${at}`, answer, opens: at === 2 ? ['nesting'] : [] }),
  );
  const views = judgeTrials(trials, { ...DEFAULT_ISOLATION, nesting: true });
  expect(views.map(({ state }) => state)).toEqual(['open', 'weakened', 'untried', 'held']);
});
