import { expect, test } from 'vitest';
import { bootId, ownIdentity } from '../../server/child/process-identity.ts';
import { DEFAULT_INIT } from '../../server/guest/init-schema.ts';
import { DEFAULT_ISOLATION } from '../../server/guest/isolation-schema.ts';
import type { GuestRecord } from '../../server/guest/record.ts';
import { NO_WORDS } from '../../server/guest/record-schema.ts';
import { NO_RESTARTS } from '../../server/guest/restart-policy.ts';
import { MORE_LIMITS } from '../../server/guest/schema.ts';
import { instanceOf } from '../../server/instance/instance.ts';
import type { HostHoldings } from './host-holdings.ts';
import { driftLines, judgeInventory } from './judge-inventory.ts';
import type { Rows } from './read-rows.ts';

const instance = instanceOf({ slot: 3, id: 'ab'.repeat(16), dataDir: '/nonexistent' });
const self = ownIdentity();

const running: GuestRecord = {
  id: 'g1',
  name: 'web',
  installation: '',
  project: 'default',
  kind: 'system',
  image: 'berth/mini',
  imageBuild: 'b1',
  command: ['/sbin/init'],
  wanted: 'running',
  state: 'running',
  problem: null,
  idRange: 2,
  limits: { ...MORE_LIMITS, cpu: 1, memory: 64, swap: 0, pids: 9 },
  isolation: DEFAULT_ISOLATION,
  init: DEFAULT_INIT,
  stopTimeoutMs: 1,
  lease: 5,
  mac: '02:00:00:00:00:01',
  run: {
    initPid: self.pid,
    initStartTime: self.startTime,
    bootId: bootId(),
    supervisorPid: self.pid,
    startedAt: '',
  },
  started: null,
  revert: null,
  exit: null,
  restart: NO_RESTARTS,
  createdAt: '',
  createdBy: 'root',
  ...NO_WORDS,
  owner: 'root',
  version: 0,
  edits: {},
  expiryDone: null,
  trash: null,
};
const stopped: GuestRecord = {
  ...running,
  id: 'g2',
  name: 'db',
  state: 'stopped',
  run: null,
  lease: 6,
  idRange: 3,
};

const limited: GuestRecord = { ...running, limits: { ...running.limits, networkTransmit: 1000 } };

const ROWS: Rows = { guests: [running, stopped], volumes: ['v'], images: [], operations: [], users: [] };
const HOST: HostHoldings = {
  hierarchies: [
    { mount: '/cg/a', used: true, guests: new Set(['g1']) },
    { mount: '/cg/b', used: false, guests: new Set() },
  ],
  limitsOf: () => ({ memory: 64, pids: 9, frozen: false }),
  runs: new Set(['g1']),
  sessions: new Set(),
  leases: new Set([5]),
  shapers: new Set(),
  walls: new Set([5, 6]),
  processes: [{ pid: 1, uid: instance.idBase + 2 * 65_536, command: 'init' }],
  supervisors: [{ pid: self.pid }],
  forkServers: 1,
  dns: true,
  dnsNames: new Set(['web']),
  folders: {
    guests: new Set(['g1', 'g2']),
    layers: new Set(['g1/upper', 'g1/work', 'g2/upper', 'g2/work']),
    volumes: new Set(['v']),
    builds: new Set(['berth_mini/b1']),
  },
};

function judged(host: Partial<HostHoldings>, rows: Partial<Rows> = {}): string[] {
  return driftLines(judgeInventory(instance, { ...ROWS, ...rows }, { ...HOST, ...host }));
}

test('a host that has what is written down is right', () => {
  expect(judged({})).toEqual([]);
});

test('a shaper of a guest whose sending is limited is right', () => {
  expect(judged({ shapers: new Set([5]) }, { guests: [limited, stopped] })).toEqual([]);
});

