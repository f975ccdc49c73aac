import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type MemoryServer, startMemoryServer } from '../http/memory-server.ts';
import { type Answer, send } from '../http/test-front.ts';
import { createLog } from '../log.ts';

// People as they come: over both sockets of the real server on the real database.
const PASSWORD = 'correct horse battery';
const ORIGIN = 'https://berth.test:8443';
/** ms within which a right that was taken has ended what it opened, with room for a busy machine; the promise is a second. */
const PATIENCE = 10_000;

let server: MemoryServer;
let people = 0;

interface Body {
  result?: { data: Record<string, unknown> & { path?: string; link?: { path: string } } };
  error?: { data: { berth: { code: string; message: string; field: string[] | null } } };
}

const bodyOf = (answer: Answer) => answer.body as Body;

async function root(path: string, body: unknown): Promise<NonNullable<Body['result']>['data']> {
  const answer = await send(server.instance.adminSocket, `/api/trpc/${path}`, { body });
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 });
  return bodyOf(answer).result?.data ?? {};
}
const refusedRoot = async (path: string, body: unknown) =>
  bodyOf(await send(server.instance.adminSocket, `/api/trpc/${path}`, { body })).error?.data.berth;

async function as(cookie: string, path: string, body?: unknown): Promise<Answer> {
  return send(server.instance.webSocket, `/api/trpc/${path}`, { body, headers: { cookie } });
}
const refused = async (cookie: string, path: string, body: unknown) =>
  bodyOf(await as(cookie, path, body)).error?.data.berth;
const seen = async (cookie: string, path: string) => bodyOf(await as(cookie, path)).result?.data as unknown;

/** Of a network of its own: limits are counted by it. */
const from = () => ({ 'x-forwarded-for': `198.51.100.${++people % 250}` });
const cookieOf = (answer: Answer) => answer.cookies[0]?.split(';')[0] ?? '';
const tokenOf = (path: string | undefined) => path?.split('#')[1] ?? '';
const accept = (token: string, more: object = {}) =>
  send(server.instance.webSocket, '/api/trpc/link.accept', {
    body: { token, password: PASSWORD, ...more },
    headers: from(),
  });
const signIn = (username: string, password = PASSWORD) =>
  send(server.instance.webSocket, '/api/auth/sign-in/username', {
    body: { username, password },
    headers: from(),
  });

/** A new user who is signed in. */
async function person(username: string, role: string, guest?: string): Promise<string> {
  const { link } = await root('user.create', { username, role, guest });
  const accepted = await accept(tokenOf(link?.path));
  expect(accepted, JSON.stringify(accepted.body)).toMatchObject({ status: 200 });
  return cookieOf(accepted);
}

/** Open the stream of events as somebody; resolves when it has begun. */
async function listen(cookie: string) {
  const socket = new WebSocket(`ws+unix://${server.instance.webSocket}:/api/trpc`, {
    headers: { 'x-forwarded-host': 'berth.test:8443', origin: ORIGIN, cookie },
  });
  const heard: { type: string; guest?: { name: string } }[] = [];
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const begun = new Promise<void>((resolve) =>
    socket.on('message', (data) => {
      const { result } = JSON.parse(String(data));
      if (result?.type === 'started') resolve();
      if (result?.type === 'data') heard.push(result.data);
    }),
  );
  socket.send(
    JSON.stringify({ id: 1, method: 'subscription', params: { path: 'event.stream', input: null } }),
  );
  await begun;
  return { socket, heard, closed };
}

/** A terminal as somebody: the guest's own console. Resolves when it is there, or was refused. */
async function watch(cookie: string, guest: string) {
  const { ticket } = bodyOf(await as(cookie, 'console.ticket', { guest })).result?.data ?? {};
  const socket = new WebSocket(`ws+unix://${server.instance.webSocket}:/api/console?ticket=${ticket}`, {
    headers: { 'x-forwarded-host': 'berth.test:8443', origin: ORIGIN, cookie },
  });
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await Promise.race([new Promise((resolve) => socket.once('message', resolve)), closed]);
  const type = (text: string) => socket.send(Buffer.from(`i${text}`));
  return { socket, closed, type };
}
const typed = () => Buffer.concat([...server.typed]).toString();

