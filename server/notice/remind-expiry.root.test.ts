import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createGuest } from '../guest/create-guest.ts';
import { describeGuest } from '../guest/describe-guest.ts';
import { type AtExpiry, dayAfter, dayOf } from '../guest/expiry-schema.ts';
import { type TestServer, testDatabase, testServer } from '../guest/test-services.ts';
import type { Actor } from '../platform.ts';
import { deleteTrashed } from '../trash/delete-trashed.ts';
import { trashGuest } from '../trash/trash-guest.ts';
import { createChannel, listChannels } from './channels.ts';
import { listNotices } from './list-notices.ts';
import { ExpiryReminders } from './remind-expiry.ts';
import { createChannelInput, type NoticeKind } from './schema.ts';
import type { NoticeServices } from './services.ts';
import { tellNotice } from './tell-notice.ts';

const root: Actor = { kind: 'root' };
const who = { actor: root, rights: { unlimited: true } } as const;
const DAY = dayAfter(dayOf(Date.now()), 30);
const HOUR_MS = 3_600_000;

let database: Awaited<ReturnType<typeof testDatabase>>;
let server: TestServer;
let services: NoticeServices;
let reminders: ExpiryReminders;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.close());
beforeEach(() => start());
afterEach(async () => {
  await server.close();
  await server.db.noticeChannel.deleteMany();
  await server.db.notice.deleteMany();
  await server.db.guest.deleteMany();
  await server.db.operation.deleteMany();
  await server.db.$disconnect();
});

/** A server as after a restart: it knows what the database has, and nothing more. */
async function start(): Promise<void> {
  server = await testServer(database);
  // What is due waits: nothing is sent here.
  services = { ...server, project: (name) => server.projects.get(name), hurry: () => undefined };
  reminders = new ExpiryReminders(services, server.guests);
}
const restart = async () => {
  await server.close();
  await server.db.$disconnect();
  await start();
};
const make = (name: string, atExpiry: AtExpiry = 'nothing') =>
  createGuest(server, root, { name, expires: DAY, atExpiry, wait: true });
/** What is told by the clock so many days before DAY, at noon. */
const look = async (days: number, of = DAY) => {
  await reminders.look(Date.parse(dayAfter(of, -days)) + 12 * HOUR_MS);
  const { notices } = await listNotices(services, who, { limit: 50 });
  return notices.map(({ text }) => text).reverse();
};
const channel = (name: string, kinds: NoticeKind[]) =>
  createChannel(
    services,
    root,
    createChannelInput.parse({ name, kinds, to: { kind: 'webhook', url: 'http://127.0.0.1:1/' } }),
  );

test('each reminder of a guest is told once, by itself and to the channels that want it, whatever starts again', async () => {
  await channel('ops', ['guest.expiry']);
  await channel('other', ['guest.failed']);
  await make('web', 'stop');
  expect(await look(8)).toEqual([]);
  const week = `web expires in 7 days (${DAY}, UTC); it is stopped then`;
  expect(await look(7)).toEqual([week]);
  expect(await look(6)).toEqual([week]);
  await restart();
  expect(await look(6)).toEqual([week]);
  const day = `web expires tomorrow (${DAY}, UTC); it is stopped then`;
  expect(await look(1)).toEqual([week, day]);
  expect(await look(0)).toEqual([week, day]);
  await restart();
  expect(await look(0)).toEqual([week, day]);
  expect(await look(-3)).toEqual([week, day]);
  expect((await listChannels(services)).map(({ name, waiting }) => `${name} ${waiting}`)).toEqual([
    ...['ops 2', 'other 0'],
  ]);
  const [notice] = (await listNotices(services, who, { limit: 1 })).notices;
  expect(notice).toMatchObject({ kind: 'guest.expiry', guest: { name: 'web' }, project: 'default' });
});

test('a server that was away on the day before tells on the day itself, and of a day long gone nothing', async () => {
  await make('late');
  expect(await look(0)).toEqual([`late has expired today (${DAY}, UTC)`]);
  await make('gone');
  expect(await look(-1)).toHaveLength(1);
});

test('another day counts anew, and a guest in the trash does not count', async () => {
  const { guest } = await make('web', 'delete');
  expect(await look(3)).toEqual([`web expires in 3 days (${DAY}, UTC); it is put into the trash then`]);
  const next = dayAfter(DAY, 20);
  await describeGuest(server, root, { guest: 'web', expires: next });
  expect(await look(8, next)).toHaveLength(1);
  expect(await look(7, next)).toHaveLength(2);
  await trashGuest(server, root, { guest: 'web', wait: true });
  expect(await look(1, next)).toHaveLength(2);
  await deleteTrashed(server, root, { guest: guest.id, wait: true });
  expect(await server.db.expiryReminder.count()).toBe(0);
});

test('what cannot be written is told the next time, and neither half alone is there', async () => {
  await make('web');
  await make('db');
  const failing = vi.spyOn(server.db, '$transaction').mockRejectedValueOnce(new Error('the disk is full'));
  expect(await look(7)).toHaveLength(1);
  failing.mockRestore();
  expect(await look(7)).toHaveLength(2);
  const happening = { kind: 'guest.expiry', guest: null, project: null, text: 'half' } as const;
  const first = () => Promise.reject(new Error('written already'));
  await expect(tellNotice(services, happening, first)).rejects.toThrow('written already');
  expect(await look(7)).toHaveLength(2);
});

test('while the database is away nothing is tried', async () => {
  await make('web');
  const away = { ...services.database, awaySince: () => '2026-01-01T00:00:00.000Z' };
  const waiting = new ExpiryReminders({ ...services, database: away }, server.guests);
  await waiting.look(Date.parse(DAY));
  expect((await listNotices(services, who, { limit: 5 })).notices).toEqual([]);
  expect(await look(0)).toHaveLength(1);
});
