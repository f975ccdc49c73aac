import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Guard } from '../access/guard.ts';
import { RightsBook } from '../access/rights-book.ts';
import { Prisma } from '../db/generated/client.ts';
import { AppError } from '../errors/app-error.ts';
import { armFailpoints } from '../failpoint/failpoint.ts';
import { parsePlan } from '../failpoint/plan.ts';
import { configureGuest } from '../guest/configure-guest.ts';
import { createGuest } from '../guest/create-guest.ts';
import { deleteGuest } from '../guest/delete-guest.ts';
import { describeGuest } from '../guest/describe-guest.ts';
import { endExpired } from '../guest/end-expired.ts';
import { dayAfter, dayOf } from '../guest/expiry-schema.ts';
import { listGuests } from '../guest/list-guests.ts';
import { inUse } from '../guest/quota.ts';
import { renameGuest } from '../guest/rename-guest.ts';
import type { CreateGuestInput } from '../guest/schema.ts';
import { countGuests } from '../guest/search-guests.ts';
import { startGuest } from '../guest/start-guest.ts';
import { type TestServer, testDatabase, testServer } from '../guest/test-services.ts';
import type { Actor } from '../platform.ts';
import { createProject, deleteProject, setProject } from '../project/change-projects.ts';
import { deleteTrashed } from './delete-trashed.ts';
import { emptyTrash } from './empty-trash.ts';
import { listTrash } from './list-trash.ts';
import { restoreGuest } from './restore-guest.ts';
import { setTrashDays, trashDays } from './trash-days.ts';
import { trashGuest } from './trash-guest.ts';
import { endTrashed } from './watch-trash.ts';

const root: Actor = { kind: 'root' };
const ann: Actor = { kind: 'user', id: 'u1', username: 'ann' };
const DAY = 24 * 3600 * 1000;
const MiB = 1024 ** 2;

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
  await server.db.grant.deleteMany();
  await server.db.user.deleteMany();
  await server.db.guest.deleteMany();
  await server.db.operation.deleteMany();
  await server.db.setting.deleteMany();
  await server.db.project.deleteMany({ where: { name: { not: 'default' } } });
  await server.db.$disconnect();
});

const make = async (input: CreateGuestInput = {}) =>
  (await createGuest(server, root, { wait: true, ...input })).guest;
const trash = (guest: string, force?: boolean) => trashGuest(server, ann, { guest, force, wait: true });
const restore = (guest: string, name?: string) => restoreGuest(server, root, { guest, name, wait: true });

async function refusal(verb: Promise<unknown>): Promise<AppError> {
  const error = await verb.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`it was not refused but gave ${error}`);
  return error;
}

/** Another server on the same database and kernel, as after a crash. */
async function again(): Promise<void> {
  await server.close();
  server = await testServer({ ...database, runtime: server.runtime });
}

test('a guest goes into the trash, is nowhere, and comes back exactly as it was', async () => {
  const made = await make({ name: 'web', tags: ['a'], notes: 'mine', start: true });
  const user = await server.db.user.create({
    data: { id: 'u1', name: 'Ann', email: 'ann@berth.invalid', username: 'ann' },
  });
  await server.db.grant.create({
    data: { id: 'g', userId: user.id, role: 'user', guestId: made.id, createdBy: 'root' },
  });
  const before = server.guests.get('web');
  expect((await refusal(trash('web'))).code).toBe('illegal_state');

  const { until, operation } = await trash('web', true);
  expect(operation).toMatchObject({ kind: 'guest.trash', status: 'done', actor: 'ann' });
  expect(Date.parse(until ?? '') - Date.now()).toBeGreaterThan(6.9 * DAY);
  expect(await listGuests(server)).toEqual([]);
  expect(countGuests(server, root, '')).toBe(0);
  expect(server.network.names.size).toBe(0);
  expect(server.runtime.running.size).toBe(0);
  // Its files are there.
  expect(server.runtime.folders.has(made.id)).toBe(true);
  const why = await refusal(startGuest(server, root, { guest: 'web' }));
  expect(why).toMatchObject({ code: 'not_found' });
  expect(why.message).toContain('berth trash restore web');
  expect((await listTrash(server)).guests).toMatchObject([
    { id: made.id, name: 'web', trashedBy: 'ann', until, nameTaken: false, tags: ['a'] },
  ]);

  await again();
  expect(await listGuests(server)).toEqual([]);
  expect(server.runtime.folders.has(made.id)).toBe(true);
  const back = await restore(made.id);
  expect(back.operation).toMatchObject({ kind: 'guest.restore', status: 'done' });
  expect(back.guest).toMatchObject({
    id: made.id,
    name: 'web',
    state: 'stopped',
    tags: ['a'],
    notes: 'mine',
  });
  const after = server.guests.get('web');
  const { exit: _a, run: _b, state: _c, wanted: _d, ...same } = before;
  expect(after).toMatchObject(same);
  expect(await server.db.grant.count({ where: { guestId: made.id } })).toBe(1);
  expect((await listTrash(server)).guests).toEqual([]);
  await startGuest(server, root, { guest: 'web', wait: true });
  expect(server.guests.get('web').state).toBe('running');
});

