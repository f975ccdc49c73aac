import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { send } from '../http/test-front.ts';
import {
  accept,
  admin,
  afar,
  as,
  bodyOf,
  cookieOf,
  ORIGIN,
  PASSWORD,
  person,
  refused,
  root,
  seen,
  server,
  signIn,
  tokenOf,
  withPeople,
} from '../user/people-fixture.ts';
import { allRows } from '../user/test-all-rows.ts';
import { startTestProvider, type TestProvider } from './test-provider.ts';

// A real provider (oidc-provider) on this machine, and a browser that goes there and back.
withPeople();

const CALLBACK = '/api/auth/oidc/callback';
let provider: TestProvider;
beforeAll(async () => {
  provider = await startTestProvider(`${ORIGIN}${CALLBACK}`);
});
afterAll(() => provider?.[Symbol.asyncDispose]());

const settings = (more: object = {}) => ({
  ...{ provider: 'work', label: 'Work', issuer: provider.issuer },
  ...{ clientId: provider.client.id, secret: provider.client.secret, ...more },
});

/** What a browser does at the provider until that sends it back; resolves to the address that it is sent back to. */
async function visit(url: string): Promise<string> {
  const jar = new Map<string, string>();
  let at = url;
  while (at.startsWith(provider.issuer)) {
    const cookie = [...jar].map((pair) => pair.join('=')).join('; ');
    const answer = await fetch(at, { redirect: 'manual', headers: { cookie } });
    for (const one of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = one.split(';')[0]?.split(/=(.*)/s) ?? [];
      jar.set(name, value);
    }
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`the provider stops at ${at}: ${await answer.text()}`);
    at = new URL(location, at).href;
  }
  return at.slice(ORIGIN.length);
}

async function begin(): Promise<{ url: string; cookie: string }> {
  const answer = await send(server.instance.webSocket, '/api/auth/oidc/begin', {
    body: { provider: 'work', next: '/volumes' },
    headers: afar(),
  });
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 });
  return { url: (answer.body as { url: string }).url, cookie: cookieOf(answer) };
}

const comeBack = (path: string, cookie: string) =>
  send(server.instance.webSocket, path, {
    headers: { 'sec-fetch-site': 'cross-site', ...(cookie === '' ? {} : { cookie }) },
  });

/** There and back as somebody at the provider. */
async function enter(who: TestProvider['who']) {
  provider.who = who;
  const { url, cookie } = await begin();
  return comeBack(await visit(url), cookie);
}
const sessionOf = ({ cookies }: { cookies: string[] }) =>
  cookies.find((one) => one.includes('berth-session='))?.split(';')[0] ?? '';
const meOf = async (cookie: string) =>
  (await seen(cookie, 'auth.me')) as { user: { username: string } | null };

/** Link the account of who is at the provider with somebody here. */
async function link(cookie: string, who: TestProvider['who']) {
  provider.who = who;
  const begun = await send(server.instance.webSocket, '/api/trpc/account.beginLink', {
    body: { provider: 'work', password: PASSWORD },
    headers: { cookie, ...afar() },
  });
  const url = String(bodyOf(begun).result?.data.url);
  const own = begun.cookies.find((one) => one.includes('berth-oidc='))?.split(';')[0] ?? '';
  return comeBack(await visit(url), own);
}

const of = (sub: string, more: object = {}) => ({
  ...{ sub, email: `${sub}@example.org`, email_verified: true, ...more },
});