const group = (guests: string[]) => [{ mount: '/cg/a', used: true, guests: new Set(guests) }];
const folders = HOST.folders;
const PLANTED: [string, Partial<HostHoldings>, Partial<Rows>?][] = [
  ["cgroup of nobody: a group in /cg/a is nobody's", { hierarchies: group(['g1', 'nobody']) }],
  ['cgroup of guest db: it is stopped, and has groups in /cg/a', { hierarchies: group(['g1', 'g2']) }],
  ['cgroup of guest web: it is running, and has no group in /cg/a', { hierarchies: group([]) }],
  [
    'cgroup of guest web: memory is 32 in the kernel, 64 in its row',
    { limitsOf: () => ({ memory: 32, pids: 9, frozen: false }) },
  ],
  [
    'cgroup of guest web: pids are 8 in the kernel, 9 in its row',
    { limitsOf: () => ({ memory: 64, pids: 8, frozen: null }) },
  ],
  [
    'cgroup of guest web: it is frozen in the kernel, running in its row',
    { limitsOf: () => ({ memory: null, pids: 9, frozen: true }) },
  ],
  ["run of nobody: a run folder is nobody's", { runs: new Set(['g1', 'nobody']) }],
  ['run of guest web: it is running, and has no run folder', { runs: new Set() }],
  ['link of bv3-9: a link of no running guest', { leases: new Set([5, 9]) }],
  ['link of bv3-6: a link of no running guest', { leases: new Set([5, 6]) }],
  ['link of guest web: it is running, and has no link', { leases: new Set() }],
  ['link of bi3-6: it shapes what no running guest sends', { shapers: new Set([6]) }],
  ['link of bi3-5: it shapes what no running guest sends', { shapers: new Set([5]) }],
  ['link of guest web: what it sends is limited, and nothing shapes it', {}, { guests: [limited, stopped] }],
  ["firewall of guest9: walls in nftables are nobody's", { walls: new Set([5, 6, 9]) }],
  ['firewall of guest web: its link has no walls in nftables', { walls: new Set([6]) }],
  [
    "id-range of process 2: sleep lives in id range 3, nobody's",
    { processes: [{ pid: 2, uid: instance.idBase + 3 * 65_536, command: 'sleep' }] },
  ],
  ['supervisor of process 77: a supervisor of no running guest', { supervisors: [{ pid: 77 }] }],
  ['supervisor of berth3: 2 processes to fork supervisors from, 1 is right', { forkServers: 2 }],
  ['address of old: DNS knows a name that no guest has', { dnsNames: new Set(['web', 'old']) }],
  ['address of guest web: DNS does not know its name', { dnsNames: new Set() }],
  ['console of s1: a shell is left that nobody has opened', { sessions: new Set(['s1']) }],
  [
    "folder of g3: a guest's folder is nobody's",
    { folders: { ...folders, guests: new Set(['g1', 'g2', 'g3']) } },
  ],
  ['folder of guest db: its folder is gone', { folders: { ...folders, guests: new Set(['g1']) } }],
  [
    'folder of guest web: its upper is gone',
    { folders: { ...folders, layers: new Set(['g1/work', 'g2/upper', 'g2/work']) } },
  ],
  ['volume of w: a folder of no volume', { folders: { ...folders, volumes: new Set(['v', 'w']) } }],
  [
    'image of berth_mini/.building-b2: a build that nobody uses',
    { folders: { ...folders, builds: new Set(['berth_mini/b1', 'berth_mini/.building-b2']) } },
  ],
  [
    'image of berth/mini: its build b1 is gone',
    {},
    { images: [{ name: 'berth/mini', build: 'b1', state: 'ready' }] },
  ],
  [
    'process of guest web: init 1 is gone',
    {},
    { guests: [{ ...running, run: { ...running.run, initPid: 1 } as GuestRecord['run'] }, stopped] },
  ],
  [
    'process of guest db: it is stopped, and its row has init',
    {},
    { guests: [running, { ...stopped, run: running.run }] },
  ],
  [
    'database of guest db: its row says creating, and nothing is at work on it',
    {},
    { guests: [running, { ...stopped, state: 'creating' }] },
  ],
  [
    'database of web: guest.start (o1) is still at work',
    {},
    {
      operations: [
        { id: 'o1', kind: 'guest.start', status: 'running', subject: 'web', createdAt: new Date() },
      ],
    },
  ],
];

test.each(PLANTED)('%s', (line, host, rows) => {
  const lines = judged(host, rows);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(line);
});
