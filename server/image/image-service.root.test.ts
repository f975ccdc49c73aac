import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { connectDb, type Db } from '../db/client.ts';
import { HostBook } from '../db/host-book.ts';
import { startTestDatabase } from '../db/test-database.ts';
import { createEventBus } from '../event/create-event-bus.ts';
import { armFailpoints } from '../failpoint/failpoint.ts';
import { parsePlan } from '../failpoint/plan.ts';
import { instanceOf } from '../instance/instance.ts';
import { createLog } from '../log.ts';
import { createOperationRunner, type StoppableRunner } from '../operation/create-operation-runner.ts';
import type { Actor, StepContext } from '../platform.ts';
import { FakeRuntime } from '../runtime/fake.ts';
import { createImageService } from './create-image-service.ts';
import { folderOf } from './image-folder.ts';
import type { ImageService } from './service.ts';

const root: Actor = { kind: 'root' };
const MINI = 'berth/mini';
const DEBIAN = 'debian/12';

let database: Awaited<ReturnType<typeof startTestDatabase>>;
let db: Db;
let dataDir: string;
let operations: StoppableRunner;
let images: ImageService;

beforeAll(async () => {
  database = await startTestDatabase();
  db = connectDb(database.url);
});
beforeEach(() => {
  dataDir = mkdtempSync('/tmp/berth-images-');
  images = open(dataDir);
});
afterEach(async () => {
  armFailpoints(null);
  await operations.stop(5000);
  await db.operation.deleteMany();
  await db.guest.deleteMany();
  await db.image.deleteMany();
  rmSync(dataDir, { recursive: true, force: true });
});
afterAll(async () => {
  await db?.$disconnect();
  await database?.close();
});

function open(folder: string): ImageService {
  const log = createLog(() => undefined);
  const events = createEventBus(() => undefined);
  operations = createOperationRunner({ db, events, log, hosts: new HostBook(db) });
  const instance = instanceOf({ slot: 10, id: '0'.repeat(32), dataDir: folder });
  return createImageService({
    db,
    hosts: new HostBook(db),
    instance,
    events,
    operations,
    log,
    runtime: new FakeRuntime(),
  });
}

/** A row of the inventory and no more: the image service only counts them. */
async function guest(id: string, image: string, imageBuild: string): Promise<void> {
  await db.guest.create({
    data: {
      id,
      name: id,
      kind: 'system',
      imageName: image,
      imageBuild,
      command: ['/sbin/init'],
      state: 'stopped',
      idRange: Number(id.replace(/\D/g, '')),
      cpuMillis: 1000,
      memoryBytes: 1n,
      swapBytes: 0n,
      pids: 1,
      stopTimeoutMs: 1000,
      createdBy: 'root',
    },
  });
}

const builds = (image: string) => {
  const folder = folderOf(dataDir, image);
  return existsSync(folder) ? readdirSync(folder) : [];
};
const view = async (image: string) => (await images.list()).find(({ name }) => name === image);
const built = async (image: string) => (await images.resolve(image)).build ?? '';

function follower(cancel = new AbortController()): { context: StepContext; printed: () => string } {
  let text = '';
  const quiet = () => undefined;
  const output = (more: string) => {
    text += more;
  };
  return {
    context: { operationId: 'x', signal: cancel.signal, progress: quiet, message: quiet, output },
    printed: () => text,
  };
}

test('an image is built, used, and deleted', async () => {
  expect(await view(MINI)).toMatchObject({ state: 'absent', size: null, guests: 0 });
  const { image, operation } = await images.build(root, { image: MINI, wait: true });
  expect(image).toMatchObject({ state: 'ready', size: expect.any(Number), operation: null, problem: null });
  expect(operation).toMatchObject({ kind: 'image.build', status: 'done' });
  const build = await built(MINI);
  expect(existsSync(join(images.rootOf(MINI, build), 'sbin/init'))).toBe(true);

  await guest('g1', MINI, build);
  await expect(images.delete(root, { image: MINI })).rejects.toMatchObject({
    code: 'illegal_state',
    message: 'image berth/mini cannot be deleted: 1 guest is made of it',
  });
  expect(builds(MINI)).toEqual([build]);

  await db.guest.deleteMany();
  await images.delete(root, { image: MINI, wait: true });
  expect(builds(MINI)).toEqual([]);
  expect(await view(MINI)).toMatchObject({ state: 'absent' });
  await expect(images.delete(root, { image: MINI })).rejects.toMatchObject({ code: 'illegal_state' });
});

