import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGuest } from '../guest/create-guest.ts';
import { type TestServer, testDatabase, testServer } from '../guest/test-services.ts';
import type { Actor } from '../platform.ts';
import { getDesk, saveDesk } from './desks.ts';
import { MOST_SPLITS, type StoredDesk, type StoredLayout, saveDeskInput } from './schema.ts';

const ann: Actor = { kind: 'user', id: 'u1', username: 'ann' };
const bob: Actor = { kind: 'user', id: 'u2', username: 'bob' };
const NONE = { version: 0, desk: { tabs: [], active: 0, detached: [] } };

let database: Awaited<ReturnType<typeof testDatabase>>;
let server: TestServer;
const services = () => ({ db: server.db, guestId: (ref: string) => server.guests.ref(ref) });
const deskOf = (...sessions: string[]): StoredDesk => ({
  tabs: sessions.map((session) => ({ layout: session, focus: session })),
  active: 0,
  detached: [],
});
const save = (actor: Actor, version: number, desk: StoredDesk, guest?: string) =>
  saveDesk(services(), actor, { guest, version, desk });

beforeAll(async () => {
  database = await testDatabase();
  server = await testServer(database);
  for (const { id, username } of [ann, bob] as { id: string; username: string }[])
    await server.db.user.create({ data: { id, name: username, username, email: `${username}@berth.test` } });
  for (const name of ['web', 'db']) await createGuest(server, ann, { name, wait: true });
});
afterAll(async () => {
  await server?.close();
  await server?.db.$disconnect();
  await database?.close();
});

test('each person has a desk for each guest and one for all, by the guest’s name or id', async () => {
  expect(await getDesk(services(), ann, { guest: 'web' })).toEqual(NONE);
  expect(await save(ann, 0, deskOf('s1'), 'web')).toMatchObject({ isSaved: true, version: 1 });
  expect(await save(ann, 0, deskOf('s2'))).toMatchObject({ isSaved: true, version: 1 });
  const id = server.guests.ref('web') ?? '';
  expect(await getDesk(services(), ann, { guest: id })).toEqual({ version: 1, desk: deskOf('s1') });
  expect(await getDesk(services(), ann, {})).toEqual({ version: 1, desk: deskOf('s2') });
  for (const other of [getDesk(services(), ann, { guest: 'db' }), getDesk(services(), bob, { guest: 'web' })])
    expect(await other).toEqual(NONE);
  await expect(getDesk(services(), ann, { guest: 'none' })).rejects.toMatchObject({ code: 'not_found' });
  await expect(getDesk(services(), { kind: 'root' }, {})).rejects.toMatchObject({ code: 'forbidden' });
});

test('of twenty browsers that save at once one does, and the others are told what it saved', async () => {
  for (const version of [0, 1]) {
    const all = Array.from({ length: 20 }, (_, n) => save(bob, version, deskOf(`v${version}n${n}`)));
    const answers = await Promise.all(all);
    const [saved, ...more] = answers.filter(({ isSaved }) => isSaved);
    expect(more).toEqual([]);
    expect(saved?.version).toBe(version + 1);
    for (const { isSaved, ...kept } of answers)
      if (!isSaved) expect(kept).toEqual({ version: version + 1, desk: saved?.desk });
    expect(await getDesk(services(), bob, {})).toEqual({ version: version + 1, desk: saved?.desk });
  }
  // One that was made from nothing does not replace what is there.
  expect(await save(bob, 0, deskOf('late'))).toMatchObject({ isSaved: false, version: 2 });
});

test('what is no desk is refused, and a row that cannot be read is none', async () => {
  const input = { version: 0, desk: deskOf('s') };
  const nested = (depth: number): StoredLayout =>
    depth === 0 ? 's' : { direction: 'down', ratio: 0.5, first: 's', second: nested(depth - 1) };
  const with_ = (layout: unknown) => ({
    ...input,
    desk: { tabs: [{ layout, focus: 's' }], active: 0, detached: [] },
  });
  expect(saveDeskInput.safeParse(with_(nested(MOST_SPLITS))).success).toBe(true);
  for (const wrong of [
    with_(nested(MOST_SPLITS + 1)),
    with_({ direction: 'down', ratio: 0.01, first: 's', second: 's' }),
    with_('a b'),
    with_('\0'),
    { ...input, version: -1 },
    { ...input, desk: { ...input.desk, detached: Array(513).fill('s') } },
    { ...input, desk: deskOf(...Array<string>(101).fill('s')) },
  ])
    expect(saveDeskInput.safeParse(wrong).success, JSON.stringify(wrong).slice(0, 200)).toBe(false);
  await server.db.desk.updateMany({ where: { userId: 'u2' }, data: { layout: ['odd'] } });
  expect(await getDesk(services(), bob, {})).toEqual({ ...NONE, version: 2 });
});

test('it goes with the guest, and with the person', async () => {
  const count = (userId: string) => server.db.desk.count({ where: { userId } });
  expect(await count('u1')).toBe(2);
  await server.db.guest.delete({ where: { id: server.guests.ref('web') ?? '' } });
  expect(await count('u1')).toBe(1);
  await server.db.user.delete({ where: { id: 'u2' } });
  expect(await count('u2')).toBe(0);
});