test('its numbers are given to nobody else, and its name is: it comes back under another one', async () => {
  const first = await make({ name: 'web' });
  const { idRange, lease, mac } = server.guests.get('web');
  await trash('web');
  const second = await make({ name: 'web' });
  const other = server.guests.get('web');
  expect(second.id).not.toBe(first.id);
  expect([other.idRange, other.lease, other.mac]).not.toContain(idRange);
  expect(other.lease).not.toBe(lease);
  const why = await refusal(restore(first.id));
  expect(why).toMatchObject({ code: 'name_taken', field: ['name'] });
  // Two in the trash that had the same name.
  await trash('web');
  expect((await listTrash(server)).guests.map(({ id }) => id).sort()).toEqual([first.id, second.id].sort());
  await again();
  await restore(second.id);
  const back = await restore(first.id, 'web-old');
  expect(back.guest).toMatchObject({ id: first.id, name: 'web-old' });
  expect(server.guests.get('web-old')).toMatchObject({ idRange, lease, mac });
  expect(server.guests.get('web').id).toBe(second.id);
  // Both names are taken again.
  expect((await refusal(make({ name: 'web-old' }))).code).toBe('name_taken');
});

test('a guest that took the name keeps it when the one in the trash is deleted for good', async () => {
  const first = await make({ name: 'web' });
  await trash('web');
  const second = await make({ name: 'web' });
  await deleteTrashed(server, root, { guest: first.id, wait: true });
  expect(server.guests.get('web').id).toBe(second.id);
  expect((await refusal(make({ name: 'web' }))).code).toBe('name_taken');
  expect(server.runtime.folders.has(first.id)).toBe(false);
  expect(server.runtime.folders.has(second.id)).toBe(true);
  expect((await refusal(restore(first.id))).code).toBe('not_found');
});

test('what is due is deleted by the server itself, and nothing before', async () => {
  const due = await make({ name: 'due' });
  const { until } = await trash('due');
  await setTrashDays(server, root, 30);
  const kept = await make({ name: 'kept' });
  await trash('kept');
  const end = Date.parse(until ?? '');
  await endTrashed(server, end - 1);
  expect(server.guests.trashed()).toHaveLength(2);
  await endTrashed(server, end);
  expect(server.guests.trashed().map(({ id }) => id)).toEqual([kept.id]);
  expect(server.runtime.folders.has(due.id)).toBe(false);
  const row = await server.db.operation.findFirstOrThrow({ where: { kind: 'guest.delete' } });
  expect(row).toMatchObject({ subjectId: due.id, status: 'done' });
});

