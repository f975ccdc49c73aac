import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Guard } from '../access/guard.ts';
import type { Rights } from '../access/may.ts';
import { RightsBook } from '../access/rights-book.ts';
import { BUILT_IN_ROLES } from '../access/schema.ts';
import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import { configureGuest } from './configure-guest.ts';
import { createGuest } from './create-guest.ts';
import { guestCsv } from './csv-schema.ts';
import { describeGuest } from './describe-guest.ts';
import { dayAfter, dayOf } from './expiry-schema.ts';
import { importChange } from './import-guest.ts';
import { type ImportRow, newGuestOf } from './import-schema.ts';
import { listGuests } from './list-guests.ts';
import { planImport } from './plan-import.ts';
import { readImport } from './read-import-schema.ts';
import { renameGuest } from './rename-guest.ts';
import { type TestServer, testDatabase, testServer } from './test-services.ts';
import { guestYaml } from './yaml-schema.ts';

const root: Actor = { kind: 'root' };
const ann: Actor = { kind: 'user', id: 'u1', username: 'ann' };
const UNLIMITED: Rights = { unlimited: true };

let database: Awaited<ReturnType<typeof testDatabase>>;
let server: TestServer;
let guard: Guard;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.close());
beforeEach(async () => {
  server = await testServer(database);
  const { db, guests } = server;
  guard = new Guard({
    db,
    guestId: guests.ref.bind(guests),
    guestName: (id) => guests.find(id)?.name ?? null,
    trashedId: () => null,
    guestOfSession: () => null,
    guestOfRecording: () => null,
    projectOfVolume: async () => null,
    elsewhere: () => null,
    rights: new RightsBook({ ...server, guestsIn: guests.guestsOf }),
  });
  await db.user.create({ data: { id: 'u1', name: 'ann', email: 'ann@berth.invalid', username: 'ann' } });
  await server.projects.insert({
    ...{
      name: 'team',
      about: '',
      createdAt: new Date().toISOString(),
      createdBy: 'root',
      fields: [],
      recording: null,
    },
    quotas: { guests: 3, cpu: null, memory: 1024 ** 3, disk: null, addresses: null },
  });
  await make('web', { tags: ['a'], notes: 'old' });
  await make('db');
});
afterEach(async () => {
  await server.db.guest.deleteMany();
  await server.db.project.deleteMany({ where: { name: 'team' } });
  await server.close();
  await server.db.operation.deleteMany();
  await server.db.grant.deleteMany();
  await server.db.role.deleteMany();
  await server.db.user.deleteMany();
  await server.db.$disconnect();
});

const SMALL = { cpu: 0.1, memory: 64 * 1024 ** 2, swap: 0, pids: 64 };
const make = (name: string, input = {}) =>
  createGuest(server, root, { name, image: 'berth/mini', limits: SMALL, wait: true, ...input });
