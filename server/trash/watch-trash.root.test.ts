import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createGuest } from '../guest/create-guest.ts';
import { type TestServer, testDatabase, testServer } from '../guest/test-services.ts';
import type { Actor } from '../platform.ts';
import { deleteAllTrashed } from './empty-trash.ts';
import { restoreGuest } from './restore-guest.ts';
import { trashGuest } from './trash-guest.ts';
import { trashLooks } from './watch-trash.ts';

const root: Actor = { kind: 'root' };
const MINUTE = 60_000;
const WEEK = 7 * 24 * 3600 * 1000;

let database: Awaited<ReturnType<typeof testDatabase>>;
let server: TestServer;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.close());
beforeEach(async () => {
  server = await testServer(database);
});
afterEach(async () => {
  await server.close();
  await server.db.guest.deleteMany();
  await server.db.operation.deleteMany();
  await server.db.$disconnect();
});

async function put(name: string): Promise<string> {
  const { guest } = await createGuest(server, root, { name, wait: true });
  await trashGuest(server, root, { guest: name, wait: true });
  return guest.id;
}

test('a clock that jumps ahead deletes nothing, one that goes on does', async () => {
  await put('web');
  const wall = Date.now();
  const look = trashLooks(server, { wall, steady: 0 });
  await look({ wall: wall + WEEK + MINUTE, steady: MINUTE });
  expect(server.guests.trashed()).toHaveLength(1);
  // It was set right again.
  await look({ wall: wall + 2 * MINUTE, steady: 2 * MINUTE });
  expect(server.guests.trashed()).toHaveLength(1);
  await look({ wall: wall + WEEK + 3 * MINUTE, steady: WEEK + 3 * MINUTE });
  expect(server.guests.trashed()).toEqual([]);
});

test('no look begins while one is at work', async () => {
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await put(name);
  const wall = Date.now();
  const look = trashLooks(server, { wall, steady: 0 });
  const first = look({ wall: wall + WEEK + MINUTE, steady: WEEK + MINUTE });
  await look({ wall: wall + WEEK + 2 * MINUTE, steady: WEEK + 2 * MINUTE });
  expect(server.guests.trashed()).toHaveLength(6);
  await first;
  expect(server.guests.trashed()).toEqual([]);
  expect(await server.db.operation.count({ where: { kind: 'guest.delete' } })).toBe(6);
});

test('one that came back while it waited to be deleted, and was deleted anew, stays in the trash', async () => {
  const id = await put('web');
  const meant = server.guests.trashed();
  await restoreGuest(server, root, { guest: id, wait: true });
  await trashGuest(server, root, { guest: id, wait: true });
  expect(await deleteAllTrashed(server, root, meant)).toMatchObject([{ id, error: { code: 'not_found' } }]);
  expect(server.guests.trashed()).toMatchObject([{ id }]);
  expect(await deleteAllTrashed(server, root, server.guests.trashed())).toMatchObject([{ id, error: null }]);
});