test('without a time limit nothing is kept, and deleting for good goes past the trash', async () => {
  await make({ name: 'past' });
  await deleteGuest(server, root, { guest: 'past', wait: true });
  expect(server.guests.trashed()).toEqual([]);
  expect(await trashDays(server)).toBe(7);
  await setTrashDays(server, root, 0);
  await make({ name: 'gone' });
  // Who asks for the trash loses nothing unasked.
  const why = await refusal(trash('gone'));
  expect(why).toMatchObject({ code: 'illegal_state', field: ['orDelete'] });
  expect(why.message).toContain('delete it for good');
  expect(server.guests.get('gone').state).toBe('stopped');
  expect(await trashGuest(server, ann, { guest: 'gone', orDelete: true, wait: true })).toMatchObject({
    until: null,
    operation: { kind: 'guest.delete' },
  });
  expect(server.guests.trashed()).toEqual([]);
  expect(await server.db.guest.count()).toBe(0);
  expect(server.runtime.folders.size).toBe(0);
});

test('the trash is emptied for who may, within a project, and what fails is told and stays', async () => {
  await createProject(server, root, { name: 'red', about: '' });
  const [a, b, c] = [
    await make({ name: 'a' }),
    await make({ name: 'b', project: 'red' }),
    await make({ name: 'c' }),
  ];
  for (const name of ['a', 'b', 'c']) await trash(name);
  expect(await emptyTrash(server, root, { project: 'red' })).toEqual([{ id: b.id, name: 'b', error: null }]);
  expect(await emptyTrash(server, ann, { reach: new Set([a.id]) })).toMatchObject([
    { id: a.id, error: null },
  ]);
  server.runtime.failures.set('removeGuestDir', new Error('the disk says no'));
  expect(await emptyTrash(server, root, {})).toMatchObject([
    { id: c.id, error: { code: expect.any(String) } },
  ]);
  server.runtime.failures.clear();
  expect((await listTrash(server)).guests).toMatchObject([
    { id: c.id, problem: expect.stringContaining('deleted') },
  ]);
  // What is left of it does not come back as if it were whole, also not by the next server.
  const partly = { code: 'illegal_state', message: expect.stringContaining(`berth trash rm ${c.id}`) };
  expect(await refusal(restore(c.id))).toMatchObject(partly);
  await again();
  expect(await refusal(restore(c.id))).toMatchObject(partly);
  expect(await emptyTrash(server, root, {})).toEqual([{ id: c.id, name: 'c', error: null }]);
  expect(await server.db.guest.count()).toBe(0);
});

test('in the trash it counts for addresses alone; to come back it needs room', async () => {
  await createProject(server, root, { name: 'red', about: '' });
  const limits = { memory: 64 * MiB, cpu: 0.5 };
  const first = await make({ name: 'first', project: 'red', limits });
  await trash('first');
  expect(inUse(server, 'red')).toEqual({ guests: 0, cpu: 0, memory: 0, addresses: 1 });
  await setProject(server, root, { project: 'red', quotas: { memory: 100 * MiB, guests: 1 } });
  const second = await make({ name: 'second', project: 'red', limits });
  expect(await refusal(restore(first.id))).toMatchObject({ code: 'over_quota' });
  expect(server.guests.claims.size).toBe(0);
  // The trash of a project holds as many as it may have guests.
  const full = await refusal(trash('second'));
  expect(full).toMatchObject({ code: 'over_quota' });
  expect(full.message).toContain('berth trash empty --project red');
  // A guest that has expired does not run on for that.
  const expires = dayOf(Date.now());
  await server.guests.update(second.id, { expires, atExpiry: 'delete' });
  await endExpired(server, Date.now());
  expect(server.guests.trashed().map(({ id }) => id)).toContain(second.id);
  await deleteTrashed(server, root, { guest: second.id, wait: true });
  await restore(first.id);
  expect(inUse(server, 'red')).toEqual({ guests: 1, cpu: 0.5, memory: 64 * MiB, addresses: 1 });
  expect(server.guests.claims.size).toBe(0);
  await setProject(server, root, { project: 'red', quotas: { addresses: 1 } });
  await trash('first');
  expect(await refusal(make({ project: 'red' }))).toMatchObject({ code: 'over_quota' });
  // And its project cannot go.
  const why = await refusal(deleteProject({ ...server, users: {} as never }, root, { project: 'red' }));
  expect(why.message).toContain('in the trash');
});

