import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Actor } from '../platform.ts';
import type { FieldDefinition } from '../project/field-schema.ts';
import { createGuest } from './create-guest.ts';
import { describeGuest } from './describe-guest.ts';
import { endExpired } from './end-expired.ts';
import { dayAfter, dayOf } from './expiry-schema.ts';
import { getGuest } from './get-guest.ts';
import { describeGuestInput, MOST_TAGS } from './record-schema.ts';
import { startGuest } from './start-guest.ts';
import { GuestStore } from './store.ts';
import { type TestServer, testDatabase, testServer } from './test-services.ts';

const root: Actor = { kind: 'root' };
const ann: Actor = { kind: 'user', id: 'u1', username: 'ann' };
const bob: Actor = { kind: 'user', id: 'u2', username: 'bob' };

let database: Awaited<ReturnType<typeof testDatabase>>;
let server: TestServer;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.close());
beforeEach(async () => {
  server = await testServer(database);
  for (const { id, username: name } of [ann, bob] as { id: string; username: string }[])
    await server.db.user.create({
      data: { id, name, email: `${name}@berth.invalid`, username: name },
    });
});
afterEach(async () => {
  await server.close();
  await server.projects.update('default', { fields: [] });
  await server.db.guest.deleteMany();
  await server.db.operation.deleteMany();
  await server.db.user.deleteMany();
  await server.db.$disconnect();
});

const FIELDS: FieldDefinition[] = [
  { name: 'stage', type: 'choice', about: '', choices: ['test', 'prod'] },
  { name: 'cost', type: 'number', about: 'cost centre', choices: [] },
  { name: 'due', type: 'date', about: '', choices: [] },
];
const RUNBOOK = { title: 'Runbook', url: 'https://example.com/runbook' };
const WIKI = { title: 'Wiki', url: 'http://wiki.example.com/?a=b#c' };

const make = (input = {}) => createGuest(server, ann, { name: 'web', wait: true, ...input });

/** As a server would have it that starts now. */
async function stored() {
  const again = new GuestStore(server.db);
  await again.load();
  return again.get('web');
}

test('a guest is whose who made it, and what is written about it is kept', async () => {
  const { guest } = await make({ tags: ['web', 'env=prod', 'web'], notes: '# Hello' });
  expect(guest).toMatchObject({ owner: 'ann', tags: ['env=prod', 'web'], notes: '# Hello', version: 0 });
  const changed = await describeGuest(server, bob, {
    guest: 'web',
    version: 0,
    addTags: ['b', 'a'],
    removeTags: ['web', 'never-there'],
    notes: 'two\r\nlines',
    owner: null,
  });
  expect(changed).toMatchObject({
    tags: ['a', 'b', 'env=prod'],
    notes: 'two\nlines',
    owner: null,
    version: 1,
  });
  expect(await stored()).toMatchObject({ notes: 'two\nlines', edits: { notes: { version: 1, by: 'bob' } } });
  expect(server.seen.at(-1)).toMatchObject({ type: 'guest.changed', guest: { version: 1, owner: null } });
  expect(await describeGuest(server, bob, { guest: 'web', notes: 'two\nlines' })).toMatchObject({
    version: 1,
  });
});

test('who changes what another has changed since is told, and nothing is lost; other fields are in nobody’s way', async () => {
  await make();
  const asked = (who: Actor, change: object) =>
    describeGuest(server, who, { guest: 'web', version: 0, ...change });
  await asked(ann, { notes: 'by ann' });
  await expect(asked(bob, { notes: 'by bob', addTags: ['late'] })).rejects.toMatchObject({
    code: 'changed_meanwhile',
    field: ['notes'],
    message: expect.stringContaining('ann has changed the notes of web'),
  });
  expect(await getGuest(server, 'web')).toMatchObject({ notes: 'by ann', tags: [], version: 1 });
  await asked(bob, { owner: 'bob', addTags: ['x'] });
  await asked(ann, { addTags: ['y'] });
  expect(await getGuest(server, 'web')).toMatchObject({ notes: 'by ann', owner: 'bob', tags: ['x', 'y'] });
  // Seen, and meant.
  const { version } = await getGuest(server, 'web');
  await describeGuest(server, bob, { guest: 'web', version, notes: 'by bob' });
  expect((await stored()).notes).toBe('by bob');
});

