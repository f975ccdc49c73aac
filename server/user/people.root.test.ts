import { beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { send } from '../http/test-front.ts';
import {
  accept,
  admin,
  afar,
  as,
  bodyOf,
  cookieOf,
  listen,
  ORIGIN,
  PASSWORD,
  person,
  refused,
  refusedRoot,
  root,
  seen,
  server,
  signIn,
  soon,
  tokenOf,
  watch,
  withPeople,
} from './people-fixture.ts';

// How people come and go, and what each may do to others.
withPeople();

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
      project: null,
      tag: null,
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
      headers: afar(),
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
    const over = terminal.closed.then(() => performance.now());
    await end(username);
    const answered = performance.now();
    expect(await soon(`the stream of ${username} ends`, closed)).toBe(4401);
    // Whichever is seen first: the end of the session, or of the right.
    expect([4401, 4403]).toContain(await soon(`the terminal of ${username} ends`, terminal.closed));
    const after = Math.round((await over) - answered);
    console.log(`${verb}: the terminal ended ${after} ms after the answer`);
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
