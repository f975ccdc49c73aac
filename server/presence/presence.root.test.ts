import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type MemoryServer, startMemoryServer } from '../http/memory-server.ts';
import { send } from '../http/test-front.ts';
import { createLog } from '../log.ts';
import type { Present } from './schema.ts';

// The real server over its sockets: who is told of whom, and what a client that lies is told.
const ORIGIN = 'https://berth.test:8443';
const PASSWORD = 'correct horse battery';

let server: MemoryServer;
const cookies = new Map<string, string>();
const ids = new Map<string, string>();
const open: WebSocket[] = [];

async function root<T>(path: string, body: unknown): Promise<T> {
  const answer = await send(server.instance.adminSocket, `/api/trpc/${path}`, { body });
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 });
  return (answer.body as { result: { data: T } }).result.data;
}

beforeAll(async () => {
  server = await startMemoryServer(createLog(() => undefined));
  for (const name of ['alpha', 'beta']) {
    const made = await root<{ guest: { id: string } }>('guest.create', {
      ...{ name, image: 'berth/mini', wait: true, start: true },
    });
    ids.set(name, made.guest.id);
  }
  await root('role.save', { name: 'onlooker', permissions: ['guest.view'] });
  await root('guest.describe', { guest: 'alpha', addTags: ['blue'] });
  for (const [username, grant] of Object.entries({
    ann: { role: 'user' },
    bob: { role: 'user', guest: 'alpha' },
    eve: { role: 'user', guest: 'beta' },
    vic: { role: 'onlooker' },
    tom: { role: 'user', tag: 'blue' },
  })) {
    const { link } = await root<{ link: { path: string } }>('user.create', { username, ...grant });
    const accepted = await send(server.instance.webSocket, '/api/trpc/link.accept', {
      body: { token: link.path.split('#')[1], password: PASSWORD },
      headers: { 'x-forwarded-for': `192.0.2.${cookies.size + 1}` },
    });
    expect(accepted.status).toBe(200);
    cookies.set(username, accepted.cookies[0]?.split(';')[0] ?? '');
  }
}, 300_000);
afterAll(async () => {
  for (const socket of open) socket.terminate();
  await server?.[Symbol.asyncDispose]();
});

const eventually = (assertion: () => void) => vi.waitFor(assertion, { timeout: 10_000, interval: 10 });

/** Somebody's window: its event stream, and what else it asks for. */
async function windowOf(who: string) {
  const headers = { 'x-forwarded-host': 'berth.test:8443', origin: ORIGIN, cookie: cookies.get(who) ?? '' };
  const socket = new WebSocket(`ws+unix://${server.instance.webSocket}:/api/trpc`, { headers });
  open.push(socket);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const seen = new Map<string, Present[]>();
  const events: string[] = [];
  const answers: { id: number; text: string }[] = [];
  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    answers.push({ id: message.id, text: String(data) });
    const event = message.result?.data;
    if (event?.type) events.push(JSON.stringify(event));
    if (event?.type === 'presence.changed') seen.set(event.guest, event.people);
  });
  let ids = 0;
  const ask = (path: string, input?: object) => {
    const id = ++ids;
    socket.send(JSON.stringify({ id, method: 'subscription', params: { path, input } }));
    return id;
  };
  const answerTo = (id: number, what: string | RegExp) =>
    eventually(() =>
      expect(
        answers
          .filter((one) => one.id === id)
          .map(({ text }) => text)
          .join(),
      ).toMatch(what),
    );
  await answerTo(ask('event.stream'), 'started');
  return { socket, seen, events, ask, answerTo };
}

const listOf = async (who: string) => {
  const answer = await send(server.instance.webSocket, '/api/trpc/presence.list', {
    headers: { cookie: cookies.get(who) ?? '' },
  });
  return (answer.body as { result: { data: Record<string, Present[]> } }).result.data;
};

