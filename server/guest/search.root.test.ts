import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '../platform.ts';
import { createGuest } from './create-guest.ts';
import { deleteGuest } from './delete-guest.ts';
import { describeGuest } from './describe-guest.ts';
import { guestValues, searchGuests } from './search-guests.ts';
import { searchGuestsInput } from './search-schema.ts';
import { type TestServer, testDatabase, testServer } from './test-services.ts';

const root: Actor = { kind: 'root' };

let database: Awaited<ReturnType<typeof testDatabase>>;
let server: TestServer;

beforeAll(async () => {
  database = await testDatabase();
  server = await testServer(database);
  for (let n = 1; n <= 12; n++) {
    await createGuest(server, root, {
      name: `guest-${n}`,
      tags: [n % 2 ? 'odd' : 'even', `env=${n > 10 ? 'prod' : 'test'}`],
      notes: n === 7 ? 'the **lucky** one' : '',
      start: n <= 2,
      wait: true,
    });
  }
});
afterAll(async () => {
  await server?.close();
  await server?.db.$disconnect();
  await database?.close();
});

const search = (input: object, reach?: ReadonlySet<string>) =>
  searchGuests(server, root, searchGuestsInput.parse(input), reach);
const names = ({ rows }: { rows: readonly { name: string }[] }) => rows.map(({ name }) => name);

test('parts of the whole follow each other, in the order of people, with what there is of all', async () => {
  const first = await search({ limit: 5 });
  expect(names(first)).toEqual(['guest-1', 'guest-2', 'guest-3', 'guest-4', 'guest-5']);
  expect(first).toMatchObject({ entries: 12, matched: 12, total: 12, states: { running: 2, stopped: 10 } });
  expect(names(await search({ offset: 10, limit: 5 }))).toEqual(['guest-11', 'guest-12']);
  expect(names(await search({ offset: 100 }))).toEqual([]);
  expect(names(await search({ sort: '-state,-name', limit: 3 }))).toEqual([
    'guest-12',
    'guest-11',
    'guest-10',
  ]);
});

test('what a search finds is as the guest is at that moment', async () => {
  expect(names(await search({ q: 'lucky' }))).toEqual(['guest-7']);
  expect(names(await search({ q: 'tag:odd tag:env=prod' }))).toEqual(['guest-11']);
  await describeGuest(server, root, { guest: 'guest-7', notes: 'nothing', addTags: ['env=prod'] });
  expect(await search({ q: 'lucky' })).toMatchObject({ rows: [], matched: 0, total: 12 });
  expect(names(await search({ q: 'tag:odd tag:env=prod' }))).toEqual(['guest-7', 'guest-11']);
  expect(await search({ q: 'state:running owner:me' })).toMatchObject({ matched: 2 });
  const usage = { cpu: 2, cpuTotalMicros: 1, memory: 2 ** 30, swap: 0, pids: 3 };
  const rates = { networkReceive: null, networkTransmit: null, ioRead: null, ioWrite: null, throttled: null };
  server.guests.usage.set((await search({ limit: 1 })).rows[0]?.id ?? '', { ...usage, ...rates });
  expect(names(await search({ q: 'mem>512M' }))).toEqual(['guest-1']);
});

test('fields of the project are searched, sorted, grouped and completed', async () => {
  const fields = [
    { name: 'cost', type: 'number' as const, about: '', choices: [] },
    { name: 'stage', type: 'text' as const, about: '', choices: [] },
  ];
  await server.projects.update('default', { fields });
  const set = (guest: string, setFields: Record<string, string | number>) =>
    describeGuest(server, root, { guest, setFields });
  await set('guest-2', { cost: 9, stage: 'Blue Green' });
  await set('guest-3', { cost: 10, stage: 'red' });
  expect(names(await search({ q: 'field:cost>=9', sort: '-field:cost' }))).toEqual(['guest-3', 'guest-2']);
  expect(names(await search({ q: 'field:stage="blue green"' }))).toEqual(['guest-2']);
  expect((await search({ group: 'field:stage' })).groups).toEqual([
    { key: 'Blue Green', count: 1 },
    { key: 'red', count: 1 },
    { key: '', count: 10 },
  ]);
  expect(guestValues(server, { key: 'field', text: 'stage=', limit: 9 }).map(({ value }) => value)).toEqual([
    'stage=Blue Green',
    'stage=red',
  ]);
});

test('groups go over the parts; one guest is in each of its groups', async () => {
  const all = await search({ group: 'tag:env', limit: 3 });
  expect(all).toMatchObject({ entries: 13, matched: 12 });
  expect(all.groups).toEqual([
    { key: 'prod', count: 3 },
    { key: 'test', count: 10 },
  ]);
  expect(names(all)).toEqual(['guest-7', 'guest-11', 'guest-12']);
  expect(names(await search({ group: 'tag:env', offset: 3, limit: 1 }))).toEqual(['guest-1']);
});

test('who sees only some guests learns nothing of the others', async () => {
  const { rows } = await search({ q: 'guest-3' });
  const mine = new Set(rows.map(({ id }) => id));
  expect(await search({ group: 'tag' }, mine)).toMatchObject({
    total: 1,
    matched: 1,
    states: { stopped: 1 },
  });
  expect(guestValues(server, { key: 'tag', text: '', limit: 50 }, mine).map(({ value }) => value)).toEqual([
    'env=test',
    'odd',
  ]);
  expect(await search({}, new Set())).toMatchObject({ rows: [], total: 0, states: {} });
});

test('values complete a search, the most frequent first', () => {
  expect(guestValues(server, { key: 'tag', text: 'env', limit: 2 })).toEqual([
    { value: 'env=test', count: 10 },
    { value: 'env=prod', count: 3 },
  ]);
  expect(guestValues(server, { key: 'state', text: '', limit: 9 })).toEqual([
    { value: 'stopped', count: 10 },
    { value: 'running', count: 2 },
  ]);
  expect(guestValues(server, { key: 'name', text: 'GUEST-12', limit: 9 })).toHaveLength(1);
});

test('a guest that goes is in no answer', async () => {
  await deleteGuest(server, root, { guest: 'guest-12', wait: true });
  expect(await search({ q: 'guest-12' })).toMatchObject({ matched: 0, total: 11 });
});
