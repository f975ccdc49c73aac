import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Actor } from '../platform.ts';
import { createGuest } from './create-guest.ts';
import { describeGuest } from './describe-guest.ts';
import { getGuest } from './get-guest.ts';
import { describeGuestInput, MOST_TAGS } from './record-schema.ts';
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
  await server.db.guest.deleteMany();
  await server.db.operation.deleteMany();
  await server.db.user.deleteMany();
  await server.db.$disconnect();
});

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
])('%s is refused', (_what, change) => {
  expect(describeGuestInput.safeParse({ guest: 'web', ...change }).success).toBe(false);
  expect(
    describeGuestInput.safeParse({ guest: 'web', addTags: ['生産', 'été', 'a/b:c@d+e=f-g_h.1'] }).success,
  ).toBe(true);
});