const by = (rights: Rights = UNLIMITED, actor: Actor = root) => ({ actor, rights, guard });
const plan = async (rows: ImportRow[], who = by()) => (await planImport(server, who, rows)).rows;
const rowsOf = (yaml: string): ImportRow[] => {
  const { rows, problems } = readImport(yaml, 'yaml');
  expect(problems).toEqual([]);
  return rows;
};
/** A dry run writes nothing: everything that there is, as it is. */
const all = async () =>
  JSON.stringify(
    [await server.db.guest.findMany({ orderBy: { id: 'asc' } }), await server.db.operation.count()],
    (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
  );

test('what was exported is the same in every format, of real guests', async () => {
  const guests = await listGuests(server);
  for (const rows of [
    readImport(guestCsv(guests), 'csv').rows,
    readImport(JSON.stringify(guests), 'json').rows,
    rowsOf(guestYaml(guests)),
  ]) {
    const verdicts = (await plan(rows)).map(({ verdict, changes }) => ({ verdict, changes }));
    expect(verdicts).toEqual([
      { verdict: 'same', changes: [] },
      { verdict: 'same', changes: [] },
    ]);
  }
});

test('a dry run tells what would be and writes nothing; doing it does just that, and the way back brings it back', async () => {
  const before = await all();
  const rows = rowsOf(
    'name: web\ntags: [b]\nlimits: {memory: 128 MiB}\nproject: team\n---\nname: new\nimage: berth/mini\nnotes: hello\n',
  );
  const planned = await plan(rows);
  expect(planned).toMatchObject([
    {
      verdict: 'changed',
      changes: [
        { path: 'project', from: 'default', to: 'team' },
        { path: 'tags', from: ['a'], to: ['b'] },
        { path: 'limits.memory', from: SMALL.memory, to: 128 * 1024 ** 2 },
      ],
    },
    { verdict: 'new', guest: null, changes: [{ path: 'image' }, { path: 'notes', to: 'hello' }] },
  ]);
  expect(await all()).toBe(before);
  const [change, added] = planned;
  const [row, fresh] = rows;
  if (!change?.guest || !change.seen || !change.back || !row || !fresh || !added) throw new Error('no plan');
  await importChange(server, by(), { guest: change.guest, seen: change.seen, row });
  await createGuest(server, root, { ...newGuestOf(fresh), wait: true });
  expect((await plan(rows)).map(({ verdict }) => verdict)).toEqual(['same', 'same']);
  expect(server.guests.get('web')).toMatchObject({
    project: 'team',
    tags: ['b'],
    limits: { memory: 128 * 1024 ** 2 },
  });
  const [back] = await plan([change.back]);
  if (!back?.guest || !back.seen) throw new Error('no way back');
  await importChange(server, by(), { guest: back.guest, seen: back.seen, row: change.back });
  expect(server.guests.get('web')).toMatchObject({ project: 'default', tags: ['a'], limits: SMALL });
});

test('what somebody has changed since the dry run is told with who, and not overwritten', async () => {
  const [row] = rowsOf('name: web\nnotes: mine\n');
  const [planned] = await plan(row ? [row] : []);
  if (!planned?.guest || !planned.seen || !row) throw new Error('no plan');
  await describeGuest(server, ann, { guest: 'web', notes: 'by ann' });
  await expect(
    importChange(server, by(), { guest: planned.guest, seen: planned.seen, row }),
  ).rejects.toMatchObject({
    code: 'changed_meanwhile',
    message: expect.stringContaining('ann has changed the notes of web'),
  });
  expect(server.guests.get('web').notes).toBe('by ann');
});

test('a row is done whole or not at all: when its last part fails, the rest is put back', async () => {
  const { id } = server.guests.get('web');
  const [row] = rowsOf(`id: ${id}\nname: web-2\nproject: team\nlimits: {memory: 128 MiB}\nnotes: new\n`);
  const [planned] = await plan(row ? [row] : []);
  if (!planned?.guest || !planned.seen || !row) throw new Error('no plan');
  const update = server.guests.update.bind(server.guests);
  // The last of the four fails as a database may.
  server.guests.update = async (id, change) => {
    if (change.notes === undefined) return update(id, change);
    expect(server.guests.get(id)).toMatchObject({ name: 'web-2', project: 'team' });
    throw new Error('the disk is full');
  };
  await expect(importChange(server, by(), { guest: planned.guest, seen: planned.seen, row })).rejects.toThrow(
    'the disk is full',
  );
  server.guests.update = update;
  expect(server.guests.get('web')).toMatchObject({ project: 'default', notes: 'old', limits: SMALL });
});

test('what somebody else has changed while a row was at work is not put back but told', async () => {
  const row: ImportRow = { line: 1, name: 'web', limits: { memory: 128 * 1024 ** 2 }, notes: 'new' };
  const [planned] = await plan([row]);
  if (!planned?.guest || !planned.seen) throw new Error('no plan');
  const update = server.guests.update.bind(server.guests);
  server.guests.update = async (id, change) => {
    if (change.notes === undefined) return update(id, change);
    server.guests.update = update;
    await configureGuest(server, ann, { guest: id, limits: { pids: 99 } });
    throw new Error('the disk is full');
  };
  const refused = await importChange(server, by(), { guest: planned.guest, seen: planned.seen, row }).catch(
    (error: unknown) => error,
  );
  expect(refused).toMatchObject({
    code: 'internal',
    message: expect.stringMatching(/^web is changed in part.*changed by somebody else meanwhile/),
  });
  expect(server.guests.get('web').limits).toMatchObject({ memory: 128 * 1024 ** 2, pids: 99 });
});

test('a name that somebody else has given meanwhile is not taken back', async () => {
  const { id } = server.guests.get('web');
  const row: ImportRow = { line: 1, id, name: 'web-2', notes: 'new' };
  const [planned] = await plan([row]);
  const update = server.guests.update.bind(server.guests);
  server.guests.update = async (guest, change) => {
    if (change.notes === undefined) return update(guest, change);
    server.guests.update = update;
    await renameGuest(server, ann, { guest, name: 'hers' });
    throw new Error('the disk is full');
  };
  await expect(
    importChange(server, by(), { guest: id, seen: planned?.seen ?? '', row }),
  ).rejects.toMatchObject({
    code: 'internal',
    message: expect.stringContaining('the name of hers has been changed by somebody else'),
  });
  expect(server.guests.get(id).name).toBe('hers');
});

test('whether a project is there is not told whom it is nothing to', async () => {
  const id = server.guests.get('web').id;
  const permissions = new Set(BUILT_IN_ROLES.user.permissions);
  const own: Rights = { unlimited: false, grants: [{ permissions, guest: id, project: null }] };
  const told = async (project: string) => {
    const row: ImportRow = { line: 1, name: 'web', project };
    const [planned] = await plan([row], by(own, ann));
    const input = { guest: id, seen: planned?.seen ?? '', row };
    const error: unknown = await importChange(server, by(own, ann), input).catch((reason: unknown) => reason);
    if (!(error instanceof AppError)) throw new Error(`it was not refused but gave ${error}`);
    return { code: error.code, message: error.message.replaceAll(project, 'PROJECT') };
  };
  expect(await told('team')).toMatchObject({ code: 'forbidden' });
  expect(await told('nowhere')).toEqual(await told('team'));
});

test('quotas count the rows before, and name who raises them; wrong values say what is right', async () => {
  const news = ['a', 'b', 'c', 'd'].map((name) => `name: ${name}\nproject: team\nlimits: {memory: 64 MiB}\n`);
  const planned = await plan(rowsOf(news.join('---\n')));
  expect(planned.map(({ verdict }) => verdict)).toEqual(['new', 'new', 'new', 'refused']);
  expect(planned[3]?.problem).toMatchObject({
    code: 'over_quota',
    message: expect.stringContaining('3 guests of at most 3 guests'),
  });
  for (const [text, code, message] of [
    ['image: debian/12', 'bad_input', 'is made as berth/mini'],
    ['kind: application', 'bad_input', 'is made as system'],
    ['owner: nobody-here', 'bad_input', 'no user is called nobody-here'],
    ['fields: {cost: 5}', 'bad_input', 'has no field cost'],
    ['project: nowhere', 'not_found', 'nowhere'],
    ['limits: {memory: 900 TiB}', 'bad_input', 'memory'],
  ] as const) {
    const [one] = await plan(rowsOf(`name: web\n${text}\n`));
    expect(one, text).toMatchObject({
      verdict: 'refused',
      problem: { code, message: expect.stringContaining(message) },
    });
  }
});

test('rights hold for each row: what one may not see is not told, what one may not do names who grants it', async () => {
  const { permissions } = BUILT_IN_ROLES.user;
  const id = server.guests.get('web').id;
  const own: Rights = {
    unlimited: false,
    grants: [{ permissions: new Set(permissions), guest: id, project: null }],
  };
  const rows = rowsOf('name: web\nnotes: x\n---\nname: db\nnotes: secret\n---\nname: new\n');
  const planned = await plan(rows, by(own, ann));
  expect(planned).toMatchObject([
    { verdict: 'changed' },
    { verdict: 'refused', guest: null, seen: null, problem: { code: 'forbidden' } },
    { verdict: 'refused', problem: { code: 'forbidden', message: expect.stringContaining('guest.create') } },
  ]);
  expect(JSON.stringify(planned[1])).not.toContain(server.guests.get('db').id);
  const viewer: Rights = {
    unlimited: false,
    grants: [{ permissions: new Set(['guest.view']), guest: id, project: null }],
  };
  const [seen] = await plan(rows.slice(0, 1), by(viewer, ann));
  expect(seen).toMatchObject({
    verdict: 'refused',
    problem: { message: expect.stringContaining('root grants it by berth user grant ann') },
  });
  // Nor does a day delete what one may not delete: told before, in the words of describing it.
  await server.db.role.create({ data: { name: 'tuner', permissions: ['guest.configure'] } });
  await server.db.grant.create({
    data: { id: 'g', userId: 'u1', role: 'tuner', guestId: id, createdBy: 'root' },
  });
  const day = dayAfter(dayOf(Date.now()), 3);
  const onADay = (atExpiry: string) => rowsOf(`name: web\nexpires: ${day}\natExpiry: ${atExpiry}\n`);
  expect(await plan(onADay('stop'), by(own, ann))).toMatchObject([{ verdict: 'changed' }]);
  const forbidden = { verdict: 'refused', problem: { code: 'forbidden', field: ['atExpiry'] } };
  expect(await plan(onADay('delete'), by(own, ann))).toMatchObject([forbidden]);
  await server.db.grant.create({
    data: { id: 'h', userId: 'u1', role: 'user', guestId: id, createdBy: 'root' },
  });
  expect(await plan(onADay('delete'), by(own, ann))).toMatchObject([{ verdict: 'changed' }]);
  // A folder of the host is for root, by a file as by hand.
  const [folder] = await plan(
    rowsOf('name: web\nisolation: {mounts: [{source: /etc, target: /x}]}\n'),
    by(own, ann),
  );
  expect(folder).toMatchObject({
    verdict: 'refused',
    problem: { code: 'forbidden', field: ['isolation', 'mounts', 0, 'source'] },
  });
});