/** Within PATIENCE; else it fails with what did not happen. */
function soon<T>(what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${PATIENCE} ms`)), PATIENCE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

let admin = '';
beforeAll(async () => {
  server = await startMemoryServer(createLog(() => undefined));
  for (const name of ['alpha', 'beta'])
    await root('guest.create', { name, image: 'berth/mini', wait: true, start: true });
  admin = await person('ada', 'admin');
}, 300_000);
afterAll(() => server?.[Symbol.asyncDispose]());

describe('links', () => {
  test('an invitation makes a user with its role, once', async () => {
    const { path, url } = bodyOf(await as(admin, 'user.invite', { role: 'viewer' })).result?.data ?? {};
    expect(url).toMatch(/^https:.*\/join#[\w-]{43}$/);
    const token = tokenOf(path);
    const read = await send(server.instance.webSocket, '/api/trpc/link.read', { body: { token } });
    expect(bodyOf(read).result?.data).toEqual({
      kind: 'invite',
      role: 'viewer',
      username: null,
      guest: null,
    });
    expect(bodyOf(await accept(token)).error?.data.berth).toMatchObject({
      code: 'bad_input',
      field: ['username'],
    });
    expect(bodyOf(await accept(token, { username: 'ada' })).error?.data.berth).toMatchObject({
      code: 'name_taken',
    });
    const made = await accept(token, { username: 'vera', name: 'Vera' });
    expect(made.status).toBe(200);
    const me = (await seen(cookieOf(made), 'auth.me')) as { user: { rights: { everywhere: string[] } } };
    expect(me.user.rights.everywhere).toContain('console.watch');
    expect(me.user.rights.everywhere).not.toContain('console.use');
    expect(bodyOf(await accept(token, { username: 'again' })).error?.data.berth).toMatchObject({
      code: 'forbidden',
    });
  });

  test('a reset gives another password, ends what was open, and does not work for who is disabled', async () => {
    const cookie = await person('rita', 'viewer');
    const { path } = await root('user.reset', { username: 'rita' });
    const again = await accept(tokenOf(path), { password: 'another password' });
    expect(again.status).toBe(200);
    expect(await seen(cookie, 'auth.me')).toEqual({ user: null });
    expect((await signIn('rita')).status).toBe(401);
    expect((await signIn('rita', 'another password')).status).toBe(200);
    const later = await root('user.reset', { username: 'rita' });
    await root('user.disable', { username: 'rita' });
    expect(bodyOf(await accept(tokenOf(later.path))).error?.data.berth).toMatchObject({ code: 'forbidden' });
  });

  test('a link that was withdrawn works no more, nor one whose maker lost the rights', async () => {
    const first = bodyOf(await as(admin, 'user.invite', { role: 'viewer' })).result?.data;
    const [link] = (await seen(admin, 'user.links')) as { id: string; createdBy: string }[];
    expect(link).toMatchObject({ createdBy: 'ada', kind: 'invite', role: 'viewer' });
    expect((await as(admin, 'user.withdraw', { link: link?.id })).status).toBe(200);
    expect((await accept(tokenOf(first?.path), { username: 'late' })).status).toBe(403);
    const second = await person('bob', 'admin');
    const his = bodyOf(await as(second, 'user.invite', { role: 'admin' })).result?.data;
    await root('user.disable', { username: 'bob' });
    expect((await accept(tokenOf(his?.path), { username: 'back-door' })).status).toBe(403);
  });

  test('a link that makes an administrator is none of these, and these are none of those', async () => {
    const { path } = await root('admin.createLink', {});
    expect((await accept(tokenOf(path), { username: 'mallory' })).status).toBe(403);
    const invite = await root('user.invite', { role: 'viewer' });
    const asAdmin = await send(server.instance.webSocket, '/api/trpc/setup.createAdmin', {
      body: { token: tokenOf(invite.path), username: 'mallory', password: PASSWORD },
      headers: from(),
    });
    expect(asAdmin.status).toBe(403);
  });
});

describe('what is taken ends what it opened', () => {
  test.each([
    ['disable', (username: string) => root('user.disable', { username })],
    ['revoke', (username: string) => root('user.revoke', { username })],
    ['take', (username: string) => root('user.take', { username, role: 'operator' })],
    ['delete', (username: string) => root('user.delete', { username })],
  ])('%s', async (verb, end) => {
    const username = `gone-${verb}`;
    const cookie = await person(username, 'operator');
    const { socket, closed } = await listen(cookie);
    const terminal = await watch(cookie, 'alpha');
    expect(terminal.socket.readyState).toBe(WebSocket.OPEN);
    const shell = bodyOf(await as(cookie, 'console.openShell', { guest: 'alpha' })).result?.data;
    expect(shell?.ticket).toBeTypeOf('string');
    expect(socket.readyState).toBe(WebSocket.OPEN);
    await end(username);
    expect(await soon(`the stream of ${username} ends`, closed)).toBe(4401);
    // Whichever is seen first: the end of the session, or of the right.
    expect([4401, 4403]).toContain(await soon(`the terminal of ${username} ends`, terminal.closed));
    expect(await seen(cookie, 'auth.me')).toEqual({ user: null });
    // The ticket of a session that ended opens nothing, since its socket has nobody.
    const late = new WebSocket(
      `ws+unix://${server.instance.webSocket}:/api/console?ticket=${shell?.ticket}`,
      {
        headers: { 'x-forwarded-host': 'berth.test:8443', origin: ORIGIN, cookie },
      },
    );
    expect(await soon('the terminal is refused', new Promise((resolve) => late.once('close', resolve)))).toBe(
      4401,
    );
  });

  test('a role that allows less signs out who has it, one that allows more does not', async () => {
    await root('role.save', { name: 'helper', permissions: ['guest.view', 'guest.run'] });
    const cookie = await person('hanna', 'helper');
    await root('role.save', { name: 'helper', permissions: ['guest.view', 'guest.run', 'host.view'] });
    expect((await as(cookie, 'host.info')).status).toBe(200);
    const { closed } = await listen(cookie);
    await root('role.save', { name: 'helper', permissions: ['guest.view'] });
    expect(await soon('the stream ends', closed)).toBe(4401);
    expect(await refusedRoot('role.delete', { name: 'helper' })).toMatchObject({ code: 'illegal_state' });
    expect(await refusedRoot('role.save', { name: 'admin', permissions: ['guest.view'] })).toMatchObject({
      code: 'illegal_state',
    });
  });

  test('who is disabled cannot sign in, and is told so only with the right password', async () => {
    await person('dora', 'viewer');
    await root('user.disable', { username: 'dora' });
    expect((await signIn('dora', 'not the password')).status).toBe(401);
    const right = await signIn('dora');
    expect(right).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(right.cookies).toEqual([]);
    await root('user.enable', { username: 'dora' });
    expect((await signIn('dora')).status).toBe(200);
  });
});

