import { beforeAll, describe, expect, test } from 'vitest';
import { send } from '../http/test-front.ts';
import {
  accept,
  admin,
  afar,
  as,
  bodyOf,
  cookieOf,
  listen,
  PASSWORD,
  person,
  refused,
  root,
  seen,
  server,
  signIn,
  soon,
  tokenOf,
  withPeople,
} from './people-fixture.ts';
import { allRows } from './test-all-rows.ts';
import { totp } from './test-totp.ts';

// What is one's own: sessions, tokens, a device for codes.
withPeople();

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

describe('a token', () => {
  interface Made {
    token: { id: string; name: string; usedAt: string | null };
    secret: string;
  }
  let owner = '';
  const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
  const by = (secret: string, path: string, body?: unknown, more: object = {}) =>
    send(server.instance.webSocket, `/api/trpc/${path}`, { body, headers: { ...bearer(secret), ...more } });
  const make = async (input: object): Promise<Made> =>
    bodyOf(await as(owner, 'account.createToken', input)).result?.data as unknown as Made;
  beforeAll(async () => {
    await root('project.create', { name: 'ci' });
    await root('guest.create', { name: 'job', project: 'ci', image: 'berth/mini', wait: true });
    owner = await person('toni', 'user');
  });

  test('may what it was given and its user has, and is no way to the account or to more', async () => {
    const viewer = await make({ name: 'look', role: 'viewer' });
    expect(viewer.secret).toMatch(/^berth_[\w-]{43}$/);
    expect((await by(viewer.secret, 'guest.list')).status).toBe(200);
    const refusals = [
      ['guest.start', { guest: 'alpha' }],
      ['account.createToken', { name: 'more', role: 'admin' }],
      ['account.changePassword', { current: PASSWORD, password: 'another password' }],
      ['account.sessions', undefined],
      ['server.status', undefined],
    ] as const;
    for (const [path, body] of refusals) expect((await by(viewer.secret, path, body)).status, path).toBe(403);
    // The role allows it, and its user may not.
    const admin = await make({ name: 'all', role: 'admin' });
    expect((await by(admin.secret, 'user.list')).status).toBe(403);
    expect((await by(admin.secret, 'guest.freeze', { guest: 'alpha', wait: true })).status).toBe(200);
    expect((await by(admin.secret, 'guest.unfreeze', { guest: 'alpha', wait: true })).status).toBe(200);
    const project = await make({ name: 'ci', permissions: ['guest.view', 'guest.run'], project: 'ci' });
    const seen = bodyOf(await by(project.secret, 'guest.list')).result?.data as unknown as { name: string }[];
    expect(seen.map(({ name }) => name)).toEqual(['job']);
    expect((await by(project.secret, 'guest.start', { guest: 'beta' })).status).toBe(403);
  });

  test('counts alone: a cookie beside it and a wrong one are nobody', async () => {
    const { secret } = await make({ name: 'alone', role: 'viewer' });
    const none = await by('berth_'.padEnd(49, 'x'), 'guest.list', undefined, { cookie: owner });
    expect(none.status).toBe(401);
    expect((await by(secret.toUpperCase(), 'guest.list')).status).toBe(401);
    // A page of another site has no way to a token, and its origin is refused all the same.
    expect((await by(secret, 'guest.list', undefined, { origin: 'https://evil.test' })).status).toBe(403);
  });

  test('is kept as a hash, tells its last use, and the audit names it', async () => {
    const { secret, token } = await make({ name: 'seen', role: 'user' });
    expect(token.usedAt).toBeNull();
    await by(secret, 'guest.describe', { guest: 'alpha', addTags: ['by-token'] });
    const tokens = (await seen(owner, 'account.tokens')) as Made['token'][];
    expect(tokens.find(({ id }) => id === token.id)?.usedAt).not.toBeNull();
    expect(JSON.stringify(tokens)).not.toContain(secret);
    const input = encodeURIComponent(JSON.stringify({ action: 'guest.describe', limit: 1 }));
    expect(await seen(admin, `audit.list?input=${input}`)).toMatchObject([
      { actor: 'toni', via: 'token seen' },
    ]);
    const all = encodeURIComponent(JSON.stringify({ limit: 500 }));
    expect(JSON.stringify(await seen(admin, `audit.list?input=${all}`))).not.toContain(secret);
    const rows = await allRows(server.databaseUrl);
    expect(rows).toContain(`"${token.id}"`);
    expect(rows).not.toContain(secret.slice('berth_'.length));
  });

  test('that is deleted, or whose user loses a right or is disabled, ends what it has open within a second', async () => {
    const { secret, token } = await make({ name: 'open', role: 'viewer' });
    const first = await listen('', bearer(secret));
    await root('user.grant', { username: 'toni', role: 'viewer' });
    await root('user.take', { username: 'toni', role: 'viewer' });
    expect(await soon('the stream ends with a role', first.closed)).toBe(4401);
    owner = cookieOf(await signIn('toni'));
    const second = await listen('', bearer(secret));
    await root('user.disable', { username: 'toni' });
    expect(await soon('the stream ends with the user', second.closed)).toBe(4401);
    expect((await by(secret, 'guest.list')).status).toBe(401);
    await root('user.enable', { username: 'toni' });
    owner = cookieOf(await signIn('toni'));
    const third = await listen('', bearer(secret));
    // Another person's is none of theirs.
    const stranger = await person('tess', 'viewer');
    expect(await refused(stranger, 'account.deleteToken', { token: token.id })).toMatchObject({
      code: 'not_found',
    });
    expect((await as(owner, 'account.deleteToken', { token: token.id })).status).toBe(200);
    expect(await soon('the stream ends with the token', third.closed)).toBe(4401);
    expect((await by(secret, 'guest.list')).status).toBe(401);
  });
});