test('who looks at a guest is told to who sees it, at once, and not when the socket is gone', async () => {
  const alpha = ids.get('alpha') ?? '';
  const [ann, bob, eve, vic] = await Promise.all(['ann', 'bob', 'eve', 'vic'].map(windowOf));
  if (!ann || !bob || !eve || !vic) throw new Error('four windows');
  await ann.answerTo(ann.ask('presence.attend', { guest: 'alpha', page: 'limits' }), '"counts":true');
  const here = [{ name: 'ann', isIdle: false, doing: [{ page: 'limits' }] }];
  await eventually(() => {
    for (const other of [ann, bob, vic]) expect(other.seen.get(alpha)).toEqual(here);
  });
  expect(await listOf('bob')).toEqual({ [alpha]: here });
  expect(await listOf('eve')).toEqual({});

  const shell = await root<{ ticket: string; session: string }>('console.openShell', { guest: 'alpha' });
  await root('console.rename', { session: shell.session, name: 'secret plan' });
  const asked = await send(server.instance.webSocket, '/api/trpc/console.ticket', {
    body: { session: shell.session },
    headers: { cookie: cookies.get('bob') ?? '' },
  });
  const { ticket } = (asked.body as { result: { data: { ticket: string } } }).result.data;
  const terminal = new WebSocket(
    `ws+unix://${server.instance.webSocket}:/api/console?ticket=${ticket}&view=screen`,
    { headers: { 'x-forwarded-host': 'berth.test:8443', origin: ORIGIN, cookie: cookies.get('bob') ?? '' } },
  );
  open.push(terminal);
  const types = {
    name: 'bob',
    isIdle: false,
    doing: [{ terminal: 'shell', name: 'secret plan', types: true }],
  };
  await eventually(() => expect(ann.seen.get(alpha)).toEqual([...here, types]));
  // Who may not look at terminals does not learn which.
  await eventually(() => expect(vic.seen.get(alpha)?.[1]?.doing).toEqual([{ page: 'terminal' }]));
  expect((await listOf('vic'))[alpha]?.[1]?.doing).toEqual([{ page: 'terminal' }]);
  expect(JSON.stringify([...vic.seen])).not.toContain('secret');
  await root('console.rename', { session: shell.session, name: 'open plan' });
  await eventually(() => expect(JSON.stringify(ann.seen.get(alpha))).toContain('open plan'));
  terminal.terminate();
  await eventually(() => expect(ann.seen.get(alpha)).toEqual(here));

  ann.socket.terminate();
  await eventually(() => expect(bob.seen.get(alpha)).toEqual([]));
  expect(await listOf('bob')).toEqual({});
  expect(eve.seen.size).toBe(0);
});

test('nobody claims a guest that they do not see, nor to be somebody else', async () => {
  const alpha = ids.get('alpha') ?? '';
  const [eve, bob] = await Promise.all([windowOf('eve'), windowOf('bob')]);
  for (const guest of ['alpha', alpha, 'none'])
    await eve.answerTo(eve.ask('presence.attend', { guest }), /"code":"forbidden"/);
  const claim = { guest: 'beta', name: 'root', account: 'root', page: 'overview' };
  await eve.answerTo(eve.ask('presence.attend', claim), '"counts":true');
  await eventually(() => expect(eve.seen.get(ids.get('beta') ?? '')).toMatchObject([{ name: 'eve' }]));
  expect(bob.seen.size).toBe(0);
  expect(await listOf('bob')).toEqual({});
  await eve.answerTo(eve.ask('presence.attend', { guest: 'beta', page: '<b>' }), /"code":"bad_input"/);
});

test('who may see a guest no more is not there any more', async () => {
  const alpha = ids.get('alpha') ?? '';
  const [tom, ann] = await Promise.all([windowOf('tom'), windowOf('ann')]);
  const seat = tom.ask('presence.attend', { guest: 'alpha' });
  await eventually(() => expect(ann.seen.get(alpha)).toMatchObject([{ name: 'tom' }]));
  await root('guest.describe', { guest: 'alpha', removeTags: ['blue'] });
  await tom.answerTo(seat, /"code":"forbidden"/);
  await eventually(() => expect(ann.seen.get(alpha)).toEqual([]));
});

test('what somebody has written about a guest is told with who it was, to who sees the guest', async () => {
  const [bob, eve] = await Promise.all([windowOf('bob'), windowOf('eve')]);
  const answer = await send(server.instance.webSocket, '/api/trpc/guest.describe', {
    body: { guest: 'alpha', addTags: ['red'], notes: 'new' },
    headers: { cookie: cookies.get('ann') ?? '' },
  });
  expect(answer.status).toBe(200);
  await eventually(() => expect(bob.events.join()).toContain('"edit":{"by":"ann","what":["tags","notes"]}'));
  expect(eve.events.join()).not.toContain('ann');
});
