import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { RightsBook } from '../access/rights-book.ts';
import { adoptRecordings } from '../console/adopt-recordings.ts';
import { setPolicy, viewPolicy } from '../console/always-record.ts';
import { listRecordings, viewRecording } from '../console/list-recordings.ts';
import { type ConsoleServices, createConsoleServices } from '../console/services.ts';
import { deleteRecording } from '../console/stop-recording.ts';
import { consoleDirectory } from '../console-directory.ts';
import { createGuest } from '../guest/create-guest.ts';
import { deleteGuest } from '../guest/delete-guest.ts';
import { getGuest } from '../guest/get-guest.ts';
import { type TestServer, testDatabase, testServer } from '../guest/test-services.ts';
import type { Actor } from '../platform.ts';
import type { RecordingSubject } from '../recording/recording-book.ts';
import { deleteTrashed } from './delete-trashed.ts';
import { restoreGuest } from './restore-guest.ts';
import { trashGuest } from './trash-guest.ts';

const root: Actor = { kind: 'root' };
const user = (username: string): Actor => ({ kind: 'user', id: username, username });
const [ann, bob, eve] = [user('ann'), user('bob'), user('eve')];

let database: Awaited<ReturnType<typeof testDatabase>>;
let server: TestServer;
let consoles: ConsoleServices;
let stopAdopted: () => void;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.close());
beforeEach(async () => {
  server = await testServer(database);
  await beginConsoles();
});
afterEach(async () => {
  await endConsoles();
  await server.close();
  await server.db.grant.deleteMany();
  await server.db.user.deleteMany();
  await server.db.guest.deleteMany();
  await server.db.$disconnect();
  rmSync(join(database.folder, 'recordings'), { recursive: true, force: true });
});

async function beginConsoles(): Promise<void> {
  const rights = new RightsBook({ ...server, guestsIn: server.guests.guestsOf });
  const audit = { write: async () => undefined };
  consoles = createConsoleServices({ platform: server, guests: consoleDirectory(server, rights), audit });
  stopAdopted = await adoptRecordings(consoles, server.events);
}

async function endConsoles(): Promise<void> {
  stopAdopted();
  await consoles.desk.stop();
  await consoles.recordings.stop();
}

const make = async (name: string) => (await createGuest(server, root, { name, wait: true })).guest.id;
/** A recording of a guest with something in it, which is over. */
async function record(
  of: { guestId: string; startedBy: string } & Partial<Pick<RecordingSubject, 'isAlways' | 'project'>>,
): Promise<string> {
  const { mark, recorder } = await consoles.recordings.create({
    ...{ guest: 'web', session: 's1', title: 'sh', user: 'root', hasInput: true, isAlways: false },
    ...{ project: null, mostBytes: null, keepDays: null, ...of },
  });
  recorder.begin({ columns: 80, rows: 24, bytes: Buffer.from('secret') }, 6, null);
  return (await consoles.recordings.finish(mark.id, 'ended', null)).id;
}

const trash = (guest: string) => trashGuest(server, root, { guest, wait: true });

test('a guest that is always recorded is so when it comes back out of the trash, also after a restart of the server', async () => {
  const [id, gone, past] = [await make('web'), await make('gone'), await make('past')];
  for (const guest of [id, gone, past]) await setPolicy(consoles, root, { guest, always: true });
  await trash('web');
  await trash('gone');
  expect(consoles.recordings.policies.guests().sort()).toEqual([id, gone, past].sort());
  await endConsoles();
  server.guests.alwaysRecorded.clear();
  await beginConsoles();
  await restoreGuest(server, root, { guest: id, wait: true });
  expect(await viewPolicy(consoles, { guest: 'web' })).toMatchObject({ always: true, setBy: 'root' });
  expect(await getGuest(server, 'web')).toMatchObject({ alwaysRecorded: true });
  // Those that are really gone take it with them, from the trash and past it.
  await deleteTrashed(server, root, { guest: gone, wait: true });
  await deleteGuest(server, root, { guest: 'past', wait: true });
  expect(consoles.recordings.policies.guests()).toEqual([id]);
});

test('recordings of a guest in the trash are for who may watch it; of one that is gone, not for who set a policy', async () => {
  const id = await make('web');
  for (const name of ['ann', 'bob', 'eve'])
    await server.db.user.create({ data: { id: name, name, email: `${name}@berth.invalid`, username: name } });
  const grant = (userId: string, role: string) =>
    server.db.grant.create({ data: { id: userId, userId, role, guestId: id, createdBy: 'root' } });
  await grant('ann', 'viewer');
  await grant('bob', 'user');
  const byTeam = await record({ guestId: id, startedBy: 'eve', isAlways: true, project: 'default' });
  const byPolicy = await record({ guestId: id, startedBy: 'eve', isAlways: true });
  const byButton = await record({ guestId: id, startedBy: 'bob' });
  const seen = async (actor: Actor) =>
    (await listRecordings(consoles, actor, {})).recordings.map((one) => one.id).sort();
  const all = [byTeam, byPolicy, byButton].sort();

  for (const put of [async () => undefined, () => trash('web')]) {
    await put();
    for (const actor of [ann, bob, root]) expect(await seen(actor), JSON.stringify(actor)).toEqual(all);
    // Who set the policies has no right to what they record.
    expect(await seen(eve)).toEqual([]);
    await expect(viewRecording(consoles, eve, { id: byTeam })).rejects.toMatchObject({ code: 'not_found' });
    await expect(deleteRecording(consoles, ann, { id: byButton })).rejects.toMatchObject({
      code: 'forbidden',
    });
  }
  await deleteTrashed(server, root, { guest: id, wait: true });
  expect(await seen(ann)).toEqual([]);
  expect(await seen(eve)).toEqual([]);
  expect(await seen(bob)).toEqual([byButton]);
  expect(await seen(root)).toEqual(all);
});

test('a guest that is called by the id of another opens nothing of it', async () => {
  const id = await make('web');
  await record({ guestId: id, startedBy: 'root' });
  const own = await make(id);
  await server.db.user.create({
    data: { id: 'ann', name: 'Ann', email: 'ann@berth.invalid', username: 'ann' },
  });
  await server.db.grant.create({
    data: { id: 'g', userId: 'ann', role: 'user', guestId: own, createdBy: 'root' },
  });
  expect((await listRecordings(consoles, ann, {})).recordings).toEqual([]);
  expect((await listRecordings(consoles, root, {})).recordings).toHaveLength(1);
});