describe('a device for codes', () => {
  const enter = (username: string, code?: string) =>
    send(server.instance.webSocket, '/api/auth/sign-in/username', {
      body: { username, password: PASSWORD, ...(code === undefined ? {} : { code }) },
      headers: afar(),
    });
  const fault = (answer: { body: unknown }) => answer.body as { code: string; field: string[] | null };
  let cookie = '';
  let secret = '';
  let recovery: string[] = [];
  const code = () => totp(secret, Date.now());
  const used = new Set<string>();
  /** One that was not given yet: of now, or of the next half minute, which is good already. */
  const fresh = () => {
    const [now, next] = [code(), totp(secret, Date.now() + 30_000)];
    const one = used.has(now) ? next : now;
    used.add(one);
    return one;
  };
  beforeAll(async () => {
    cookie = await person('dana', 'viewer');
  });

  test('counts from its first code on, and is set up with the password alone', async () => {
    const begin = (password: string) => as(cookie, 'account.beginTwoFactor', { password });
    expect(bodyOf(await begin('not the password')).error?.data.berth).toMatchObject({
      ...{ code: 'forbidden', field: ['password'] },
    });
    const made = bodyOf(await begin(PASSWORD)).result?.data as unknown as {
      uri: string;
      secret: string;
      recoveryCodes: string[];
    };
    ({ secret, recoveryCodes: recovery } = made);
    expect(made.uri).toBe(`otpauth://totp/Berth:dana?secret=${secret}&issuer=Berth&digits=6&period=30`);
    expect(recovery).toHaveLength(10);
    expect((await enter('dana')).status).toBe(200);
    const wrong = String((Number(code()) + 1) % 1_000_000).padStart(6, '0');
    expect(await refused(cookie, 'account.confirmTwoFactor', { code: wrong })).toMatchObject({
      code: 'forbidden',
    });
    const confirmed = await as(cookie, 'account.confirmTwoFactor', { code: fresh() });
    expect(confirmed.status, JSON.stringify(confirmed.body)).toBe(200);
    cookie = cookieOf(confirmed);
    expect(await seen(cookie, 'account.twoFactor')).toEqual({ on: true });
    const people = (await seen(admin, 'user.list')) as { username: string; twoFactor: boolean }[];
    expect(people.filter(({ twoFactor }) => twoFactor).map(({ username }) => username)).toEqual(['dana']);
  });

  test('is sealed: who reads the database alone has neither its key nor a recovery code', async () => {
    const rows = await allRows(server.databaseUrl);
    // They are looked for where they would be.
    expect(rows).toContain('"backupCodes"');
    expect(rows).toContain('"dana"');
    for (const one of [secret, ...recovery]) expect(rows).not.toContain(one);
  });

  test('is asked for at sign-in: without its code the password opens nothing, and leaves no cookie', async () => {
    const without = await enter('dana');
    expect(without).toMatchObject({ status: 401, cookies: [] });
    expect(fault(without)).toMatchObject({ code: 'unauthenticated', field: ['code'] });
    const wrong = await enter('dana', '000000' === code() ? '000001' : '000000');
    expect(wrong).toMatchObject({ status: 401, cookies: [] });
  });

  test('lets each code in once: what confirmed the device is used, and of one given twice at once one gets in', async () => {
    const [confirmedWith = ''] = used;
    const again = await enter('dana', confirmedWith);
    expect(again).toMatchObject({ status: 401, cookies: [] });
    expect(fault(again)).toMatchObject({ code: 'unauthenticated', field: ['code'] });
    const one = fresh();
    const both = await Promise.all([enter('dana', one), enter('dana', one)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 401]);
    const right = both.find(({ status }) => status === 200);
    expect(right && (await seen(cookieOf(right), 'auth.me'))).toMatchObject({ user: { username: 'dana' } });
    expect((await enter('dana', one)).status).toBe(401);
  });

  test('can be done without by a recovery code, once', async () => {
    const [first = ''] = recovery;
    expect((await enter('dana', first)).status).toBe(200);
    expect((await enter('dana', first)).status).toBe(401);
    // A new password by link does not do without it either.
    const { path } = await root('user.reset', { username: 'dana' });
    expect(bodyOf(await accept(tokenOf(path))).result?.data).toEqual({ username: 'dana', signedIn: false });
    expect((await enter('dana')).status).toBe(401);
  });

  test('is forgotten by who manages people, or with the password', async () => {
    expect((await as(admin, 'user.forgetDevice', { username: 'dana' })).status).toBe(200);
    const signedIn = await enter('dana');
    expect(signedIn.status).toBe(200);
    const again = cookieOf(signedIn);
    const made = bodyOf(await as(again, 'account.beginTwoFactor', { password: PASSWORD })).result?.data;
    secret = String(made?.secret);
    const on = cookieOf(await as(again, 'account.confirmTwoFactor', { code: code() }));
    expect((await enter('dana')).status).toBe(401);
    expect((await as(on, 'account.endTwoFactor', { password: PASSWORD })).status).toBe(200);
    expect((await enter('dana')).status).toBe(200);
  });
});
