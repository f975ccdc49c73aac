import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Rights } from '../access/may.ts';
import { connectDb, type Db } from '../db/client.ts';
import { HostBook } from '../db/host-book.ts';
import { startTestDatabase } from '../db/test-database.ts';
import { createEventBus } from '../event/create-event-bus.ts';
import type { BerthEvent } from '../event/schema.ts';
import { instanceOf } from '../instance/instance.ts';
import type { EventBus } from '../platform.ts';
import { createVolumeService } from './create-volume-service.ts';
import type { VolumeService } from './service.ts';

let database: Awaited<ReturnType<typeof startTestDatabase>>;
let db: Db;
let dataDir: string;
let volumes: VolumeService;
let events: EventBus;
let told: BerthEvent[];

beforeAll(async () => {
  database = await startTestDatabase();
  db = connectDb(database.url);
});
beforeEach(() => {
  dataDir = mkdtempSync('/tmp/berth-volumes-');
  events = createEventBus((error) => {
    throw error;
  });
  told = [];
  events.on((event) => told.push(event));
  volumes = createVolumeService({
    db,
    hosts: new HostBook(db),
    events,
    instance: instanceOf({ slot: 10, id: '0'.repeat(32), dataDir }),
  });
});
afterEach(async () => {
  await db.volume.deleteMany();
  await db.guest.deleteMany();
  rmSync(dataDir, { recursive: true, force: true });
});
afterAll(async () => {
  await db?.$disconnect();
  await database?.close();
});

const EVERYTHING = { unlimited: true } as const;
const mountOf = (source: string) => ({
  source,
  target: '/srv',
  readOnly: false,
  idmap: false,
  recursive: false,
  propagation: 'private' as const,
});

function addGuest(name: string, source: string, back?: string) {
  return db.guest.create({
    data: {
      id: name,
      name,
      kind: 'system',
      imageName: 'berth/mini',
      imageBuild: '',
      state: 'stopped',
      idRange: name.charCodeAt(0),
      cpuMillis: 1000,
      memoryBytes: 1n,
      swapBytes: 0n,
      pids: 10,
      config: {
        isolation: { mounts: [mountOf(source)] },
        revert: back === undefined ? null : { back: { isolation: { mounts: [mountOf(back)] } } },
      },
      stopTimeoutMs: 0,
      createdBy: 'root',
    },
  });
}

test('a volume is a folder of root that is there until it is deleted with its files', async () => {
  const made = await volumes.create({ kind: 'user', id: 'u', username: 'ada' }, { volume: 'data' });
  expect(made).toMatchObject({
    name: 'data',
    createdBy: 'ada',
    guests: [],
    path: join(dataDir, 'volumes/data'),
  });
  expect(statSync(made.path)).toMatchObject({ uid: 0, gid: 0, mode: 0o40755 });
  expect(statSync(join(dataDir, 'volumes')).mode & 0o777).toBe(0o700);
  await expect(volumes.create({ kind: 'root' }, { volume: 'data' })).rejects.toMatchObject({
    code: 'name_taken',
    field: ['volume'],
  });

  const outside = join(dataDir, 'outside');
  writeFileSync(outside, 'kept');
  symlinkSync(dataDir, join(made.path, 'link'));
  await volumes.delete('data');
  expect(existsSync(made.path)).toBe(false);
  expect(existsSync(outside)).toBe(true);
  expect(await volumes.list(EVERYTHING)).toEqual([]);
  expect(told).toEqual([
    { type: 'volume.changed', volume: made },
    { type: 'volume.removed', name: 'data', project: 'default' },
  ]);
  await expect(volumes.delete('data')).rejects.toMatchObject({ code: 'not_found' });
});

test('a new volume has none of the files that lie where it comes to be', async () => {
  const left = join(dataDir, 'volumes/data/left');
  mkdirSync(dirname(left), { recursive: true });
  writeFileSync(left, 'of somebody else');
  await volumes.create({ kind: 'root' }, { volume: 'data' });
  expect(existsSync(dirname(left))).toBe(true);
  expect(existsSync(left)).toBe(false);
});

test('a volume that guests have in their settings stays, and they are named', async () => {
  await volumes.create({ kind: 'root' }, { volume: 'data' });
  await volumes.create({ kind: 'root' }, { volume: 'free' });
  await addGuest('web', 'volume:data');
  await addGuest('other', '/tmp');
  await expect(volumes.delete('data')).rejects.toThrow(
    'volume data is in use: guest web has it mounted; remove the mount first',
  );
  expect(existsSync(join(dataDir, 'volumes/data'))).toBe(true);
  expect(
    (await volumes.list(EVERYTHING)).map(({ name, guests }) => [name, guests.map((guest) => guest.name)]),
  ).toEqual([
    ['data', ['web']],
    ['free', []],
  ]);
  await addGuest('trial', '/tmp', 'volume:free');
  await expect(volumes.delete('free')).rejects.toThrow('guest trial has it mounted');
  await db.guest.delete({ where: { id: 'trial' } });
  await volumes.delete('free');
});