test('of twenty at the same moment one is taken; tags of all of them are', async () => {
  await make();
  const all = await Promise.allSettled(
    Array.from({ length: 20 }, (_, n) =>
      describeGuest(server, n % 2 ? ann : bob, { guest: 'web', version: 0, notes: `number ${n}` }),
    ),
  );
  expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  await Promise.all(
    Array.from({ length: 20 }, (_, n) => describeGuest(server, ann, { guest: 'web', addTags: [`t${n}`] })),
  );
  expect((await stored()).tags).toHaveLength(20);
  const more = Array.from({ length: MOST_TAGS }, (_, n) => `more${n}`);
  await expect(describeGuest(server, ann, { guest: 'web', addTags: more })).rejects.toMatchObject({
    code: 'bad_input',
    field: ['addTags'],
  });
});

test('contact, links, expiry and the fields of the project are kept, each with its version', async () => {
  await server.projects.update('default', { fields: FIELDS });
  const { guest } = await make({ fields: { stage: 'prod', cost: '4711' }, expires: '2999-01-01' });
  expect(guest).toMatchObject({ fields: { stage: 'prod', cost: 4711 }, expires: '2999-01-01', contact: '' });
  const asked = (who: Actor, change: object) =>
    describeGuest(server, who, { guest: 'web', version: 0, ...change });
  await asked(ann, {
    contact: 'ann, 4711',
    addLinks: [RUNBOOK],
    expires: null,
    setFields: { stage: 'test', due: '2026-12-31' },
  });
  // What somebody else has changed is told by its name; the rest is in nobody's way.
  const clashes: [object, string[]][] = [
    [{ contact: 'bob' }, ['contact']],
    [{ expires: '2998-01-01' }, ['expires']],
    [{ setFields: { stage: null } }, ['fields', 'stage']],
  ];
  for (const [change, field] of clashes)
    await expect(asked(bob, change)).rejects.toMatchObject({ code: 'changed_meanwhile', field });
  await asked(bob, {
    addLinks: [WIKI],
    removeLinks: ['https://never.there/'],
    setFields: { cost: 5 },
    atExpiry: 'stop',
  });
  expect(await stored()).toMatchObject({
    contact: 'ann, 4711',
    links: [RUNBOOK, WIKI],
    expires: null,
    atExpiry: 'stop',
    fields: { stage: 'test', due: '2026-12-31', cost: 5 },
    edits: { 'fields.stage': { version: 1, by: 'ann' }, 'fields.cost': { version: 2, by: 'bob' } },
  });
  const last = await describeGuest(server, bob, {
    guest: 'web',
    addLinks: [{ ...WIKI, title: 'Handbook' }],
    removeLinks: [RUNBOOK.url],
    setFields: { due: null },
  });
  expect(last).toMatchObject({
    links: [{ ...WIKI, title: 'Handbook' }],
    fields: { stage: 'test', cost: 5 },
    version: 3,
  });
});

test.each([
  [
    'a field that the project does not have',
    { setFields: { colour: 'red' } },
    'colour',
    /it has stage, cost/,
  ],
  ['a choice that there is not', { setFields: { stage: 'live' } }, 'stage', /stage is test, prod, not live/],
  ['no number', { setFields: { cost: 'much' } }, 'cost', /cost is a number, not much/],
  ['no day', { setFields: { due: '2026-02-31' } }, 'due', /due is a date such as/],
  [
    'a day that is over',
    { expires: '2020-01-01', atExpiry: 'stop' },
    'expires',
    /would happen at once \(stop\)/,
  ],
])('%s is refused, and nothing changes', async (_what, change, at, message) => {
  await server.projects.update('default', { fields: FIELDS });
  await make();
  const asked = describeGuest(server, ann, { guest: 'web', notes: 'new', ...(change as object) });
  await expect(asked).rejects.toMatchObject({
    code: 'bad_input',
    field: expect.arrayContaining([at]),
    message: expect.stringMatching(message),
  });
  expect(await stored()).toMatchObject({ version: 0, notes: '', fields: {}, expires: null });
});

