import { statSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { MOST_SUBSCRIPTIONS } from '../count-subscriptions.ts';
import { type Answer, send, startTestFront, type TestFront } from './test-front.ts';

const PASSWORD = 'correct horse battery';

let front: TestFront;
let cookie = '';

beforeAll(async () => {
  front = await startTestFront();
});
afterAll(() => front?.close());

const web = (path: string, options?: Parameters<typeof send>[2]) =>
  send(front.instance.webSocket, path, options);
const admin = (path: string, options?: Parameters<typeof send>[2]) =>
  send(front.instance.adminSocket, path, options);
const nameAndValue = (answer: Answer) => answer.cookies[0]?.split(';')[0] ?? '';
const signIn = (username: string, password: string, headers = {}) =>
  web('/api/auth/sign-in/username', { body: { username, password }, headers });

async function newToken(): Promise<string> {
  const { body } = await admin('/api/trpc/admin.createLink', { body: {} });
  const path = JSON.stringify(body).match(/\/setup#([\w-]+)/)?.[1];
  expect(path).toMatch(/^[\w-]{43}$/);
  return path ?? '';
}

const createAdmin = (token: string, username: string, password = PASSWORD) =>
  web('/api/trpc/setup.createAdmin', { body: { token, username, password, name: 'Ada' } });

const me = (headers = {}) => web('/api/trpc/auth.me', { headers });

test('the sockets belong to whom they are for', () => {
  expect(statSync(front.instance.adminSocket).mode & 0o777).toBe(0o600);
  expect(statSync(front.instance.webSocket).mode & 0o777).toBe(0o660);
});

test('a link makes the first administrator once, and signs in', async () => {
  expect((await web('/api/trpc/setup.state')).body).toEqual({ result: { data: { needsAdmin: true } } });
  const token = await newToken();
  const short = await createAdmin(token, 'ada', 'short');
  expect(short).toMatchObject({
    status: 400,
    body: { error: { data: { berth: { code: 'bad_input', field: ['password'] } } } },
  });
  expect(JSON.stringify(short.body)).not.toContain('short');
  const made = await createAdmin(token, 'ada');
  expect(made).toMatchObject({ status: 200, body: { result: { data: { username: 'ada' } } } });
  expect(made.cookies[0]).toMatch(/^__Host-berth-session=.*; Path=\/; HttpOnly; Secure; SameSite=Strict$/i);
  cookie = nameAndValue(made);
  expect(await me({ cookie })).toMatchObject({
    body: { result: { data: { user: { username: 'ada', name: 'Ada' } } } },
  });
  expect(await createAdmin(token, 'eve')).toMatchObject({
    status: 403,
    body: { error: { data: { berth: { code: 'forbidden', field: ['token'] } } } },
  });
  expect((await web('/api/trpc/setup.state')).body).toEqual({ result: { data: { needsAdmin: false } } });
});

test('two uses of one link at once make one administrator', async () => {
  const token = await newToken();
  const answers = await Promise.all(['bob', 'bea', 'ben'].map((name) => createAdmin(token, name)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 403, 403]);
  expect(await front.started.platform.db.user.count()).toBe(2);
});

test('a taken user name is said at its field, and the link stays good', async () => {
  const token = await newToken();
  expect(await createAdmin(token, 'ada')).toMatchObject({
    status: 409,
    body: { error: { data: { berth: { code: 'name_taken', field: ['username'] } } } },
  });
  expect((await createAdmin(token, 'cyd')).status).toBe(200);
});

test('a link that is too old makes nobody', async () => {
  const token = await newToken();
  const { setupLink, user } = front.started.platform.db;
  const users = await user.count();
  const { expiresAt } = await setupLink.findFirstOrThrow({ orderBy: { createdAt: 'desc' } });
  expect(expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(3600_000);
  await setupLink.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
  expect(await createAdmin(token, 'eve')).toMatchObject({
    status: 403,
    body: { error: { data: { berth: { code: 'forbidden', field: ['token'] } } } },
  });
  expect(await user.count()).toBe(users);
});

test('signing in gives a new session and ends the one that the browser had; other browsers keep theirs', async () => {
  const [first, elsewhere] = [await signIn('ada', PASSWORD), await signIn('ada', PASSWORD)].map(nameAndValue);
  const second = nameAndValue(await signIn('ada', PASSWORD, { cookie: first }));
  expect(second).not.toBe(first);
  const nobody = { body: { result: { data: { user: null } } } };
  const ada = { body: { result: { data: { user: { username: 'ada' } } } } };
  expect(await me({ cookie: first })).toMatchObject(nobody);
  expect(await me({ cookie: second })).toMatchObject(ada);
  expect(await me({ cookie: elsewhere })).toMatchObject(ada);
  // a cookie that somebody put there is not taken over
  const planted = '__Host-berth-session=planted.value';
  expect(nameAndValue(await signIn('ada', PASSWORD, { cookie: planted }))).not.toContain('planted');
});

test('nobody without a session, with a forged or an old one', async () => {
  for (const headers of [
    {},
    { cookie: '__Host-berth-session=abc.def' },
    { cookie: `${cookie.slice(0, -4)}AAAA` },
  ]) {
    expect(await me(headers)).toMatchObject({ body: { result: { data: { user: null } } } });
    expect(await web('/api/trpc/operation.list?input=%7B%7D', { headers })).toMatchObject({
      status: 401,
      body: { error: { data: { berth: { code: 'unauthenticated' } } } },
    });
  }
  expect((await web('/api/trpc/operation.list?input=%7B%7D', { headers: { cookie } })).status).toBe(200);
});

test('root procedures are for the admin socket only', async () => {
  expect(await web('/api/trpc/admin.createLink', { body: {}, headers: { cookie } })).toMatchObject({
    status: 403,
    body: { error: { data: { berth: { code: 'forbidden' } } } },
  });
});

test('requests of other sites are refused', async () => {
  const body = { username: 'ada', password: PASSWORD };
  const path = '/api/auth/sign-in/username';
  expect((await web(path, { body })).status).toBe(200);
  for (const headers of [
    { origin: 'https://evil.test' },
    { origin: 'http://berth.test:8443' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'x-berth': '0' },
  ]) {
    expect(await web(path, { body, headers }), JSON.stringify(headers)).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
  }
});

test('a wrong password and an unknown user look the same, and tries are limited', async () => {
  const wrong = await signIn('cyd', 'wrong password');
  expect(wrong).toMatchObject({ status: 401, body: { code: 'unauthenticated', field: ['password'] } });
  expect((await signIn('nobody', 'wrong password')).body).toEqual(wrong.body);
  for (let tries = 1; tries < 10; tries++)
    await signIn('cyd', 'wrong password', { 'x-forwarded-for': '192.0.2.8' });
  const limited = await signIn('cyd', PASSWORD, { 'x-forwarded-for': '192.0.2.9' });
  expect(limited).toMatchObject({
    status: 429,
    body: { code: 'too_many', message: expect.stringMatching(/try again in \d+ s/) },
  });
  expect((await signIn('ada', PASSWORD)).status).toBe(200);
});

test('better-auth beyond signing in and out is not reachable', async () => {
  for (const path of [
    '/api/auth/sign-up/email',
    '/api/auth/get-session',
    '/api/auth/update-user',
    '/api/auth/list-sessions',
  ]) {
    expect(
      (await web(path, { body: { email: 'x@y.z', password: PASSWORD, name: 'x' }, headers: { cookie } }))
        .status,
    ).toBe(404);
  }
});

function openSocket(
  headers: Record<string, string>,
): Promise<{ socket: WebSocket; messages: string[]; closed: Promise<number> }> {
  const socket = new WebSocket(`ws+unix://${front.instance.webSocket}:/api/trpc`, {
    headers: { 'x-forwarded-host': 'berth.test:8443', ...headers },
  });
  const messages: string[] = [];
  socket.on('message', (data) => messages.push(String(data)));
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve({ socket, messages, closed }));
    socket.once('error', reject);
  });
}

