import { afterAll, beforeAll, expect } from 'vitest';
import { WebSocket } from 'ws';
import { type MemoryServer, startMemoryServer } from '../http/memory-server.ts';
import { openEventStream } from '../http/test-event-stream.ts';
import { type Answer, send } from '../http/test-front.ts';
import { createLog } from '../log.ts';

// People as they come: over both sockets of the real server on the real database, one for each file of tests.
export const PASSWORD = 'correct horse battery';
export const ORIGIN = 'https://berth.test:8443';
/** ms within which a right that was taken has ended what it opened, with room for a busy machine; the promise is a second. */
const PATIENCE = 10_000;

export let server: MemoryServer;
let people = 0;

interface Body {
  result?: { data: Record<string, unknown> & { path?: string; link?: { path: string } } };
  error?: { data: { berth: { code: string; message: string; field: string[] | null } } };
}

export const bodyOf = (answer: Answer) => answer.body as Body;

export async function root(path: string, body: unknown): Promise<NonNullable<Body['result']>['data']> {
  const answer = await send(server.instance.adminSocket, `/api/trpc/${path}`, { body });
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 });
  return bodyOf(answer).result?.data ?? {};
}
export const refusedRoot = async (path: string, body: unknown) =>
  bodyOf(await send(server.instance.adminSocket, `/api/trpc/${path}`, { body })).error?.data.berth;

export async function as(cookie: string, path: string, body?: unknown): Promise<Answer> {
  return send(server.instance.webSocket, `/api/trpc/${path}`, { body, headers: { cookie } });
}
export const refused = async (cookie: string, path: string, body: unknown) =>
  bodyOf(await as(cookie, path, body)).error?.data.berth;
export const seen = async (cookie: string, path: string) =>
  bodyOf(await as(cookie, path)).result?.data as unknown;

/** Of a network of its own: limits are counted by it. */
export const afar = () => ({ 'x-forwarded-for': `198.51.100.${++people % 250}` });
export const cookieOf = (answer: Answer) => answer.cookies[0]?.split(';')[0] ?? '';
export const tokenOf = (path: string | undefined) => path?.split('#')[1] ?? '';
export const accept = (token: string, more: object = {}) =>
  send(server.instance.webSocket, '/api/trpc/link.accept', {
    body: { token, password: PASSWORD, ...more },
    headers: afar(),
  });
export const signIn = (username: string, password = PASSWORD) =>
  send(server.instance.webSocket, '/api/auth/sign-in/username', {
    body: { username, password },
    headers: afar(),
  });

/** A new user who is signed in. */
export async function person(
  username: string,
  role: string,
  of: { guest?: string; project?: string; tag?: string } = {},
): Promise<string> {
  const { link } = await root('user.create', { username, role, ...of });
  const accepted = await accept(tokenOf(link?.path));
  expect(accepted, JSON.stringify(accepted.body)).toMatchObject({ status: 200 });
  return cookieOf(accepted);
}

/** Open the stream of events as somebody; resolves when it has begun. */
export const listen = (cookie: string, headers: Record<string, string> = { cookie, origin: ORIGIN }) =>
  openEventStream(server.instance.webSocket, headers);

/** A terminal as somebody: the guest's own console. Resolves when it is there, or was refused. */
export async function watch(cookie: string, guest: string) {
  const { ticket } = bodyOf(await as(cookie, 'console.ticket', { guest })).result?.data ?? {};
  const socket = new WebSocket(`ws+unix://${server.instance.webSocket}:/api/console?ticket=${ticket}`, {
    headers: { 'x-forwarded-host': 'berth.test:8443', origin: ORIGIN, cookie },
  });
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await Promise.race([new Promise((resolve) => socket.once('message', resolve)), closed]);
  const type = (text: string) => socket.send(Buffer.from(`i${text}`));
  return { socket, closed, type };
}
export const typed = () => Buffer.concat([...server.typed]).toString();

/** Within PATIENCE; else it fails with what did not happen. */
export function soon<T>(what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${PATIENCE} ms`)), PATIENCE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

export let admin = '';

/** A server with guests alpha and beta and an administrator ada, for all tests of a file. */
export function withPeople(): void {
  beforeAll(async () => {
    server = await startMemoryServer(createLog(() => undefined));
    for (const name of ['alpha', 'beta'])
      await root('guest.create', { name, image: 'berth/mini', wait: true, start: true });
    admin = await person('ada', 'admin');
  }, 300_000);
  afterAll(() => server?.[Symbol.asyncDispose]());
}