test('a delete that fails before it removes a file leaves the image as it was and says why; a later one removes it', async () => {
  await images.build(root, { image: MINI, wait: true });
  const build = await built(MINI);
  armFailpoints(parsePlan('image.delete.files:before=error'));
  await expect(images.delete(root, { image: MINI, wait: true })).rejects.toMatchObject({ code: 'internal' });
  armFailpoints(null);
  expect(builds(MINI)).toEqual([build]);
  expect(await view(MINI)).toMatchObject({
    state: 'ready',
    problem: expect.stringContaining('could not be deleted: '),
  });
  await images.delete(root, { image: MINI, wait: true });
  expect(builds(MINI)).toEqual([]);
  expect(await view(MINI)).toMatchObject({ state: 'absent' });
});

test('a replaced build lives exactly as long as guests are made of it', async () => {
  await images.build(root, { image: MINI, wait: true });
  const first = await built(MINI);
  await guest('g1', MINI, first);
  await guest('g2', MINI, first);
  await images.build(root, { image: MINI, wait: true });
  const second = await built(MINI);
  expect(builds(MINI).toSorted()).toEqual([first, second].toSorted());

  await db.guest.delete({ where: { id: 'g1' } });
  await images.onGuestRemoved({ image: MINI, build: first });
  expect(builds(MINI)).toContain(first);
  await db.guest.delete({ where: { id: 'g2' } });
  await images.onGuestRemoved({ image: MINI, build: first });
  await images.onGuestRemoved({ image: MINI, build: second });
  expect(builds(MINI)).toEqual([second]);
});

test('a build that cannot be written down is removed, also while guests without one wait for it', async () => {
  await guest('g1', MINI, '');
  armFailpoints(parsePlan('image.build.row:before=error'));
  await expect(images.build(root, { image: MINI, wait: true })).rejects.toMatchObject({ code: 'internal' });
  expect(builds(MINI)).toEqual([]);
  armFailpoints(null);
  await images.build(root, { image: MINI, wait: true });
  expect(builds(MINI)).toEqual([await built(MINI)]);
});

test('two who want an image share one build; who cancels leaves, and the last one takes it back', async () => {
  const leaver = new AbortController();
  const one = follower(leaver);
  const first = images.ensureReady(DEBIAN, one.context);
  await expect.poll(one.printed, { timeout: 30_000 }).toContain('running apt-get update');
  const { operation } = await images.build(root, { image: DEBIAN });
  await expect.poll(async () => (await view(DEBIAN))?.state).toBe('building');
  await expect(images.delete(root, { image: DEBIAN })).rejects.toMatchObject({ code: expect.any(String) });
  expect(builds(DEBIAN)).toHaveLength(1);

  leaver.abort();
  await expect(first).rejects.toMatchObject({ code: 'cancelled' });
  expect(builds(DEBIAN)).toHaveLength(1);
  expect(await view(DEBIAN)).toMatchObject({ state: 'building', operation: { id: operation.id } });

  await operations.cancel(operation.id, root);
  const ended = await operations.wait(operation.id, 10_000, new AbortController().signal);
  expect(ended.status).toBe('cancelled');
  expect(builds(DEBIAN)).toEqual([]);
  expect(await view(DEBIAN)).toMatchObject({ state: 'absent', problem: null });
});

test('a full disk is told before anything is made, and the image that is there stays', async () => {
  await operations.stop(1000);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'berth-t-images', dataDir]);
  try {
    images = open(dataDir);
    await expect(images.build(root, { image: MINI, wait: true })).rejects.toMatchObject({
      code: 'no_space',
      message: expect.stringMatching(/^berth\/mini needs 16 MiB in .* and \d MiB are free$/),
    });
    expect(await view(MINI)).toMatchObject({ state: 'failed', problem: expect.stringContaining('16 MiB') });
    expect(builds(MINI)).toEqual([]);
  } finally {
    execFileSync('umount', [dataDir]);
  }
});

test('a start tidies up what a crash left', async () => {
  await images.build(root, { image: MINI, wait: true });
  const build = await built(MINI);
  mkdirSync(join(folderOf(dataDir, MINI), '.building-lost/rootfs'), { recursive: true });
  mkdirSync(join(folderOf(dataDir, MINI), 'nobodys/rootfs'), { recursive: true });
  await images.prepare();
  expect(builds(MINI)).toEqual([build]);
  rmSync(join(folderOf(dataDir, MINI), build), { recursive: true });
  await images.prepare();
  expect(await view(MINI)).toMatchObject({ state: 'absent' });
});
