import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { checkTarget } from '../backup/check-target.ts';
import { readInstallation } from '../db/installation.ts';
import { assertMovable, leaveShared } from '../db/shared-with.ts';
import { withClient } from '../db/with-client.ts';
import type { BerthEvent } from '../event/schema.ts';
import { send } from '../http/test-front.ts';
import { SharingServer } from './sharing-server-fixture.ts';
import { startTeamPostgres, type TeamPostgres } from './team-postgres-fixture.ts';

// Two real servers, each with a data folder and a slot of its own as two hosts have them, on one PostgreSQL as a team has it.
const PASSWORD = 'correct horse battery';
const MIB = 1024 ** 2;
/** ms: a busy machine fails no test. */
const SOON = { timeout: 15_000 };

let team: TeamPostgres;
let folder: string;
let a: SharingServer;
let b: SharingServer;

/** Waits, and says how long it took beside what it may where nobody else works (ms). */
async function within<T>(ms: number, what: string, look: () => T | undefined | null | false): Promise<T> {
  const began = performance.now();
  const found = await vi.waitFor(
    () => {
      const seen = look();
      if (!seen) throw new Error(`${what}: not yet`);
      return seen;
    },
    { timeout: 10_000, interval: 5 },
  );
  const took = performance.now() - began;
  if (took >= ms) console.log(`${what}: after ${took.toFixed(0)} ms, of ${ms}`);
  return found;
}

const changed = (heard: readonly BerthEvent[], name: string) =>
  heard.filter((one) => one.type === 'guest.changed').findLast(({ guest }) => guest.name === name)?.guest;

async function person(username: string, role: string): Promise<string> {
  const { link } = await a.ask<{ link: { path: string } }>('user.create', { username, role });
  const accepted = await send(a.instance.webSocket, '/api/trpc/link.accept', {
    body: { token: link.path.split('#')[1], password: PASSWORD },
  });
  expect(accepted.status, JSON.stringify(accepted.body)).toBe(200);
  return accepted.cookies[0]?.split(';')[0] ?? '';
}

const make = (server: SharingServer, name: string, more: object = {}) =>
  server.call('guest.create', { name, image: 'berth/mini', wait: true, ...more });

beforeAll(async () => {
  team = await startTeamPostgres();
  await team.ask('CREATE DATABASE shared OWNER berth');
  folder = mkdtempSync(join(tmpdir(), 'berth-shared-'));
  chmodSync(folder, 0o711);
  const at = { folder, database: team.url('shared') };
  a = new SharingServer('a', at);
  b = new SharingServer('b', at);
  expect(await a.start()).toBeNull();
  expect((await make(a, 'alpha', { start: true })).status).toBe(200);
}, 300_000);

afterAll(async () => {
  await b?.remove();
  await a?.remove();
  await team?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
}, 120_000);

test('a second host joins only when it is told to, and with the key of the first', async () => {
  expect(await b.start()).toMatch(/has the inventory of another Berth .*berth up --join/);
  expect(await b.start({ BERTH_JOIN: '1' })).toMatch(/copy .*\/a\/auth-secret of .* to .*\/b\/auth-secret/);
  expect(existsSync(join(b.data, 'database.json'))).toBe(false);
  copyFileSync(join(a.data, 'auth-secret'), join(b.data, 'auth-secret'));
  expect(await b.start({ BERTH_JOIN: '1' })).toBeNull();
  // From now on nothing has to say so, and A does not take B for a stranger.
  await b.end();
  expect(await b.start()).toBeNull();
  await a.end();
  expect(await a.start()).toBeNull();
}, 120_000);

test('each shows the guests of all, and what needs the kernel is done where they live', async () => {
  const alpha = await a.ask<{ initPid: number; startedAt: string }>('guest.get?input={"guest":"alpha"}');
  expect(alpha).toMatchObject({ state: 'running', elsewhere: null, host: a.host });
  process.kill(alpha.initPid, 0);
  const seen = await b.ask<object>('guest.get?input={"guest":"alpha"}');
  expect(seen).toMatchObject({
    state: 'running',
    host: a.host,
    elsewhere: expect.stringContaining('https://'),
  });
  for (const [path, input] of [
    ['guest.stop', { guest: 'alpha' }],
    ['guest.rename', { guest: 'alpha', name: 'other' }],
    ['guest.configure', { guest: 'alpha', limits: { pids: 99 } }],
    ['guest.delete', { guest: 'alpha', force: true }],
    ['guest.trash', { guest: 'alpha', force: true }],
    ['console.openShell', { guest: 'alpha' }],
  ] as const) {
    expect(await b.refusal(path, input), path).toContain(
      `alpha lives on host ${a.host}: do that there (https://`,
    );
  }
  // B, which has been started twice beside it, has left it alone.
  expect(await a.ask<object>('guest.get?input={"guest":"alpha"}')).toMatchObject({
    ...{ initPid: alpha.initPid, state: 'running', startedAt: alpha.startedAt },
  });
  const q = encodeURIComponent(JSON.stringify({ q: `host:"${a.data}"` }));
  const found = await b.ask<{ rows: { name: string }[] }>(`guest.search?input=${q}`);
  expect(found.rows.map(({ name }) => name)).toEqual(['alpha']);
}, 60_000);