describe('a provider', () => {
  test('is set by who has every permission, and its secret is shown to nobody', async () => {
    await root('role.save', { name: 'hr', permissions: ['people.view', 'people.manage'] });
    const hr = await person('hanna', 'hr');
    expect(await refused(hr, 'oidc.save', settings())).toMatchObject({ code: 'forbidden' });
    expect(await refused(admin, 'oidc.save', settings({ secret: undefined }))).toMatchObject({
      ...{ code: 'bad_input', field: ['secret'] },
    });
    for (const issuer of ['http://login.example.org', 'https://a:b@login.example.org', 'login'])
      expect(await refused(admin, 'oidc.save', settings({ issuer }))).toMatchObject({
        ...{ code: 'bad_input', field: ['issuer'] },
      });
    expect((await as(admin, 'oidc.save', settings())).status).toBe(200);
    // Told to another issuer, the secret would be that one's.
    expect(
      await refused(admin, 'oidc.save', settings({ issuer: 'https://evil.example', secret: undefined })),
    ).toMatchObject({ code: 'bad_input', field: ['secret'] });
    expect((await as(admin, 'oidc.save', settings({ secret: undefined }))).status).toBe(200);
    const all = encodeURIComponent(JSON.stringify({ limit: 500 }));
    const told = [await seen(admin, 'oidc.list'), await seen(admin, `audit.list?input=${all}`)];
    expect(JSON.stringify(told)).toContain(provider.issuer);
    expect(JSON.stringify(told)).not.toContain(provider.client.secret);
    const rows = await allRows(server.databaseUrl);
    expect(rows).toContain(provider.client.id);
    expect(rows).not.toContain(provider.client.secret);
    expect(await seen('', 'oidc.options')).toEqual([{ provider: 'work', label: 'Work' }]);
  });

  test('lets in nobody who is unknown here, whatever it says of them', async () => {
    await person('olaf', 'admin');
    for (const who of [of('stranger'), of('olaf', { email: 'olaf@berth.invalid' })]) {
      const answer = await enter(who);
      expect(answer).toMatchObject({ status: 303, location: '/login?oidc=unknown' });
      expect(sessionOf(answer)).toBe('');
    }
    expect(await enter(null)).toMatchObject({ location: '/login?oidc=refused' });
  });
});

describe('by a verified address that who manages people has given', () => {
  beforeAll(async () => {
    await root('user.create', { username: 'maria', role: 'viewer', mail: 'Maria@Example.org' });
  });

  test('somebody signs in, and is the same later whatever their address is', async () => {
    expect(await enter(of('maria', { email_verified: false }))).toMatchObject({
      location: '/login?oidc=unknown',
    });
    const first = await enter(of('maria'));
    expect(first).toMatchObject({ status: 303, location: '/volumes' });
    expect(await meOf(sessionOf(first))).toMatchObject({ user: { username: 'maria' } });
    const later = await enter(of('maria', { email: 'other@example.org' }));
    expect(await meOf(sessionOf(later))).toMatchObject({ user: { username: 'maria' } });
    // Whoever is given the address there afterwards is somebody else.
    const second = await enter(of('mallory', { email: 'maria@example.org' }));
    expect(second).toMatchObject({ location: '/login?oidc=unknown' });
  });

  test('not so who reaches the host; nor is an address two people’s', async () => {
    await person('pia', 'user');
    await root('admin.setPrivileged', { username: 'pia', privileged: true });
    await root('user.setMail', { username: 'pia', mail: 'pia@example.org' });
    expect(await enter(of('pia'))).toMatchObject({ location: '/login?oidc=unknown' });
    await root('admin.setPrivileged', { username: 'pia', privileged: false });
    expect(await enter(of('pia'))).toMatchObject({ location: '/volumes' });
    expect(await refused(admin, 'user.setMail', { username: 'ada', mail: 'pia@example.org' })).toMatchObject({
      code: 'name_taken',
      field: ['mail'],
    });
    expect(
      await refused(admin, 'user.setMail', { username: 'ada', mail: 'root@berth.invalid' }),
    ).toMatchObject({ code: 'bad_input' });
    // The address is taken away, and with it the way in.
    expect((await as(admin, 'user.setMail', { username: 'pia', mail: null })).status).toBe(200);
    expect(await enter(of('pia'))).toMatchObject({ location: '/login?oidc=unknown' });
  });
});

