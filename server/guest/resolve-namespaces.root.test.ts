import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import { configureGuest } from './configure-guest.ts';
import { createGuest } from './create-guest.ts';
import { deleteAnyGuest, deleteGuest } from './delete-guest.ts';
import { renameGuest } from './rename-guest.ts';
import { keepChange } from './revert-change.ts';
import { startGuest } from './start-guest.ts';
import { stopGuest } from './stop-guest.ts';
import { type TestServer, testDatabase, testServer } from './test-services.ts';

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
  await server.close();
  await server.db.guest.deleteMany();
  await server.db.operation.deleteMany();
  await server.db.$disconnect();
});

async function refusal(verb: Promise<unknown>): Promise<AppError> {
  const error = await verb.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`it was not refused but gave ${error}`);
  return error;
}

test('namespaces of another guest are resolved at the start, and it must run', async () => {
  const db = await createGuest(server, root, { name: 'db', wait: true });
  const web = await createGuest(server, root, {
    name: 'web',
    isolation: { namespaces: { network: 'guest:db', ipc: 'host' } },
    wait: true,
  });
  expect(await refusal(startGuest(server, root, { guest: 'web', wait: true }))).toMatchObject({
    code: 'illegal_state',
    message: expect.stringContaining(
      'db does not run, so there is no network namespace of it: start db first',
    ),
  });
  await startGuest(server, root, { guest: 'db', wait: true });
  await startGuest(server, root, { guest: 'web', wait: true });
  const spec = server.runtime.running.get(web.guest.id)?.spec;
  expect(spec?.isolation.namespaces).toEqual([
    { name: 'network', owner: { guestId: db.guest.id } },
    { name: 'ipc', owner: 'host' },
  ]);
  expect(spec?.network).toBeNull();
  expect(spec?.resolvConf).toBe(server.runtime.running.get(db.guest.id)?.spec.resolvConf);
  // Its lease is no address that it has.
  expect([...server.network.names.keys()]).toEqual([db.guest.id]);
});

test('who shares the network of the host has its resolv.conf', async () => {
  const { guest } = await createGuest(server, root, {
    isolation: { namespaces: { network: 'host' } },
    start: true,
    wait: true,
  });
  expect(server.runtime.running.get(guest.id)?.spec).toMatchObject({
    network: null,
    resolvConf: readFileSync('/etc/resolv.conf', 'utf8'),
  });
});

test('what the kernel would refuse is refused on create and on configure alike', async () => {
  await createGuest(server, root, { name: 'db', wait: true });
  const namespaces = { user: 'host' } as const;
  const refused = { code: 'bad_input', field: ['isolation', 'namespaces', 'user'] };
  expect(await refusal(createGuest(server, root, { isolation: { namespaces } }))).toMatchObject(refused);
  expect(
    await refusal(configureGuest(server, root, { guest: 'db', isolation: { namespaces } })),
  ).toMatchObject(refused);
  const itself = { namespaces: { ipc: 'guest:db' } };
  expect(await refusal(configureGuest(server, root, { guest: 'db', isolation: itself }))).toMatchObject({
    field: ['isolation', 'namespaces', 'ipc'],
  });
});

test('a lender may be renamed: who shares with it knows its new name', async () => {
  const db = await createGuest(server, root, { name: 'db', start: true, wait: true });
  const web = await createGuest(server, root, {
    name: 'web',
    isolation: { namespaces: { ipc: 'guest:db' } },
    start: true,
    wait: true,
  });
  await renameGuest(server, root, { guest: 'db', name: 'store' });
  expect(server.guests.get('web').isolation.namespaces).toEqual({ ipc: 'guest:store' });
  await stopGuest(server, root, { guest: 'web', wait: true });
  await startGuest(server, root, { guest: 'web', wait: true });
  expect(server.runtime.running.get(web.guest.id)?.spec.isolation.namespaces).toEqual([
    { name: 'ipc', owner: { guestId: db.guest.id } },
  ]);
});

test('a lender is deleted only when nobody has its namespaces any more, or will again by itself', async () => {
  await createGuest(server, root, { name: 'db', wait: true });
  const shares = { isolation: { namespaces: { ipc: 'guest:db' } } };
  await createGuest(server, root, { name: 'web', ...shares, wait: true });
  const remove = (guest: string) => deleteGuest(server, root, { guest, wait: true });
  expect(await refusal(remove('db'))).toMatchObject({
    code: 'illegal_state',
    message: 'guest db shares its ipc namespace with web: change that of web first',
  });
  const own = { guest: 'web', isolation: { namespaces: {} } };
  await configureGuest(server, root, { ...own, revertAfterSeconds: 3600 });
  await renameGuest(server, root, { guest: 'db', name: 'store' });
  expect(server.guests.get('web').revert?.back).toEqual({
    isolation: { namespaces: { ipc: 'guest:store' } },
  });
  await refusal(remove('store'));
  await refusal(deleteGuest(server, root, { guest: 'store', force: true, wait: true }));
  await keepChange(server, root, 'web');
  await remove('store');
  expect(server.guests.all().map(({ name }) => name)).toEqual(['web']);
});

test('with the whole instance lenders go too, in any order', async () => {
  await createGuest(server, root, { name: 'db', start: true, wait: true });
  const shares = { isolation: { namespaces: { ipc: 'guest:db' } } };
  await createGuest(server, root, { name: 'web', ...shares, start: true, wait: true });
  for (const guest of ['db', 'web']) await deleteAnyGuest(server, root, { guest, force: true, wait: true });
  expect(server.guests.all()).toEqual([]);
});
