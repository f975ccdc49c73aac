import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { armFailpoints } from '../failpoint/failpoint.ts';
import { parsePlan } from '../failpoint/plan.ts';
import { createGuest } from '../guest/create-guest.ts';
import { describeGuest } from '../guest/describe-guest.ts';
import { startGuest } from '../guest/start-guest.ts';
import { type TestServer, testDatabase, testServer } from '../guest/test-services.ts';
import type { Actor } from '../platform.ts';
import { trashGuest } from './trash-guest.ts';

// A commit whose answer is lost: the database has made it, and who asked is told that it failed.
const root: Actor = { kind: 'root' };
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
  armFailpoints(null);
  await server.close();
  await server.db.guest.deleteMany();
  await server.db.operation.deleteMany();
  await server.db.$disconnect();
});

const trash = () => trashGuest(server, root, { guest: 'web', wait: true });
const stored = (id: string) =>
  server.db.guest.findUniqueOrThrow({
    where: { id },
    select: { name: true, trashedAt: true, trashedBy: true, trashedUntil: true, trashId: true },
  });
const LIVE = { trashedAt: null, trashedBy: null, trashedUntil: null, trashId: '' };

test('a guest that could not be put into the trash, as far as anybody knows, is not in it after a restart either', async () => {
  const { id } = (await createGuest(server, root, { name: 'web', wait: true })).guest;
  armFailpoints(parsePlan('guest.update:after=error'));
  await expect(trash()).rejects.toThrow('guest.update:after failed');
  armFailpoints(null);
  expect(server.guests.get('web')).toMatchObject({
    id,
    trash: null,
    problem: expect.stringContaining('could not be put into the trash'),
  });
  expect(await stored(id)).toMatchObject(LIVE);
  await server.close();
  server = await testServer({ ...database, runtime: server.runtime });
  expect(server.guests.trashed()).toEqual([]);
  await startGuest(server, root, { guest: 'web', wait: true });
  // And the next time it goes there.
  await trashGuest(server, root, { guest: 'web', force: true, wait: true });
  expect(await stored(id)).toMatchObject({ trashId: id });
  expect(server.guests.trashed()).toMatchObject([{ id }]);
});

test('where nobody was there to write that down at once, the next change of the guest does', async () => {
  const { id } = (await createGuest(server, root, { name: 'web', wait: true })).guest;
  armFailpoints(parsePlan('guest.update:after=error operation.settle:before=error'));
  await expect(trash()).rejects.toThrow('guest.update:after failed');
  armFailpoints(null);
  expect(await stored(id)).toMatchObject({ trashId: id });
  await describeGuest(server, root, { guest: 'web', notes: 'here still' });
  expect(await stored(id)).toMatchObject(LIVE);
});