describe('linked by oneself', () => {
  test('one signs in with it, it is nobody else’s, and ends with a new password by link', async () => {
    const lena = await person('lena', 'viewer');
    expect(
      await refused(lena, 'account.beginLink', { provider: 'work', password: 'not the password' }),
    ).toMatchObject({ code: 'forbidden', field: ['password'] });
    expect(await link(lena, of('lena'))).toMatchObject({ location: '/account?oidc=linked' });
    expect(await seen(lena, 'account.links')).toMatchObject([{ provider: 'work', label: 'Work' }]);
    expect(await meOf(sessionOf(await enter(of('lena'))))).toMatchObject({ user: { username: 'lena' } });
    const lutz = await person('lutz', 'viewer');
    expect(await link(lutz, of('lena'))).toMatchObject({ location: '/account?oidc=taken' });
    await root('user.disable', { username: 'lena' });
    const disabled = await enter(of('lena'));
    expect(disabled).toMatchObject({ location: '/login?oidc=disabled' });
    expect(sessionOf(disabled)).toBe('');
    await root('user.enable', { username: 'lena' });
    const { path } = await root('user.reset', { username: 'lena' });
    await accept(tokenOf(path));
    expect(await enter(of('lena'))).toMatchObject({ location: '/login?oidc=unknown' });
  });

  test('who began it and is signed out meanwhile links nothing', async () => {
    const cookie = await person('linus', 'viewer');
    provider.who = of('linus');
    const begun = await send(server.instance.webSocket, '/api/trpc/account.beginLink', {
      body: { provider: 'work', password: PASSWORD },
      headers: { cookie, ...afar() },
    });
    const back = await visit(String(bodyOf(begun).result?.data.url));
    await root('user.revoke', { username: 'linus' });
    expect(await comeBack(back, cookieOf(begun))).toMatchObject({ location: '/account?oidc=refused' });
    expect(await seen(cookieOf(await signIn('linus')), 'account.links')).toEqual([]);
  });
});

test('an answer is good once, in the browser that began, and for what it asked', async () => {
  provider.who = of('maria');
  const [mine, other] = [await begin(), await begin()];
  const back = await visit(mine.url);
  expect(await comeBack(back, '')).toMatchObject({ location: '/login?oidc=late' });
  // Another browser's: its state is another.
  expect(await comeBack(back, other.cookie)).toMatchObject({ location: '/login?oidc=refused' });
  expect(await comeBack(back, mine.cookie)).toMatchObject({ location: '/volumes' });
  expect(await comeBack(back, mine.cookie)).toMatchObject({ location: '/login?oidc=late' });
  // Nothing else is taken of another site.
  expect((await comeBack('/api/trpc/auth.me', '')).status).toBe(403);
});

test('an answer is good for who has what its question was made of (PKCE, S256), and each question has its own', async () => {
  provider.who = of('maria');
  const asked = await Promise.all([begin(), begin()]);
  const challenges = asked.map(({ url }) => {
    const query = new URL(url).searchParams;
    expect(query.get('code_challenge_method')).toBe('S256');
    expect(query.get('code_challenge')).toMatch(/^[\w-]{43}$/);
    return query.get('code_challenge') ?? '';
  });
  expect(new Set(challenges).size).toBe(2);
  const [one, other] = asked as [(typeof asked)[0], (typeof asked)[0]];
  // An answer to another question, slipped under this one's: the provider refuses what we prove.
  const mixed = one.url.replace(challenges[0] ?? '', challenges[1] ?? '');
  expect(await comeBack(await visit(mixed), one.cookie)).toMatchObject({ location: '/login?oidc=refused' });
  // The control: with its own it is good.
  expect(await comeBack(await visit(other.url), other.cookie)).toMatchObject({ location: '/volumes' });
});

test('every sign-in is written down, and a provider that is away or deleted lets nobody in', async () => {
  const input = encodeURIComponent(JSON.stringify({ action: 'auth.', limit: 500 }));
  const entries = (await seen(admin, `audit.list?input=${input}`)) as {
    action: string;
    actor: string;
    outcome: string;
    input: string;
  }[];
  const by = entries.filter((one) => one.input.includes('"provider":"work"'));
  const told = by.map(({ action, actor, outcome }) => `${action} ${actor} ${outcome}`);
  for (const one of ['auth.signIn maria done', 'auth.signIn nobody refused', 'auth.link lena done'])
    expect(told).toContain(one);
  expect(told).toContain('auth.link lutz refused');
  provider.who = of('maria');
  const { url, cookie } = await begin();
  const back = await visit(url);
  expect((await as(admin, 'oidc.delete', { provider: 'work' })).status).toBe(200);
  expect(await comeBack(back, cookie)).toMatchObject({ location: '/login?oidc=unknown' });
  await root('oidc.save', settings({ issuer: 'http://127.0.0.1:9', provider: 'away' }));
  const away = await send(server.instance.webSocket, '/api/auth/oidc/begin', {
    body: { provider: 'away' },
    headers: afar(),
  });
  expect(away).toMatchObject({ status: 503, body: { code: 'unavailable' } });
  expect(await seen(admin, 'oidc.list')).toMatchObject([{ provider: 'away', people: 0 }]);
});