test('a guest that one in the trash shares namespaces with keeps its name for it, and does not go', async () => {
  await make({ name: 'lender', start: true });
  const borrower = await make({ name: 'borrower', isolation: { namespaces: { network: 'guest:lender' } } });
  await trash('borrower');
  const why = await refusal(trash('lender', true));
  expect(why.message).toContain('borrower, which is in the trash');
  expect((await refusal(deleteGuest(server, root, { guest: 'lender', force: true }))).code).toBe(
    'illegal_state',
  );
  await renameGuest(server, root, { guest: 'lender', name: 'lender-2' });
  await restore(borrower.id);
  expect(server.guests.get('borrower').isolation.namespaces.network).toBe('guest:lender-2');
});

test('a change on trial waits in the trash, and goes back when its guest is there again', async () => {
  const { id, limits } = await make({ name: 'web' });
  const memory = limits.memory + MiB;
  await configureGuest(server, root, { guest: 'web', limits: { memory }, revertAfterSeconds: 1 });
  await trash('web');
  expect(server.guests.reverts.size).toBe(0);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  expect(server.guests.findAny(id)?.limits.memory).toBe(memory);
  await restore(id);
  await expect.poll(() => server.guests.get('web').limits.memory, { timeout: 10_000 }).toBe(limits.memory);
});

test('rights on one in the trash are those on the guest that it was, by its id alone', async () => {
  const { id } = await make({ name: 'web', tags: ['mine'] });
  const { id: other } = await make({ name: 'other' });
  for (const name of ['web', 'other']) await trash(name);
  const data = { id: 'u1', name: 'Ann', email: 'ann@berth.invalid', username: 'ann' };
  await server.db.user.create({ data });
  await server.db.grant.create({
    data: { id: 'g', userId: 'u1', role: 'user', tag: 'mine', createdBy: 'root' },
  });
  const guard = new Guard({
    db: server.db,
    guestId: (ref) => server.guests.ref(ref),
    trashedId: (one) => (server.guests.findAny(one)?.trash ? one : null),
    guestName: () => null,
    guestOfSession: () => null,
    guestOfRecording: () => null,
    projectOfVolume: async () => null,
    elsewhere: () => null,
    rights: new RightsBook({ ...server, guestsIn: server.guests.guestsOf }),
  });
  const ask = (guest: unknown) => guard.require(ann, 'guest.delete', 'trashed', { guest });
  await ask(id);
  for (const wrong of [other, 'web', '', undefined])
    expect((await refusal(ask(wrong))).code, String(wrong)).toBe('forbidden');
  // And it is no guest for what is about guests.
  expect((await refusal(guard.require(ann, 'guest.run', 'guest', { guest: id }))).code).toBe('forbidden');
});

test('a guest goes into the trash on its day where that was chosen, once, by who may delete it', async () => {
  const day = dayAfter(dayOf(Date.now()), 3);
  const { id } = await make({ name: 'web', start: true });
  await server.db.user.create({
    data: { id: 'u1', name: 'Ann', email: 'ann@berth.invalid', username: 'ann' },
  });
  const grant = (role: string) => ({ id: role, userId: 'u1', role, createdBy: 'root' });
  await server.db.role.create({ data: { name: 'tuner', permissions: ['guest.configure', 'guest.create'] } });
  await server.db.grant.create({ data: grant('tuner') });
  const set = (input: object) => describeGuest(server, ann, { guest: 'web', ...input });
  await set({ atExpiry: 'delete' });
  const forbidden = { code: 'forbidden', field: ['atExpiry'] };
  expect(await refusal(set({ expires: day }))).toMatchObject(forbidden);
  const made = createGuest(server, ann, { expires: day, atExpiry: 'delete' });
  expect(await refusal(made)).toMatchObject(forbidden);
  await set({ expires: day, atExpiry: 'stop' });
  expect(await refusal(set({ atExpiry: 'delete' }))).toMatchObject(forbidden);
  await server.db.grant.create({ data: grant('user') });
  await set({ atExpiry: 'delete' });
  await server.db.role.deleteMany();

  await endExpired(server, Date.parse(day) - 1);
  expect(server.guests.get('web').state).toBe('running');
  await endExpired(server, Date.parse(day));
  expect(server.guests.trashed()).toMatchObject([{ id, trash: { by: 'policy' } }]);
  await restore(id);
  await endExpired(server, Date.parse(day) + 1);
  expect(server.guests.get('web').state).toBe('stopped');
});

