import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { writeCgroup } from '../guest/cgroup-files.ts';
import { configureGuest } from '../guest/configure-guest.ts';
import { createGuest } from '../guest/create-guest.ts';
import { decideMemory } from '../guest/decide-memory.ts';
import { deleteGuest } from '../guest/delete-guest.ts';
import { moveGuest } from '../guest/move-guest.ts';
import { inUse } from '../guest/quota.ts';
import { keepChange, revertChange } from '../guest/revert-change.ts';
import type { GuestLimits } from '../guest/schema.ts';
import { startGuest } from '../guest/start-guest.ts';
import { type TestServer, testDatabase, testServer } from '../guest/test-services.ts';
import { undoChange } from '../guest/undo-change.ts';
import { createVolumeService } from '../volume/create-volume-service.ts';
import type { ProjectQuotas } from './schema.ts';

// Every way to more of what a project has a quota of, against a quota that it would pass.
const MiB = 1024 * 1024;
const root = { kind: 'root' } as const;
const by = { actor: root, rights: { unlimited: true } } as const;

let database: Awaited<ReturnType<typeof testDatabase>>;
let server: TestServer;
let project: string;
let made = 0;

beforeAll(async () => {
  database = await testDatabase();
  server = await testServer(database);
}, 120_000);
afterAll(async () => {
  await server?.close();
  await database?.close();
});
beforeEach(async () => {
  project = await newProject({});
});

async function newProject(quotas: Partial<ProjectQuotas>): Promise<string> {
  const name = `p${++made}`;
  const none = { guests: null, cpu: null, memory: null, disk: null, addresses: null };
  const rest = {
    about: '',
    fields: [],
    recording: null,
    createdAt: new Date().toISOString(),
    createdBy: 'root',
  };
  await server.projects.insert({ name, quotas: { ...none, ...quotas }, ...rest });
  return name;
}
const quota = (quotas: Partial<ProjectQuotas>) => server.projects.update(project, { quotas });
const use = () => inUse(server, project);

async function make(limits: Partial<GuestLimits> = {}, more: { start?: boolean; in?: string } = {}) {
  const { guest } = await createGuest(server, root, {
    ...{ name: `g${++made}`, image: 'berth/mini', project: more.in ?? project, wait: true },
    ...{ start: more.start ?? false, limits: { memory: 64 * MiB, cpu: 0.1, ...limits } },
  });
  return guest;
}
const configure = (guest: string, limits: Partial<GuestLimits>, revertAfterSeconds?: number) =>
  configureGuest(server, root, { guest, limits, revertAfterSeconds });
const over = (field?: string[]) => expect.objectContaining({ code: 'over_quota', ...(field && { field }) });

test('of many guests that are made at once just as many get in as there are places', async () => {
  await quota({ guests: 3 });
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => make()));
  const refused = results.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  expect(refused).toHaveLength(5);
  for (const reason of refused) expect(reason).toEqual(over(['project']));
  expect(String(refused[0].message)).toBe(
    `project ${project} has 3 guests of at most 3 guests in use, 1 guests more would be too much: root raises it by berth project set ${project} --guests`,
  );
  expect(use()).toMatchObject({ guests: 3, addresses: 3 });
  expect(await server.db.guest.count({ where: { project } })).toBe(3);
  // Without the quota, which is the only thing in the way, the next one gets in.
  await quota({ guests: null });
  await make();
  expect(use().guests).toBe(4);
});

test('a place that is given up by a create that failed, or by a delete, is free again', async () => {
  await quota({ guests: 1, addresses: 1 });
  server.runtime.failures.set('startGuest', new Error('no'));
  await expect(make({}, { start: true })).rejects.toThrow();
  server.runtime.failures.clear();
  const { id } = await make();
  await expect(make()).rejects.toEqual(over());
  await deleteGuest(server, root, { guest: id, wait: true });
  await make();
});

test('of changes that are made at once those that fit are made, live ones too', async () => {
  const guests = [await make({}, { start: true }), await make({}, { start: true }), await make()];
  await quota({ memory: 400 * MiB });
  const results = await Promise.allSettled(guests.map(({ id }) => configure(id, { memory: 200 * MiB })));
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
  for (const one of results)
    if (one.status === 'rejected') expect(one.reason).toEqual(over(['limits', 'memory']));
  expect(use().memory).toBe(328 * MiB);
  expect(server.guests.claims.size).toBe(0);
});

