import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Rights } from '../access/may.ts';
import type { Permission } from '../access/schema.ts';
import { partyOf } from '../network/reach-schema.ts';
import { createGuest } from './create-guest.ts';
import { networkMap } from './network-map.ts';
import { networkMapInput } from './network-map-schema.ts';
import { startGuest } from './start-guest.ts';
import { type TestServer, testDatabase, testServer } from './test-services.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let server: TestServer;
const root = { kind: 'root' } as const;

beforeAll(async () => {
  database = await testDatabase();
  server = await testServer(database);
  const make = (name: string, network?: string) =>
    createGuest(server, root, {
      ...{
        name,
        image: 'berth/mini',
        wait: true,
        limits: { memory: 64 * 1024 ** 2, cpu: 0.1, swap: 0, pids: 64 },
      },
      ...(network && { isolation: { namespaces: { network, user: network } } }),
    });
  await make('web');
  await make('db');
  await make('side', 'guest:web');
  await startGuest(server, root, { guest: 'web', wait: true });
});
afterAll(async () => {
  await server?.close();
  await database?.close();
});

const look = (rights: Rights, input = {}) => networkMap(server, rights, networkMapInput.parse(input));
const only = (guest: string, ...permissions: Permission[]): Rights => ({
  unlimited: false,
  grants: [{ permissions: new Set(permissions), guest: server.guests.get(guest).id, project: null }],
});

test('each guest is told with how it has the network, found and in parts', () => {
  const map = look({ unlimited: true });
  expect(map.counts).toEqual({ bridge: 2, host: 0, guest: 1, none: 0 });
  expect(map.guests.map(({ name, attachment, sharesWith }) => [name, attachment, sharesWith])).toEqual([
    ['db', 'bridge', null],
    ['side', 'guest', 'web'],
    ['web', 'bridge', null],
  ]);
  expect(map.network).toMatchObject({ bridge: server.instance.bridge });
  expect(map.reaches.every(({ rule }) => rule !== null)).toBe(true);
  const [db, , web] = map.guests;
  expect(db && partyOf(db)).toEqual({ why: 'db is stopped: it reaches nobody, and nobody reaches it' });
  expect(web && partyOf(web)).toEqual({ party: 'guests' });
  expect(look({ unlimited: true }, { q: web?.ipv4 ?? '' }).guests.map(({ name }) => name)).toEqual(['web']);
  expect(look({ unlimited: true }, { attachment: 'bridge', limit: 1, offset: 1 })).toMatchObject({
    found: 2,
    guests: [{ name: 'web' }],
  });
});

test('nobody is told of guests or of a host that they may not see', () => {
  const map = look(only('side', 'guest.view'));
  expect(map).toMatchObject({ found: 1, network: null, counts: { bridge: 0, guest: 1 } });
  expect(map.guests).toMatchObject([{ name: 'side', sharesWith: null }]);
  expect(JSON.stringify(map)).not.toMatch(new RegExp(`${server.instance.bridge}"|"web"|"db"`));
  expect(map.reaches.every(({ rule }) => rule === null)).toBe(true);
});
