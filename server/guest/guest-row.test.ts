import { expect, test } from 'vitest';
import { recordOf, rowOf } from './guest-row.ts';
import { DEFAULT_INIT } from './init-schema.ts';
import { DEFAULT_ISOLATION } from './isolation-schema.ts';
import type { GuestRecord } from './record.ts';
import { MORE_LIMITS } from './schema.ts';

const record: GuestRecord = {
  id: 'abc',
  installation: 'one',
  name: 'brave-otter',
  project: 'default',
  kind: 'system',
  image: 'berth/mini',
  imageBuild: 'b1',
  command: ['/sbin/init'],
  wanted: 'frozen',
  state: 'running',
  problem: null,
  idRange: 7,
  isolation: DEFAULT_ISOLATION,
  init: DEFAULT_INIT,
  limits: { ...MORE_LIMITS, cpu: 1.25, memory: 2 ** 40, swap: 0, pids: 100 },
  stopTimeoutMs: 5000,
  lease: 12,
  mac: '02:00:00:00:00:01',
  run: {
    initPid: 100,
    initStartTime: '123456789012',
    bootId: 'boot',
    supervisorPid: 99,
    startedAt: '2026-01-02T03:04:05.678Z',
  },
  started: {
    name: 'brave-badger',
    command: ['/sbin/init'],
    isolation: { ...DEFAULT_ISOLATION, nesting: true },
    init: DEFAULT_INIT,
  },
  revert: {
    at: '2026-01-02T03:05:05.678Z',
    operation: 'op1',
    back: { limits: { memory: 2 ** 30, cpuset: null }, init: { user: 'www-data' } },
  },
  exit: { status: null, signal: 'SIGKILL', outOfMemory: true, at: '2026-01-01T00:00:00.001Z' },
  createdAt: '2025-12-31T23:59:59.999Z',
  restart: { count: 2, at: '2026-11-24T10:00:00.000Z' },
  createdBy: 'root',
  tags: ['web', 'env=prod'],
  notes: '# A title\n\nand text',
  owner: 'ada',
  contact: 'ada@example.com',
  links: [{ title: 'Runbook', url: 'https://example.com/runbook' }],
  expires: '2026-12-31',
  atExpiry: 'stop',
  expiryDone: '2026-06-30',
  trash: { at: '2026-07-01T00:00:00.001Z', by: 'ada', until: '2026-07-08T00:00:00.001Z' },
  fields: { 'cost-centre': 4711, env: 'prod' },
  version: 3,
  edits: {
    'fields.env': { version: 2, by: 'bob', at: '2026-01-02T03:04:05.678Z' },
    notes: { version: 3, by: 'bob', at: '2026-01-02T03:04:05.678Z' },
  },
};

test('a record comes back from its row as it was', () => {
  expect(recordOf(rowOf(record))).toEqual(record);
  const bare = {
    ...record,
    run: null,
    started: null,
    revert: null,
    exit: null,
    lease: null,
    mac: null,
    expires: null,
    expiryDone: null,
    trash: null,
    problem: 'it broke',
  };
  expect(recordOf(rowOf(bare))).toEqual(bare);
});

test('a damaged row is named, not guessed at', () => {
  expect(() => recordOf({ ...rowOf(record), state: 'dancing' })).toThrow(/brave-otter has state dancing/);
});