describe('nobody gets more than there is to give', () => {
  let manager = '';
  beforeAll(async () => {
    await root('role.save', { name: 'manager', permissions: ['guest.view', 'people.view', 'people.manage'] });
    manager = await person('max', 'manager');
  });

  test('the control: what a manager may do they may give', async () => {
    await person('nina', 'manager');
    expect((await as(manager, 'user.disable', { username: 'nina' })).status).toBe(200);
    expect((await as(manager, 'user.invite', { role: 'manager' })).status).toBe(200);
  });

  test.each([
    ['user.grant', { username: 'max', role: 'admin' }],
    ['user.grant', { username: 'max', role: 'operator', guest: 'alpha' }],
    ['user.invite', { role: 'admin' }],
    ['user.reset', { username: 'ada' }],
    ['user.disable', { username: 'ada' }],
    ['user.delete', { username: 'ada' }],
    ['user.take', { username: 'ada', role: 'admin' }],
    ['role.save', { name: 'manager', permissions: ['people.manage', 'guest.view', 'guest.delete'] }],
    ['role.save', { name: 'other', permissions: ['host.mend'] }],
  ])('%s %j', async (path, input) => {
    expect(await refused(manager, path, input)).toMatchObject({ code: 'forbidden' });
  });

  test('a user to whom root granted the host is only for those who have it too', async () => {
    await person('petra', 'viewer');
    await root('admin.setPrivileged', { username: 'petra', privileged: true });
    expect(await refused(admin, 'user.reset', { username: 'petra' })).toMatchObject({ code: 'forbidden' });
    expect((await root('user.reset', { username: 'petra' })).path).toMatch(/^\/join#/);
  });

  test('the last administrator stays, and nobody removes themselves', async () => {
    expect(await refused(admin, 'user.disable', { username: 'ada' })).toMatchObject({
      code: 'illegal_state',
    });
    expect(await refused(admin, 'user.delete', { username: 'ada' })).toMatchObject({ code: 'illegal_state' });
    for (const [path, more] of [['disable'], ['delete'], ['take', { role: 'admin' }]] as const)
      expect(await refusedRoot(`user.${path}`, { username: 'ada', ...more })).toMatchObject({
        code: 'illegal_state',
      });
  });
});

describe('who has one guest', () => {
  let cookie = '';
  beforeAll(async () => {
    cookie = await person('gina', 'user', 'alpha');
  });

  test('sees that one in every list and no other', async () => {
    expect(await seen(cookie, 'guest.list')).toMatchObject([{ name: 'alpha' }]);
    const operations = (await seen(cookie, 'operation.list?input=%7B%7D')) as { subject: { name: string } }[];
    expect(operations.length).toBeGreaterThan(0);
    expect(new Set(operations.map(({ subject }) => subject.name))).toEqual(new Set(['alpha']));
    await root('console.openShell', { guest: 'beta' });
    await root('console.openShell', { guest: 'alpha' });
    const shells = (await seen(cookie, 'console.all')) as { guest: string }[];
    expect(new Set(shells.map(({ guest }) => guest))).toEqual(new Set(['alpha']));
  });

  test('hears of that one and of no other', async () => {
    const [mine, all] = [await listen(cookie), await listen(admin)];
    for (const guest of ['beta', 'alpha']) await root('guest.freeze', { guest, wait: true });
    const alpha = () => mine.heard.some(({ guest }) => guest?.name === 'alpha');
    const wait = async () => {
      while (!alpha()) await new Promise((wake) => setTimeout(wake, 20));
    };
    await soon('alpha is heard of', wait());
    expect(JSON.stringify(mine.heard)).not.toContain('beta');
    expect(JSON.stringify(all.heard)).toContain('beta');
    for (const guest of ['beta', 'alpha']) await root('guest.unfreeze', { guest, wait: true });
    mine.socket.terminate();
    all.socket.terminate();
  });

  test('does not get at a volume by mounting it there', async () => {
    await root('volume.create', { volume: 'secrets' });
    const how = { readOnly: false, idmap: true, recursive: false, propagation: 'private' };
    const mounts = [{ source: 'volume:secrets', target: '/data', ...how }];
    const input = { guest: 'alpha', isolation: { mounts } };
    expect(await refused(cookie, 'guest.configure', input)).toMatchObject({
      code: 'forbidden',
      field: ['isolation', 'mounts', 0, 'source'],
    });
    const limits = { guest: 'alpha', limits: { pids: 300 } };
    expect((await as(cookie, 'guest.configure', limits)).status).toBe(200);
    await root('volume.delete', { volume: 'secrets' });
  });
});

test('a viewer looks at terminals and types nothing; who is given more comes back and types', async () => {
  const cookie = await person('vivi', 'viewer');
  const viewer = await watch(cookie, 'alpha');
  const control = await watch(admin, 'alpha');
  viewer.type('from the viewer');
  await new Promise<void>((resolve) => viewer.socket.once('pong', () => resolve()).ping());
  control.type('from the admin');
  while (!typed().includes('from the admin')) await new Promise((wake) => setTimeout(wake, 10));
  expect(typed()).not.toContain('from the viewer');
  await root('user.grant', { username: 'vivi', role: 'user', guest: 'alpha' });
  expect(await soon('the viewer is let in anew', viewer.closed)).toBe(1012);
  const again = await watch(cookie, 'alpha');
  again.type('as a user');
  while (!typed().includes('as a user')) await new Promise((wake) => setTimeout(wake, 10));
  control.socket.terminate();
  again.socket.terminate();
});

test('recordings are for who may look at their guest', async () => {
  const [mine, others] = await Promise.all(
    ['alpha', 'beta'].map(async (guest) => String((await root('recording.start', { guest })).id)),
  );
  const cookie = await person('rosa', 'viewer', 'alpha');
  const file = (id: string | undefined, who: string) =>
    send(server.instance.webSocket, `/api/recordings/${id}.cast`, { headers: { cookie: who } });
  // The control: the other one is there, for who may see it.
  expect((await file(others, admin)).status).toBe(200);
  expect((await file(mine, cookie)).status).toBe(200);
  expect((await file(others, cookie)).status).toBe(404);
  const list = (await seen(cookie, 'recording.list?input=%7B%7D')) as { recordings: { guest: string }[] };
  expect(list.recordings.map(({ guest }) => guest)).toEqual(['alpha']);
  for (const path of ['recording.stop', 'recording.delete'])
    expect(await refused(cookie, path, { id: mine })).toMatchObject({ code: 'forbidden' });
  const policy = { guest: 'alpha', always: true };
  expect(await refused(cookie, 'recording.setPolicy', policy)).toMatchObject({ code: 'forbidden' });
  const without = await person('nora', 'manager');
  expect((await file(mine, without)).status).toBe(404);
  for (const id of [mine, others]) await root('recording.stop', { id });
});

test('a viewer opens no shell and runs no command', async () => {
  const cookie = await person('vida', 'viewer');
  expect((await as(cookie, 'console.ticket', { guest: 'alpha' })).status).toBe(200);
  expect(await refused(cookie, 'console.openShell', { guest: 'alpha' })).toMatchObject({ code: 'forbidden' });
  expect(await refused(cookie, 'console.exec', { guest: 'alpha', command: ['id'] })).toMatchObject({
    code: 'forbidden',
  });
});

test('one’s own sessions: listed, the others ended, the password changed', async () => {
  const first = await person('otto', 'viewer');
  const second = cookieOf(await signIn('otto'));
  const sessions = (await seen(second, 'account.sessions')) as { id: string; current: boolean }[];
  expect(sessions.map(({ current }) => current).toSorted()).toEqual([false, true]);
  const other = sessions.find(({ current }) => !current)?.id;
  // Another person's session is none of theirs.
  expect(await refused(admin, 'account.revoke', { session: other })).toMatchObject({ code: 'not_found' });
  expect((await as(second, 'account.revoke', { session: other })).status).toBe(200);
  expect(await seen(first, 'auth.me')).toEqual({ user: null });
  const third = cookieOf(await signIn('otto'));
  expect(
    await refused(second, 'account.changePassword', { current: 'wrong', password: 'a new password' }),
  ).toMatchObject({
    code: 'forbidden',
    field: ['current'],
  });
  const change = { current: PASSWORD, password: 'a new password' };
  expect((await as(second, 'account.changePassword', change)).status).toBe(200);
  expect(await seen(third, 'auth.me')).toEqual({ user: null });
  expect(await seen(second, 'auth.me')).toMatchObject({ user: { username: 'otto' } });
  expect((await signIn('otto')).status).toBe(401);
});
