import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type MemoryServer, startMemoryServer } from '../http/memory-server.ts';
import { send } from '../http/test-front.ts';
import { startTeamPostgres, type TeamPostgres } from '../launch/team-postgres-fixture.ts';
import { createLog } from '../log.ts';
import { connectDb } from './client.ts';

// The whole server on a real PostgreSQL that is stopped and started again, as in a failover.
const PASSWORD = 'correct horse battery';
const SOON = { timeout: 10_000, interval: 50 };
const quiet = createLog(() => undefined);
let team: TeamPostgres;
let server: MemoryServer;

beforeAll(async () => {
  team = await startTeamPostgres();
  await team.ask('CREATE DATABASE away OWNER berth');
  server = await startMemoryServer(quiet, { DATABASE_URL: team.url('away') });
  for (const name of ['alpha', 'beta'])
    await root('guest.create', { name, image: 'berth/mini', wait: true, start: true });
}, 60_000);
afterAll(async () => {
  await team?.start();
  await server?.[Symbol.asyncDispose]();
  await team?.[Symbol.asyncDispose]();
});

afterEach(async () => {
  await team.start();
  await back();
});

async function root<T>(path: string, body?: unknown): Promise<T> {
  const answer = await send(server.instance.adminSocket, `/api/trpc/${path}`, { body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return (answer.body as { result: { data: T } }).result.data;
}

/** Somebody with a role, signed in. */
async function person(username: string, role: string): Promise<string> {
  const { link } = await root<{ link: { path: string } }>('user.create', { username, role });
  const token = link.path.split('#')[1];
  const accepted = await send(server.instance.webSocket, '/api/trpc/link.accept', {
    body: { token, password: PASSWORD },
  });
  expect(accepted.status).toBe(200);
  return accepted.cookies[0]?.split(';')[0] ?? '';
}

const as = (cookie: string, path: string, body?: unknown) =>
  send(server.instance.webSocket, path.startsWith('/') ? path : `/api/trpc/${path}`, {
    body,
    headers: { cookie },
  });
const state = async () => {
  const { body } = await send(server.instance.webSocket, '/api/trpc/database.state');
  return (body as { result: { data: { awaySince: string | null } } }).result.data.awaySince;
};
const away = () => vi.waitFor(async () => expect(await state()).not.toBeNull(), SOON);
const ending = () => join(server.instance.dataDir, 'signed-out.json');
const back = () => vi.waitFor(async () => expect(await state()).toBeNull(), SOON);

/** What comes over one WebSocket of a browser. */
async function listen(cookie: string): Promise<{ told: unknown[]; close(): void; closed: boolean }> {
  const socket = new WebSocket('ws://berth.test:8443/api/trpc', {
    createConnection: () => connect(server.instance.webSocket),
    headers: { cookie, origin: 'https://berth.test:8443', 'x-forwarded-host': 'berth.test:8443' },
  });
  const heard = { told: [] as unknown[], close: () => socket.terminate(), closed: false };
  socket.on('close', () => {
    heard.closed = true;
  });
  socket.on('message', (data) => heard.told.push(JSON.parse(String(data))));
  await once(socket, 'open');
  socket.send(JSON.stringify({ id: 1, method: 'subscription', params: { path: 'event.stream' } }));
  await vi.waitFor(() => expect(heard.told.length).toBeGreaterThan(0), SOON);
  return heard;
}

test('who is signed in goes on reading, every change is refused with since when, and all goes on after the return', async () => {
  const ann = await person('ann', 'operator');
  const gone = await person('gone', 'viewer');
  const left = await person('left', 'viewer');
  for (const cookie of [ann, gone, left]) expect((await as(cookie, 'guest.list')).status).toBe(200);
  for (const path of ['image.list', 'volume.list', 'auth.me']) expect((await as(ann, path)).status).toBe(200);
  const page = await listen(ann);
  await root('guest.stop', { guest: 'beta', wait: true });
  await root('user.disable', { username: 'gone' });
  // What is in whose reach may have changed: lists of it are known again once they were asked for.
  expect((await as(ann, 'volume.list')).status).toBe(200);
  expect((await as(left, '/api/auth/sign-out', {})).status).toBe(200);
  await team.stop();
  await away();

  expect((await as(ann, 'guest.list')).body).toMatchObject({
    result: {
      data: [
        { name: 'alpha', state: 'running' },
        { name: 'beta', state: 'stopped' },
      ],
    },
  });
  for (const path of ['image.list', 'volume.list']) {
    const answer = await as(ann, path);
    expect(answer.status, `${path} ${JSON.stringify(answer.body)}`).toBe(200);
  }
  const me = (await as(ann, 'auth.me')).body as { result: { data: { user: { rights: unknown } } } };
  expect(me.result.data.user).toMatchObject({ username: 'ann', privileged: false });
  expect(JSON.stringify(me.result.data.user.rights)).toContain('guest.run');

  // What the database knew to be over is over; whoever it has not confirmed is nobody, and not sent to sign in.
  for (const cookie of [gone, left]) {
    const answer = await as(cookie, 'guest.list');
    expect([401, 503], JSON.stringify(answer.body)).toContain(answer.status);
  }
  expect((await as('berth-session=forged', 'guest.list')).status).toBe(503);

  const refused = await as(ann, 'guest.stop', { guest: 'alpha' });
  expect(refused.status).toBe(503);
  expect(JSON.stringify(refused.body)).toMatch(
    /the database is away since \d\d:\d\d UTC: nothing was changed/,
  );
  // Who may not do it learns no more than who may.
  expect((await as(ann, 'user.create', { username: 'eve', role: 'admin' })).status).toBe(503);
  const signIn = await send(server.instance.webSocket, '/api/auth/sign-in/username', {
    body: { username: 'ann', password: PASSWORD },
  });
  expect(signIn.status).toBe(503);
  expect(JSON.stringify(signIn.body)).toContain('the database is away since');

  await team.start();
  // The first call after the return is taken, whether the server has noticed or not.
  expect((await as(ann, 'guest.stop', { guest: 'alpha', wait: true })).status).toBe(200);
  await back();
  expect((await as(gone, 'guest.list')).status).toBe(401);
  await vi.waitFor(() => {
    const turns = page.told.flatMap((message) => {
      const { result } = message as { result?: { data?: { type?: string; awaySince?: unknown } } };
      return result?.data?.type === 'database.changed' ? [result.data.awaySince === null] : [];
    });
    expect(turns).toEqual([false, true]);
    expect(JSON.stringify(page.told)).toContain('"state":"stopped"');
  }, SOON);
  expect(page.closed).toBe(false);
  page.close();
  // What was refused is written down too, and the chain is whole.
  const all = `audit.list?input=${encodeURIComponent('{}')}`;
  await vi.waitFor(async () => {
    const refusal = { action: 'user.create', outcome: 'failed', actor: 'ann' };
    expect(await root(all)).toContainEqual(expect.objectContaining(refusal));
  }, SOON);
  expect(await root('audit.verify')).toMatchObject({ problems: [] });
}, 60_000);

test('who signs out while it is away is out, here at once and there as soon as it is back', async () => {
  const bob = await person('bob', 'viewer');
  const other = await person('other', 'viewer');
  // The same session once more, in a header that is another one.
  const again = `theme=dark; ${bob}`;
  for (const cookie of [bob, again, other]) expect((await as(cookie, 'guest.list')).status).toBe(200);
  const [page, others] = [await listen(bob), await listen(other)];
  await team.stop();
  await away();
  for (const cookie of [bob, again]) expect((await as(cookie, 'guest.list')).status).toBe(200);
  const out = await as(bob, '/api/auth/sign-out', {});
  expect(out.status).toBe(200);
  expect(out.cookies.join()).toMatch(/berth-session=;.*Max-Age=0/);
  for (const cookie of [bob, again]) expect((await as(cookie, 'guest.list')).status).toBe(503);
  await vi.waitFor(() => expect(page.closed).toBe(true), SOON);
  // Who else is signed in stays so.
  expect((await as(other, 'guest.list')).status).toBe(200);
  expect(others.closed).toBe(false);
  others.close();
  await team.start();
  await back();
  for (const cookie of [bob, again]) expect((await as(cookie, 'guest.list')).status).toBe(401);
  await vi.waitFor(() => expect(existsSync(ending())).toBe(false), SOON);
}, 60_000);

test('who signed out while it was away is out also when the server that knew is gone', async () => {
  const eli = await person('eli', 'viewer');
  expect((await as(eli, 'guest.list')).status).toBe(200);
  await team.stop();
  await away();
  expect((await as(eli, '/api/auth/sign-out', {})).status).toBe(200);
  expect(statSync(ending()).mode & 0o777).toBe(0o600);
  await server.restart(() => team.start());
  expect((await as(eli, 'guest.list')).status).toBe(401);
  await vi.waitFor(() => expect(existsSync(ending())).toBe(false), SOON);
  expect((await as(eli, 'guest.list')).status).toBe(401);
}, 60_000);

test('rights that were taken directly before count no more', async () => {
  const cho = await person('cho', 'operator');
  expect((await as(cho, 'guest.list')).status).toBe(200);
  const before = (await as(cho, 'auth.me')).body;
  expect(JSON.stringify(before)).toContain('guest.run');
  await root('user.grant', { username: 'cho', role: 'viewer' });
  await root('user.take', { username: 'cho', role: 'operator' });
  await team.stop();
  await away();
  const after = await as(cho, 'auth.me');
  expect([401, 503], JSON.stringify(after.body)).toContain(after.status === 200 ? 401 : after.status);
  expect(JSON.stringify(after.body)).not.toContain('guest.run');
  await team.start();
  await back();
}, 60_000);

test('a guest that ends meanwhile is shown ended, and that is written down afterwards; connections break in the middle', async () => {
  const dee = await person('dee', 'viewer');
  await root('guest.start', { guest: 'alpha', wait: true });
  expect((await as(dee, 'guest.list')).status).toBe(200);
  await team.stop();
  await away();
  const [alpha] = await root<{ id: string }[]>('guest.list');
  server.endGuest(alpha?.id ?? '');
  await vi.waitFor(async () => {
    expect((await as(dee, 'guest.list')).body).toMatchObject({
      result: { data: [{ name: 'alpha', state: 'failed', initPid: null }, { name: 'beta' }] },
    });
  }, SOON);
  await team.start();
  await back();
  const stored = async () => {
    const db = connectDb(team.url('away'));
    return db.guest.findMany({ orderBy: { name: 'asc' } }).finally(() => db.$disconnect());
  };
  await vi.waitFor(async () => expect((await stored())[0]).toMatchObject({ state: 'failed' }), SOON);

  // Every connection is cut while a change is made: it is made or refused, and the next is made.
  const started = root('guest.start', { guest: 'alpha', wait: true }).catch(() => null);
  await team.ask(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'away' AND pid <> pg_backend_pid()`,
  );
  await started;
  await back();
  await vi.waitFor(async () => {
    const [alpha] = await root<{ state: string }[]>('guest.list');
    if (alpha?.state !== 'running') await root('guest.start', { guest: 'alpha', wait: true });
    expect((await stored())[0]).toMatchObject({ state: 'running' });
  }, SOON);
}, 60_000);

test('a server that only repeats another counts as away, until it takes changes', async () => {
  await team.ask(`ALTER DATABASE away SET default_transaction_read_only = on`);
  await team.ask(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'away' AND pid <> pg_backend_pid()`,
  );
  await away();
  const refused = await send(server.instance.adminSocket, '/api/trpc/guest.stop', {
    body: { guest: 'alpha' },
  });
  expect(refused.status).toBe(503);
  await team.ask(`ALTER DATABASE away RESET default_transaction_read_only`);
  await back();
  await vi.waitFor(() => root('guest.stop', { guest: 'alpha', wait: true }), SOON);
}, 60_000);