test('a WebSocket needs our Origin', async () => {
  await expect(openSocket({ cookie })).rejects.toThrow('403');
  await expect(openSocket({ cookie, origin: 'https://evil.test' })).rejects.toThrow('403');
});

test('events reach a subscription, which ends within a second of its session', async () => {
  const session = nameAndValue(await signIn('ada', PASSWORD));
  const { socket, messages, closed } = await openSocket({
    cookie: session,
    origin: 'https://berth.test:8443',
  });
  socket.send(JSON.stringify({ id: 1, method: 'subscription', params: { path: 'event.stream' } }));
  await vi.waitFor(() => expect(messages.join()).toContain('started'));
  front.started.platform.events.publish({ type: 'guest.removed', id: 'g1', name: 'lost' });
  await vi.waitFor(() => expect(messages.join()).toContain('"name":"lost"'));
  const began = performance.now();
  expect((await web('/api/auth/sign-out', { body: {}, headers: { cookie: session } })).status).toBe(200);
  expect(await closed).toBe(4401);
  expect(performance.now() - began).toBeLessThan(1500);
  expect(await me({ cookie: session })).toMatchObject({ body: { result: { data: { user: null } } } });
});

/** Connections that the web socket's server has, upgraded ones too. */
const connections = () =>
  new Promise<number>((resolve, reject) =>
    front.http.web.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );

test.each<[string, (token: string) => Promise<unknown>]>([
  ['revoked', (token) => front.started.platform.db.session.deleteMany({ where: { token } })],
  [
    'idle for too long',
    (token) =>
      front.started.platform.db.session.updateMany({ where: { token }, data: { expiresAt: new Date(0) } }),
  ],
  [
    'too old',
    (token) =>
      front.started.platform.db.session.updateMany({ where: { token }, data: { createdAt: new Date(0) } }),
  ],
  ['of a user who is gone', () => front.started.platform.db.user.deleteMany({ where: { username: 'dot' } })],
])('a socket whose session is %s ends, although its client answers no close', async (_what, end) => {
  await createAdmin(await newToken(), 'dot');
  const session = nameAndValue(await signIn('dot', PASSWORD));
  const token = decodeURIComponent(session).split('=')[1]?.split('.')[0] ?? '';
  const before = await connections();
  const { socket } = await openSocket({ cookie: session, origin: 'https://berth.test:8443' });
  socket.send(JSON.stringify({ id: 1, method: 'subscription', params: { path: 'event.stream' } }));
  await vi.waitFor(async () => expect(await connections()).toBe(before + 1));
  socket.pause();
  const began = performance.now();
  await end(token);
  await vi.waitFor(async () => expect(await connections()).toBe(before), { timeout: 4000, interval: 10 });
  expect(performance.now() - began).toBeLessThan(1500);
  socket.terminate();
  await front.started.platform.db.user.deleteMany({ where: { username: 'dot' } });
});

test('a socket has so many subscriptions and no more; those that end make room, and others have theirs', async () => {
  const headers = { cookie: nameAndValue(await signIn('ada', PASSWORD)), origin: 'https://berth.test:8443' };
  const one = await openSocket(headers);
  const ask = (id: number, method = 'subscription') =>
    one.socket.send(JSON.stringify({ id, method, params: { path: 'event.stream' } }));
  const said = (word: string) => one.messages.filter((message) => message.includes(word)).length;
  for (let id = 1; id <= MOST_SUBSCRIPTIONS; id++) ask(id);
  await vi.waitFor(() => expect(said('"started"')).toBe(MOST_SUBSCRIPTIONS));
  expect(said('too_many')).toBe(0);
  ask(MOST_SUBSCRIPTIONS + 1);
  await vi.waitFor(() => expect(said('too_many')).toBe(1));
  expect(one.messages.join()).toContain(`${MOST_SUBSCRIPTIONS} subscriptions`);
  const other = await openSocket(headers);
  other.socket.send(JSON.stringify({ id: 1, method: 'subscription', params: { path: 'event.stream' } }));
  await vi.waitFor(() => expect(other.messages.join()).toContain('started'));
  // Those that it has go on.
  front.started.platform.events.publish({ type: 'guest.removed', id: 'g2', name: 'told' });
  await vi.waitFor(() => expect(said('"name":"told"')).toBe(MOST_SUBSCRIPTIONS));
  ask(1, 'subscription.stop');
  await vi.waitFor(() => expect(said('"stopped"')).toBe(1));
  ask(MOST_SUBSCRIPTIONS + 2);
  front.started.platform.events.publish({ type: 'guest.removed', id: 'g3', name: 'again' });
  await vi.waitFor(() => expect(said('"name":"again"')).toBeGreaterThanOrEqual(MOST_SUBSCRIPTIONS - 1));
  expect(said('too_many')).toBe(1);
  for (const { socket, closed } of [one, other]) {
    socket.close();
    await closed;
  }
});