test('what is done at one is seen at the other within a second, from both sides', async () => {
  const cookie = await person('ada', 'admin');
  // Who has signed in at A is signed in at B.
  const atB = await b.listen(cookie);
  const atA = await a.listen(cookie);
  await a.ask('guest.describe', { guest: 'alpha', addTags: ['web'] });
  const told = await within(1000, 'tags at B', () => {
    const guest = changed(atB.heard, 'alpha');
    return guest?.tags.includes('web') && guest;
  });
  expect(told.host).toBe(a.host);
  await b.ask('guest.describe', { guest: 'alpha', addTags: ['db'], notes: 'written at B' });
  await within(1000, 'tags at A', () => changed(atA.heard, 'alpha')?.tags.join() === 'db,web');
  // What A knows is what it goes on with: another edit there keeps both.
  await a.ask('guest.describe', { guest: 'alpha', addTags: ['eu'] });
  await within(1000, 'tags at B', () => changed(atB.heard, 'alpha')?.tags.join() === 'db,eu,web');
  expect(await a.ask<object>('guest.get?input={"guest":"alpha"}')).toMatchObject({
    ...{ tags: ['db', 'eu', 'web'], notes: 'written at B', state: 'running' },
  });

  expect((await make(b, 'beta')).status).toBe(200);
  const beta = await within(1000, 'a new guest at A', () => changed(atA.heard, 'beta'));
  expect(beta).toMatchObject({ host: b.host, elsewhere: expect.any(String) });
  expect(await a.refusal('guest.start', { guest: 'beta' })).toContain(`lives on host ${b.host}`);
  expect(await a.refusal('guest.create', { name: 'beta', image: 'berth/mini' })).toContain('is taken');
  await b.ask('guest.start', { guest: 'beta', wait: true });
  await within(1000, 'that it runs', () => changed(atA.heard, 'beta')?.state === 'running');
  await b.ask('guest.delete', { guest: 'beta', force: true, wait: true });
  await within(1000, 'that it is gone', () => atA.heard.some((one) => one.type === 'guest.removed'));

  await a.ask('project.create', { name: 'shop' });
  await within(1000, 'a project at B', () => atB.heard.some((one) => one.type === 'projects.changed'));
  expect(JSON.stringify(await b.ask('project.list'))).toContain('"shop"');
  await b.ask('guest.move', { guest: 'alpha', project: 'shop' });
  await within(1000, 'a move at A', () => changed(atA.heard, 'alpha')?.project === 'shop');
  await a.ask('guest.move', { guest: 'alpha', project: 'default' });
  for (const { socket } of [atA, atB]) socket.close();
}, 120_000);

test('edits of the same guest at both at once lose nothing, and a version that is old is refused', async () => {
  const tags = Array.from({ length: 8 }, (_, at) => `t${at}`);
  await Promise.all(
    tags.map((tag, at) => (at % 2 ? a : b).ask('guest.describe', { guest: 'alpha', addTags: [tag] })),
  );
  for (const server of [a, b])
    await vi.waitFor(async () => {
      const guest = await server.ask<{ tags: string[] }>('guest.get?input={"guest":"alpha"}');
      expect(guest.tags).toEqual(expect.arrayContaining(tags));
    }, SOON);
  const { version } = await a.ask<{ version: number }>('guest.get?input={"guest":"alpha"}');
  await a.ask('guest.describe', { guest: 'alpha', version, notes: 'of A' });
  expect(await b.refusal('guest.describe', { guest: 'alpha', version, notes: 'of B' })).toContain(
    'root has changed the notes of alpha meanwhile',
  );
}, 60_000);

test('rights that are taken at one end what was open at the other within a second', async () => {
  const cookie = await person('bob', 'viewer');
  const stream = await b.listen(cookie);
  expect((await b.call('guest.list', undefined, cookie)).status).toBe(200);
  await a.ask('user.take', { username: 'bob', role: 'viewer' });
  const began = performance.now();
  await stream.closed;
  console.log(`ended after ${(performance.now() - began).toFixed(0)} ms, of 1000`);
  expect(performance.now() - began).toBeLessThan(5000);
  expect((await b.call('guest.list', undefined, cookie)).status).toBe(401);
}, 60_000);