test('values of fields stay where the project loses the field, and can be taken away', async () => {
  await server.projects.update('default', { fields: FIELDS });
  await make({ fields: { stage: 'prod' } });
  await server.projects.update('default', { fields: [] });
  expect((await stored()).fields).toEqual({ stage: 'prod' });
  expect(await describeGuest(server, ann, { guest: 'web', setFields: { stage: null } })).toMatchObject({
    fields: {},
  });
});

test('a guest that has expired is stopped once, where that was chosen; who starts it again has decided', async () => {
  const day = dayAfter(dayOf(Date.now()), 3);
  const later = Date.parse(day) + 1000;
  await make({ start: true, expires: day, atExpiry: 'stop' });
  await make({ name: 'reminded', start: true, expires: day });
  await endExpired(server, Date.now());
  expect((await stored()).state).toBe('running');
  await endExpired(server, later);
  expect(await stored()).toMatchObject({ state: 'stopped', expiryDone: day });
  expect(await getGuest(server, 'reminded')).toMatchObject({ state: 'running' });
  const [operation] = await server.db.operation.findMany({ where: { kind: 'guest.stop' } });
  expect(operation).toMatchObject({ actor: 'policy', status: 'done' });
  await startGuest(server, ann, { guest: 'web', wait: true });
  await endExpired(server, later);
  expect((await stored()).state).toBe('running');
  // Another day counts again.
  const next = dayAfter(day, 1);
  await describeGuest(server, ann, { guest: 'web', expires: next });
  await endExpired(server, Date.parse(next));
  expect((await stored()).state).toBe('stopped');
});

test('an owner is somebody who is there', async () => {
  await make();
  await expect(describeGuest(server, ann, { guest: 'web', owner: 'nobody' })).rejects.toMatchObject({
    code: 'bad_input',
    field: ['owner'],
  });
  await expect(make({ name: 'other', owner: 'nobody' })).rejects.toMatchObject({ field: ['owner'] });
  expect(await describeGuest(server, root, { guest: 'web', owner: 'root' })).toMatchObject({ owner: 'root' });
});

test.each([
  ['a tag with markup', { addTags: ['<img src=x onerror=alert(1)>'] }],
  ['a tag of two words', { addTags: ['two words'] }],
  ['a tag that a search would read', { addTags: ['a,b'] }],
  ['a tag in capitals', { addTags: ['Web'] }],
  ['a tag that turns the text round', { addTags: ['a\u202eb'] }],
  ['no tag', { addTags: [''] }],
  ['notes with a NUL', { notes: 'a\0b' }],
  ['notes that steer a terminal', { notes: '\u001b]0;x\u0007' }],
  ['half a letter', { notes: '\ud800' }],
  ['an owner with a slash', { owner: '../root' }],
  ['a link that runs', { addLinks: [{ title: 'x', url: 'javascript:alert(1)' }] }],
  ['a link to a file', { addLinks: [{ title: 'x', url: 'file:///etc/passwd' }] }],
  ['a link without a title', { addLinks: [{ title: ' ', url: 'https://example.com' }] }],
  ['a contact of two lines', { contact: 'a\nb' }],
  ['a day that there is not', { expires: '2026-02-31' }],
  ['an end that there is not', { atExpiry: 'explode' }],
  ['a field with a name in capitals', { setFields: { Stage: 'x' } }],
  ['a field without a finite number', { setFields: { cost: Number.POSITIVE_INFINITY } }],
])('%s is refused', (_what, change) => {
  expect(describeGuestInput.safeParse({ guest: 'web', ...change }).success).toBe(false);
  expect(
    describeGuestInput.safeParse({ guest: 'web', addTags: ['生産', 'été', 'a/b:c@d+e=f-g_h.1'] }).success,
  ).toBe(true);
});