test('a subscription of nobody is refused', async () => {
  const { socket, messages } = await openSocket({ origin: 'https://berth.test:8443' });
  socket.send(JSON.stringify({ id: 1, method: 'subscription', params: { path: 'event.stream' } }));
  await vi.waitFor(() => expect(messages.join()).toContain('unauthenticated'));
  socket.close();
});

test('a restart keeps the session', async () => {
  await front.restart();
  expect(await me({ cookie })).toMatchObject({ body: { result: { data: { user: { username: 'ada' } } } } });
});

test('input that is wrong is named with its value', async () => {
  const answer = await web(`/api/trpc/operation.list?input=${encodeURIComponent('{"limit":9999}')}`, {
    headers: { cookie },
  });
  expect(answer).toMatchObject({
    status: 400,
    body: { error: { data: { berth: { code: 'bad_input', field: ['limit'] } } } },
  });
  expect(JSON.stringify(answer.body)).toContain('9999');
  expect(await web('/api/trpc/no.such')).toMatchObject({
    status: 404,
    body: { error: { data: { berth: { code: 'not_found' } } } },
  });
});

test('a session ends when it has idled, and when it is too old however much it is used', async () => {
  const { session } = front.started.platform.db;
  const old = nameAndValue(await signIn('ada', PASSWORD));
  const day = 24 * 3600_000;
  await session.updateMany({ data: { createdAt: new Date(Date.now() - 8 * day) } });
  expect(await me({ cookie: old })).toMatchObject({ body: { result: { data: { user: null } } } });
  const idle = nameAndValue(await signIn('ada', PASSWORD));
  expect(await me({ cookie: idle })).toMatchObject({
    body: { result: { data: { user: { username: 'ada' } } } },
  });
  const { expiresAt } = await session.findFirstOrThrow({
    orderBy: { createdAt: 'desc' },
    select: { expiresAt: true },
  });
  expect(expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(12 * 3600_000);
  await session.updateMany({ data: { expiresAt: new Date(Date.now() - 1000) } });
  expect(await me({ cookie: idle })).toMatchObject({ body: { result: { data: { user: null } } } });
});

test('a session that is used goes on, and its cookie with it', async () => {
  const { session } = front.started.platform.db;
  const used = nameAndValue(await signIn('ada', PASSWORD));
  await session.updateMany({ data: { expiresAt: new Date(Date.now() + 60_000) } });
  const answer = await me({ cookie: used });
  expect(answer.cookies[0]).toMatch(/^__Host-berth-session=.*Max-Age=43200/);
  const { expiresAt } = await session.findFirstOrThrow({
    orderBy: { createdAt: 'desc' },
    select: { expiresAt: true },
  });
  expect(expiresAt.getTime()).toBeGreaterThan(Date.now() + 11 * 3600_000);
});

test('while the database is away, requests say so; then they work again', async () => {
  // Lists are answered as they were last (last-answers.ts), and nobody remembers one operation.
  const ask = () => admin(`/api/trpc/operation.get?input=${encodeURIComponent('{"id":"nothing"}')}`);
  expect((await ask()).status).toBe(404);
  process.kill(front.started.databasePid() ?? 0, 'SIGKILL');
  await vi.waitFor(
    async () =>
      expect(await ask()).toMatchObject({
        status: 503,
        body: { error: { data: { berth: { code: 'unavailable' } } } },
      }),
    { timeout: 5000, interval: 5 },
  );
  await vi.waitFor(async () => expect((await ask()).status).toBe(404), { timeout: 20_000 });
});
