import { expect, test } from 'vitest';
import { Acknowledgements, type Outcome } from './acknowledgements.ts';
import type { CallInput, ExpectedGuest, World } from './expected-world.ts';
import type { OperationFacts, Rows } from './read-rows.ts';

const SENT = new Date('2026-01-01T00:00:00Z');
const LATER = new Date('2026-01-01T00:00:01Z');
const EARLIER = new Date('2025-12-31T23:59:59Z');

function rows(...operations: Partial<OperationFacts>[]): Rows {
  const whole = { id: '1', kind: 'guest.start', status: 'done', subject: 'a', createdAt: LATER };
  return {
    guests: [],
    volumes: [],
    images: [],
    users: [],
    operations: operations.map((one) => ({ ...whole, ...one })),
  };
}

const guest = (change: Partial<ExpectedGuest> = {}): ExpectedGuest => ({
  state: 'stopped',
  memory: 64,
  pids: 10,
  trial: false,
  ...change,
});
const world = (guests: World['guests'], volumes: string[] = [], trash: World['trash'] = {}): World => ({
  guests,
  trash,
  volumes,
  images: [],
  users: [],
});
const done = (operation = '1'): Outcome => ({ kind: 'acknowledged', operation, status: 'done' });
const unknown: Outcome = { kind: 'unknown' };

/** What the oracle says when a call on a stopped guest `a` came back so, and this is seen. */
function judge(call: [string, CallInput], outcome: Outcome, seen: World, journal = rows({})): string[] {
  const told = new Acknowledgements(world({ a: guest() }, ['data']));
  told.record({ procedure: call[0], input: call[1] }, outcome, SENT);
  return told.judge(seen, journal);
}
const start: [string, CallInput] = ['guest.start', { guest: 'a' }];
const still = world({ a: guest() }, ['data']);
const runs = world({ a: guest({ state: 'running' }) }, ['data']);

test('what was acknowledged must be so', () => {
  expect(judge(start, done(), runs)).toEqual([]);
  expect(judge(start, done(), still)).toEqual(['guest a: state running was acknowledged, it is stopped']);
  expect(judge(start, done(), runs, rows())).toEqual(['operation 1 was acknowledged as done, it is gone']);
  const volume: [string, CallInput] = ['volume.create', { volume: 'more' }];
  const acknowledged: Outcome = { kind: 'acknowledged', operation: null, status: null };
  expect(judge(volume, acknowledged, still)).toEqual(['volume more was acknowledged and is not there']);
  expect(judge(['guest.delete', { guest: 'a' }], done(), still)).toEqual([
    'guest a is there and nobody was told of it',
  ]);
});

test('the trash has what was put there, as it was, until it is told that it came back or is gone', () => {
  const there = world({}, ['data'], { a: guest() });
  const put: [string, CallInput] = ['guest.trash', { guest: 'a' }];
  expect(judge(put, done(), there)).toEqual([]);
  expect(judge(put, done(), still)).toEqual([
    'guest a is there and nobody was told of it',
    'guest in the trash a was acknowledged and is not there',
  ]);
  expect(judge(put, done(), world({}, ['data'], { a: guest({ memory: 32 }) }))).toEqual([
    'guest in the trash a: memory 64 was acknowledged, it is 32',
  ]);
  const told = new Acknowledgements(there);
  const back: CallInput = { guest: '7d', trashed: 'a' };
  const journal = (kind: string, id: string) => rows({ kind, id });
  told.record({ procedure: 'trash.restore', input: back }, unknown, SENT);
  expect(told.judge(still, journal('guest.restore', '1'))).toEqual([]);
  told.record({ procedure: 'guest.trash', input: { guest: 'a' } }, unknown, SENT);
  expect(told.judge(there, journal('guest.trash', '2'))).toEqual([]);
  told.record({ procedure: 'trash.delete', input: back }, done('3'), SENT);
  expect(told.judge(world({}, ['data']), journal('guest.delete', '3'))).toEqual([]);
});

test('what was told to have failed must have changed nothing', () => {
  const refused: Outcome = { kind: 'refused', message: 'no' };
  expect(judge(start, refused, still)).toEqual([]);
  expect(judge(start, refused, world({ a: guest({ state: 'failed' }) }, ['data']))).toEqual([]);
  const bigger: [string, CallInput] = ['guest.configure', { guest: 'a', limits: { memory: 128 } }];
  expect(judge(bigger, refused, world({ a: guest({ memory: 128 }) }, ['data']))).toEqual([
    'guest a: memory 64 was acknowledged, it is 128',
  ]);
  const half = world({ a: guest(), b: guest() }, ['data']);
  expect(judge(['guest.create', { name: 'b' }], refused, half)).toEqual([
    'guest b is there and nobody was told of it',
  ]);
});

test('what nobody was told of is as the journal says', () => {
  expect(judge(start, unknown, runs, rows({}))).toEqual([]);
  expect(judge(start, unknown, still, rows({}))).toEqual([
    'guest a: state running was acknowledged, it is stopped',
  ]);
  expect(judge(start, unknown, still, rows())).toEqual([]);
  expect(judge(start, unknown, runs, rows())).toEqual([
    'guest a: state stopped was acknowledged, it is running',
  ]);
  expect(judge(start, unknown, runs, rows({ createdAt: EARLIER }))).not.toEqual([]);
  expect(judge(start, unknown, still, rows({ status: 'failed' }))).toEqual([]);
  expect(judge(start, unknown, still, rows({ status: 'running' }))).toEqual([
    'guest.start (1) was neither finished nor undone',
  ]);
});

test('one that was acknowledged as begun must have ended, and be in the journal', () => {
  const begun: Outcome = { kind: 'acknowledged', operation: '7', status: 'running' };
  expect(judge(start, begun, runs, rows({ id: '7' }))).toEqual([]);
  expect(judge(start, begun, still, rows())).toEqual(['operation 7 was acknowledged as begun, it is gone']);
});

test('without a journal both ends are right, a third one is not', () => {
  const volume: [string, CallInput] = ['volume.delete', { volume: 'data' }];
  expect(judge(volume, unknown, still)).toEqual([]);
  expect(judge(volume, unknown, world({ a: guest() }))).toEqual([]);
  expect(judge(volume, unknown, world({}))).toEqual(['guest a was acknowledged and is not there']);
});

test('an undo brings the settings before back, under the name the guest has now', () => {
  const told = new Acknowledgements(world({ a: guest() }));
  const tell = (procedure: string, input: CallInput, operation: string) =>
    told.record({ procedure, input }, done(operation), SENT);
  tell('guest.configure', { guest: 'a', limits: { memory: 128 } }, '1');
  tell('guest.rename', { guest: 'a', name: 'b' }, '2');
  expect(told.world.guests).toEqual({ b: guest({ memory: 128 }) });
  tell('guest.undo', { guest: 'b', operation: '1' }, '3');
  expect(told.world.guests).toEqual({ b: guest() });
});