test('a volume is of a project, whose people see it and may give it to another of theirs', async () => {
  await db.project.createMany({ data: ['web', 'shop'].map((name) => ({ name, createdBy: 'root' })) });
  try {
    await volumes.create({ kind: 'root' }, { volume: 'data', project: 'web' });
    await volumes.create({ kind: 'root' }, { volume: 'other' });
    await addGuest('mine', 'volume:data');
    await addGuest('yours', 'volume:data');
    const rights: Rights = {
      unlimited: false,
      grants: ['web', 'shop'].map((name) => ({
        permissions: new Set(['volume.view', 'volume.manage', 'guest.view'] as const),
        guest: null,
        project: { name, guests: new Set(name === 'web' ? ['mine'] : []) },
      })),
    };
    expect(await volumes.list(rights)).toMatchObject([
      { name: 'data', project: 'web', guests: [{ id: 'mine', name: 'mine' }], hidden: 1 },
    ]);
    const actor = { kind: 'user', id: 'u', username: 'ada' } as const;
    const rooms: string[] = [];
    const by = { actor, rights, requireRoom: async (project: string) => void rooms.push(project) };
    for (const project of ['default', 'nowhere'])
      await expect(volumes.move(by, { volume: 'data', project })).rejects.toMatchObject({
        code: 'forbidden',
        field: ['project'],
      });
    expect(rooms).toEqual([]);
    told.length = 0;
    expect(await volumes.move(by, { volume: 'data', project: 'shop' })).toMatchObject({ project: 'shop' });
    expect(rooms).toEqual(['shop']);
    expect(told.map(({ type }) => type)).toEqual(['volume.removed', 'volume.changed']);
    expect(told[0]).toMatchObject({ name: 'data', project: 'web' });
    expect(await volumes.foldersOf('shop')).toEqual([join(dataDir, 'volumes/data')]);
    await expect(
      volumes.create({ kind: 'root' }, { volume: 'none', project: 'nowhere' }),
    ).rejects.toMatchObject({ code: 'not_found', field: ['project'] });
    expect(existsSync(join(dataDir, 'volumes/none'))).toBe(false);
  } finally {
    await db.guest.deleteMany();
    await db.volume.deleteMany();
    await db.project.deleteMany({ where: { name: { in: ['web', 'shop'] } } });
  }
});

test('a mount names a volume, a folder or a file that is there, or is refused on its field', async () => {
  await volumes.create({ kind: 'root' }, { volume: 'data' });
  expect(await volumes.resolve(mountOf('volume:data'), ['m'])).toEqual({
    ...mountOf(join(dataDir, 'volumes/data')),
    idmap: true,
  });
  expect(await volumes.resolve(mountOf('/etc/passwd'), ['m'])).toEqual(mountOf('/etc/passwd'));
  for (const [source, why] of [
    ['volume:nope', 'there is no volume nope: make it with berth volume create nope'],
    ['volume:../../etc', 'there is no volume ../../etc'],
    ['/no/such', '/no/such cannot be mounted: it is not there on this host'],
    ['/dev/null', '/dev/null cannot be mounted: it is neither a folder nor a file'],
    ['etc', "a mount's source is an absolute path of the host or volume:NAME, not etc"],
  ] as const) {
    const refused = volumes.resolve(mountOf(source), ['m', 0]);
    await expect(refused).rejects.toThrow(why);
    await expect(refused).rejects.toMatchObject({ code: 'bad_input', field: ['m', 0] });
  }
});

test('what is mounted in a volume outlives it; elsewhere it does not', async () => {
  const mounted = mkdtempSync('/tmp/berth-volumes-mounted-');
  writeFileSync(join(mounted, 'kept'), '');
  const { path } = await volumes.create({ kind: 'root' }, { volume: 'data' });
  const inside = join(path, 'inside');
  mkdirSync(inside);
  execFileSync('mount', ['--bind', mounted, inside]);
  try {
    await expect(volumes.delete('data')).rejects.toMatchObject({ code: 'kernel' });
    expect(existsSync(join(mounted, 'kept'))).toBe(true);
    expect(await volumes.list(EVERYTHING)).toHaveLength(1);
    // A removal that knows nothing of it empties it before it finds that it cannot go.
    expect(() => execFileSync('rm', ['-rf', path], { stdio: 'pipe' })).toThrow('busy');
  } finally {
    execFileSync('umount', [inside]);
  }
  expect(existsSync(join(mounted, 'kept'))).toBe(false);
  rmSync(mounted, { recursive: true, force: true });
});