test('every way to more of it is refused: settings, huge pages, an undo, more memory for who waits, a file by hand', async () => {
  const guest = await make({ memory: 128 * MiB, cpu: 0.5 }, { start: true });
  const { operation } = await configure(guest.id, { memory: 64 * MiB, cpu: 0.25 });
  await quota({ memory: 100 * MiB, cpu: 0.3 });
  await expect(configure(guest.id, { memory: 128 * MiB })).rejects.toEqual(over(['limits', 'memory']));
  await expect(configure(guest.id, { cpu: 0.31 })).rejects.toEqual(over(['limits', 'cpu']));
  await expect(configure(guest.id, { cpu: 0.31 }, 60)).rejects.toEqual(over(['limits', 'cpu']));
  await expect(undoChange(server, root, { operation: operation.id })).rejects.toEqual(over());
  server.guests.waitingForMemory.add(guest.id);
  const raise = { guest: guest.id, decision: 'raise', memory: 128 * MiB } as const;
  await expect(decideMemory(server, root, raise)).rejects.toEqual(over());
  server.guests.waitingForMemory.delete(guest.id);
  for (const file of ['memory.max', 'cpu.max', 'hugetlb.2MB.max', 'memory.limit_in_bytes']) {
    const write = writeCgroup(server, root, { guest: guest.id, file, value: '1' });
    await expect(write, file).rejects.toEqual(over(['file']));
  }
  expect(server.guests.get(guest.id).limits).toMatchObject({ memory: 64 * MiB, cpu: 0.25 });
  await configure(guest.id, { memory: 100 * MiB, cpu: 0.3 });
});

test('what is lowered on trial gives no room, since it comes back by itself', async () => {
  const guest = await make({ memory: 128 * MiB });
  await quota({ memory: 192 * MiB });
  await configure(guest.id, { memory: 64 * MiB }, 600);
  expect(use().memory).toBe(128 * MiB);
  await expect(make({ memory: 128 * MiB })).rejects.toEqual(over());
  await revertChange(server, root, guest.id);
  expect(server.guests.get(guest.id).limits.memory).toBe(128 * MiB);
  await configure(guest.id, { memory: 64 * MiB }, 600);
  await keepChange(server, root, guest.id);
  await make({ memory: 128 * MiB });
  expect(use().memory).toBe(192 * MiB);
});

test('a quota below what is in use takes nothing away: guests start and shrink, and nothing grows', async () => {
  const guest = await make({ memory: 128 * MiB });
  await quota({ memory: 64 * MiB, guests: 0 });
  await startGuest(server, root, { guest: guest.id, wait: true });
  await configure(guest.id, { memory: 96 * MiB });
  await expect(configure(guest.id, { memory: 97 * MiB })).rejects.toEqual(over());
  await expect(make({ memory: 4 * MiB })).rejects.toEqual(over());
});

test('into a project goes what fits, and of two that move at once one', async () => {
  const target = await newProject({ guests: 1 });
  const [one, two] = [await make(), await make()];
  const moves = await Promise.allSettled(
    [one, two].map(({ id }) => moveGuest(server, by, { guest: id, project: target })),
  );
  expect(moves.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(use().guests).toBe(1);
  expect([...server.guests.guestsIn(target)]).toHaveLength(1);
  expect(await server.db.guest.count({ where: { project: target } })).toBe(1);
  const trial = await make({ memory: 128 * MiB });
  await configure(trial.id, { memory: 64 * MiB }, 600);
  const small = await newProject({ memory: 64 * MiB });
  await expect(moveGuest(server, by, { guest: trial.id, project: small })).rejects.toEqual(over());
});

test('when the disk of a project is full no guest is made, moved or started there', async () => {
  const guest = await make();
  const folder = join(server.instance.dataDir, 'guests', guest.id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'written'), Buffer.alloc(2 * MiB, 1));
  await quota({ disk: MiB });
  await expect(startGuest(server, root, { guest: guest.id, wait: true })).rejects.toMatchObject({
    code: 'over_quota',
    message: expect.stringMatching(/MiB of at most 1 MiB in use, nothing more is started: root raises it/),
  });
  await expect(make()).rejects.toEqual(over(['project']));
  const other = await make({}, { in: await newProject({}) });
  await expect(moveGuest(server, by, { guest: other.id, project })).rejects.toEqual(over());
  await quota({ disk: 64 * MiB });
  await startGuest(server, root, { guest: guest.id, wait: true });
});

test('what its volumes hold counts for the disk of a project', async () => {
  const volumes = createVolumeService(server);
  const services = { ...server, volumes };
  const { name: volume, path } = await volumes.create(root, { volume: `v${++made}`, project });
  writeFileSync(join(path, 'written'), Buffer.alloc(2 * MiB, 1));
  await quota({ disk: MiB });
  const input = { ...{ name: `g${++made}`, image: 'berth/mini', project, wait: true }, start: false };
  await expect(createGuest(services, root, input)).rejects.toEqual(over(['project']));
  // Another's volume is not in it.
  const elsewhere = await newProject({ disk: MiB });
  await createGuest(services, root, { ...input, project: elsewhere });
  await volumes.delete(volume);
});