test('a guest that comes back after its day stays, and a day to come counts', async () => {
  const { id } = await make({ name: 'web' });
  const today = dayOf(Date.now());
  await server.guests.update(id, { expires: today, atExpiry: 'delete' });
  await trash('web');
  await restore(id);
  await endExpired(server, Date.now());
  expect(server.guests.get('web')).toMatchObject({ expires: today, atExpiry: 'delete' });
  const soon = dayAfter(today, 2);
  await server.guests.update(id, { expires: soon });
  await trash('web');
  await restore(id);
  await endExpired(server, Date.parse(soon));
  expect(server.guests.trashed()).toMatchObject([{ id }]);
});

test('a name that was given to another guest meanwhile stays that one’s, whatever ends later', async () => {
  const first = await make({ name: 'web' });
  const folder = server.instance.dataDir;
  const go = join(folder, 'go');
  armFailpoints(parsePlan(`guest.update:before=pause:${go}`));
  const late = server.guests.update(first.id, { name: 'late' });
  await server.guests.update(first.id, { name: 'early' });
  const second = await make({ name: 'web' });
  writeFileSync(go, '');
  await late;
  expect(server.guests.get('web').id).toBe(second.id);
  expect((await refusal(make({ name: 'web' }))).code).toBe('name_taken');
  // And the first has one name, not two.
  expect(server.guests.ref('late')).toBe(first.id);
  expect(server.guests.nameTaken('early')).toBe(false);
  await server.guests.update(first.id, {
    trash: { at: '2026-01-01T00:00:00Z', by: 'ann', until: '2026-01-02T00:00:00Z' },
  });
  expect(server.guests.nameTaken('late')).toBe(false);
  armFailpoints(null);
});

const STOP_AND_ASIDE = ['guest.trash.stop', 'guest.trash.put-aside', 'guest.update'];
const BRING_BACK = ['guest.restore.bring-back', 'guest.update'];
const moments = (places: readonly string[]) =>
  places.flatMap((place) => [`${place}:before`, `${place}:after`]);

/** The journal as a server leaves it that was killed there, and the next server. */
async function killedAt(place: string, kind: string, act: () => Promise<unknown>): Promise<void> {
  armFailpoints(parsePlan(`${place}=error`));
  await act().catch(() => undefined);
  armFailpoints(null);
  await server.close();
  const { id, steps } = await server.db.operation.findFirstOrThrow({ where: { kind } });
  const begun = (steps as { name: string; status: string; ms: number | null }[]).map((step) =>
    step.status === 'done' ? step : { ...step, status: 'pending', ms: null },
  );
  await server.db.operation.update({
    where: { id },
    data: { status: 'running', endedAt: null, error: Prisma.DbNull, steps: begun },
  });
  await again();
}

test.each(moments(STOP_AND_ASIDE))(
  'one whose server was killed at %s while it went into the trash is wholly in it afterwards',
  async (place) => {
    const { id } = await make({ name: 'web', start: true });
    const { idRange, lease } = server.guests.get('web');
    await killedAt(place, 'guest.trash', () => trash('web', true));
    expect(server.guests.all()).toEqual([]);
    expect(server.guests.trashed()).toMatchObject([{ id, name: 'web', idRange, lease, run: null }]);
    expect(server.runtime.folders.has(id)).toBe(true);
    expect(server.runtime.running.size).toBe(0);
    await restore(id);
    expect(server.guests.get('web').id).toBe(id);
  },
);

test.each(moments(BRING_BACK))(
  'one whose server was killed at %s while it came back is wholly back afterwards',
  async (place) => {
    const { id } = await make({ name: 'web' });
    await trash('web');
    await killedAt(place, 'guest.restore', () => restore(id));
    expect(server.guests.trashed()).toEqual([]);
    expect(server.guests.get('web')).toMatchObject({ id, state: 'stopped', trash: null });
    expect(server.runtime.folders.has(id)).toBe(true);
  },
);
