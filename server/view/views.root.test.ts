import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGuest } from '../guest/create-guest.ts';
import { type TestServer, testDatabase, testServer } from '../guest/test-services.ts';
import type { Actor } from '../platform.ts';
import { createViewInput, MOST_VIEWS } from './schema.ts';
import { changeView, createView, deleteView, listViews, restoreView } from './views.ts';

const root: Actor = { kind: 'root' };
const ann: Actor = { kind: 'user', id: 'u1', username: 'ann' };
const bob: Actor = { kind: 'user', id: 'u2', username: 'bob' };

let database: Awaited<ReturnType<typeof testDatabase>>;
let server: TestServer;

beforeAll(async () => {
  database = await testDatabase();
  server = await testServer(database);
  for (const [name, owner] of [
    ['a', ann],
    ['b', ann],
    ['c', bob],
  ] as const)
    await createGuest(server, owner, { name, tags: [`is-${name}`], wait: true });
});
afterAll(async () => {
  await server?.close();
  await server?.db.$disconnect();
  await database?.close();
});

const names = async (actor: Actor) =>
  (await listViews(server, actor)).map(({ name, count }) => `${name} ${count}`);

test('a private view is one’s own, one of the team everybody’s, each counts what whoever looks finds', async () => {
  const mine = await createView(server, ann, { name: 'mine', q: 'owner:me' });
  expect(mine).toMatchObject({ count: 2, team: false, pinned: true, owner: 'ann', mine: true });
  expect(server.seen.at(-1)).toEqual({ type: 'views.changed' });
  const ours = await createView(server, ann, { name: 'ours', q: 'owner:me', team: true });
  expect(await names(ann)).toEqual(['mine 2', 'ours 2']);
  expect(await names(bob)).toEqual(['ours 1']);
  expect((await listViews(server, bob))[0]).toMatchObject({ mine: false, owner: 'ann' });
  const [guest] = server.guests.all().filter(({ name }) => name === 'a');
  expect((await listViews(server, ann, new Set([guest?.id ?? '']))).map(({ count }) => count)).toEqual([
    1, 1,
  ]);

  await expect(changeView(server, bob, { id: ours.id, name: 'taken over' })).rejects.toMatchObject({
    code: 'forbidden',
  });
  for (const change of [
    changeView(server, bob, { id: mine.id, name: 'x' }),
    deleteView(server, bob, mine.id),
  ])
    await expect(change).rejects.toMatchObject({ code: 'not_found' });
  await expect(createView(server, ann, { name: 'mine' })).rejects.toMatchObject({ code: 'name_taken' });
  await createView(server, bob, { name: 'mine' });
  await expect(changeView(server, ann, { id: ours.id, name: 'mine' })).rejects.toMatchObject({
    field: ['name'],
  });
  expect(await changeView(server, root, { id: ours.id, name: 'renamed', pinned: false })).toMatchObject({
    pinned: false,
  });
  expect(await names(bob)).toEqual(['mine 3', 'renamed 1']);
});

test('what was deleted comes back for a week, and its name may be taken meanwhile', async () => {
  const view = await createView(server, ann, {
    name: 'gone',
    q: 'tag:is-a',
    group: 'tag',
    sort: '-name',
    columns: 'name',
    layout: 'board:pressure',
  });
  await deleteView(server, ann, view.id);
  expect(await names(ann)).not.toContain('gone 1');
  await expect(deleteView(server, ann, view.id)).rejects.toMatchObject({ code: 'not_found' });
  await expect(restoreView(server, bob, view.id)).rejects.toMatchObject({ code: 'not_found' });
  expect(await restoreView(server, ann, view.id)).toEqual(view);
  await deleteView(server, ann, view.id);
  const other = await createView(server, ann, { name: 'gone' });
  await expect(restoreView(server, ann, view.id)).rejects.toMatchObject({ code: 'name_taken' });
  await deleteView(server, ann, other.id);
  await server.db.savedView.update({ where: { id: view.id }, data: { deletedAt: new Date(0) } });
  await createView(server, ann, { name: 'another' });
  await expect(restoreView(server, ann, view.id)).rejects.toMatchObject({ code: 'not_found' });
});

test('there is an end to how many one has', async () => {
  const carol: Actor = { kind: 'user', id: 'u3', username: 'carol' };
  await server.db.savedView.createMany({
    data: Array.from({ length: MOST_VIEWS }, (_, n) => ({
      id: `n${n}`,
      name: `n${n}`,
      ownerId: 'u3',
      ownerName: 'carol',
    })),
  });
  await expect(createView(server, carol, { name: 'one more' })).rejects.toMatchObject({ code: 'too_many' });
});

test.each([
  ['no name', { name: ' ' }],
  ['a name that turns round', { name: 'a\u202eb' }],
  ['a name of two lines', { name: 'a\nb' }],
  ['a NUL in the search', { name: 'a', q: 'a\0' }],
  ['a layout that there is not', { name: 'a', layout: 'pile' as never }],
  ['half a letter', { name: 'a', group: '\ud800' }],
])('%s is refused', (_what, input) => {
  expect(createViewInput.safeParse(input).success).toBe(false);
  expect(createViewInput.safeParse({ name: '<img src=x onerror=alert(1)>' }).success).toBe(true);
});