test('a quota holds when both make guests at once', async () => {
  await a.ask('project.create', { name: 'small', quotas: { guests: 3, memory: 256 * MIB } });
  await vi.waitFor(
    async () => expect(JSON.stringify(await b.ask('project.list'))).toContain('"small"'),
    SOON,
  );
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, at) =>
      make(at % 2 ? a : b, `s${at}`, { project: 'small', limits: { memory: 64 * MIB } }),
    ),
  );
  const made = answers.filter(({ status }) => status === 200);
  expect(made).toHaveLength(3);
  // What a host has promised and not yet made is counted by it as well.
  for (const { status, body } of answers)
    if (status !== 200)
      expect(JSON.stringify(body)).toMatch(/project small has \d guests of at most 3 guests in use/);
  await withClient(team.url('shared'), async (client) => {
    const { rows } = await client.query(`SELECT count(*)::int AS n FROM "guest" WHERE "project" = 'small'`);
    expect(rows).toEqual([{ n: 3 }]);
    await vi.waitFor(
      async () => expect((await client.query('SELECT 1 FROM "quota_claim"')).rows).toHaveLength(0),
      SOON,
    );
  });
  // And when both make them bigger at once: 192 of 256 MiB are taken.
  const guests = await a.ask<{ name: string; project: string; elsewhere: string | null }[]>('guest.list');
  const small = guests.filter(({ project }) => project === 'small');
  const bigger = await Promise.all(
    small.map(({ name, elsewhere }) =>
      (elsewhere === null ? a : b).call('guest.configure', { guest: name, limits: { memory: 128 * MIB } }),
    ),
  );
  expect(bigger.filter(({ status }) => status === 200)).toHaveLength(1);
}, 120_000);

test('after a lost connection what was missed is known; a server that starts leaves the others’ guests and operations alone', async () => {
  const cookie = await person('eve', 'admin');
  const stream = await b.listen(cookie);
  // Only B's connection that listens: what A writes meanwhile is told to nobody.
  await withClient(team.url('shared'), async (client) => {
    await client.query(`UPDATE "guest" SET "notes" = 'before' WHERE "name" = 'alpha'`);
    await client.query('ALTER TABLE "guest" DISABLE TRIGGER "tell_servers"');
    await client.query(`UPDATE "guest" SET "notes" = 'unheard' WHERE "name" = 'alpha'`);
    await client.query('ALTER TABLE "guest" ENABLE TRIGGER "tell_servers"');
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE query LIKE '%pg_is_in_recovery%' AND pid <> pg_backend_pid()`,
    );
  });
  await within(5000, 'what was missed', () => changed(stream.heard, 'alpha')?.notes === 'unheard');
  stream.socket.close();

  const id = 'zz-left-by-a';
  await withClient(team.url('shared'), (client) =>
    client.query(
      `INSERT INTO "operation" ("id", "installationId", "kind", "status", "subjectType", "subjectId", "subjectName", "actor", "input", "steps")
         SELECT $1, "installationId", 'guest.start', 'running', 'guest', "id", "name", 'root', '{}', '[]' FROM "guest" WHERE "name" = 'alpha'`,
      [id],
    ),
  );
  await b.end('SIGKILL');
  expect(await b.start()).toBeNull();
  // Leases are each host's own: the others' guests have no name and no address here.
  const names = readFileSync(join(b.instance.runDir, 'dns/hosts'), 'utf8');
  expect(names).not.toContain('alpha');
  expect(readFileSync(join(a.instance.runDir, 'dns/hosts'), 'utf8')).toContain('alpha');
  await withClient(team.url('shared'), async (client) => {
    const { rows } = await client.query('SELECT "status" FROM "operation" WHERE "id" = $1', [id]);
    expect(rows).toEqual([{ status: 'running' }]);
    await client.query('DELETE FROM "operation" WHERE "id" = $1', [id]);
  });
  const alpha = await a.ask<{ state: string; initPid: number }>('guest.get?input={"guest":"alpha"}');
  expect(alpha.state).toBe('running');
  process.kill(alpha.initPid, 0);
}, 120_000);

test('a shared inventory is moved by nobody while others are at work, and is left by one host alone', async () => {
  const url = team.url('shared');
  const idOf = (server: SharingServer) => readInstallation(server.data)?.id ?? '';
  const [ofA, ofB] = [idOf(a), idOf(b)];
  await expect(assertMovable(url, ofA, false)).rejects.toThrow(/is shared with .*\/b on .*stop it first/);
  await expect(assertMovable(url, ofA, true)).rejects.toThrow('does not become the private one of this host');
  await expect(checkTarget(url, ofB)).resolves.toEqual({ leftover: true });
  await b.remove();
  expect(await leaveShared(url, ofB)).toBe(true);
  await withClient(url, async (client) => {
    const { rows } = await client.query('SELECT "id" FROM "installation"');
    expect(rows).toEqual([{ id: ofA }]);
    const { rows: left } = await client.query(
      'SELECT "name" FROM "image" WHERE "installationId" = $1 UNION SELECT "name" FROM "guest" WHERE "installationId" = $1',
      [ofB],
    );
    expect(left).toEqual([]);
  });
  await assertMovable(url, ofA, true);
  // The last one takes all out.
  expect(await leaveShared(url, ofA)).toBe(false);
  // A knows that it is alone, and its guest has nothing of it.
  await vi.waitFor(
    async () =>
      expect(await a.ask<object>('guest.get?input={"guest":"alpha"}')).toMatchObject({
        ...{ state: 'running', host: hostname() },
      }),
    SOON,
  );
}, 120_000);
