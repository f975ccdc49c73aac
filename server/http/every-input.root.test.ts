import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { isErrorCode } from '../errors/error-table.ts';
import type { Instance } from '../instance/instance.ts';
import type { Log } from '../platform.ts';
import { type MemoryServer, startMemoryServer } from './memory-server.ts';
import { arbitraryOf } from './test-arbitrary.ts';
import { send } from './test-front.ts';
import { type ListedProcedure, listProcedures } from './test-procedures.ts';

// The real server with the real database, over its sockets; only the kernel is one in memory, so that no input can change this
// host. What a procedure takes is read from the router: a new one is tried by itself.
const RUNS = Number(process.env.BERTH_INPUT_RUNS ?? 40);
/** ms after which a call hangs. */
const PATIENCE = 30_000;
const PROCEDURES = listProcedures();
/** These end the server, or what the others are tried on; they take nothing. */
const LAST = ['server.retire'];

/** Of these nothing stays: where the host's own folders would be written to, a minute later. */
const PUT_BACK: Readonly<Record<string, object>> = { 'backup.setSchedule': { isOn: false, copyTo: null } };

let server: MemoryServer;
let instance: Instance;
const surprises: string[] = [];

const note = (message: string, more?: object) =>
  void surprises.push(`${message} ${String((more as { error?: Error } | undefined)?.error?.stack ?? '')}`);
const log: Log = { info: () => undefined, warn: () => undefined, error: note };

function call({ path, type }: Pick<ListedProcedure, 'path' | 'type'>, input: unknown) {
  const socket = instance.adminSocket;
  if (type === 'mutation') return send(socket, `/api/trpc/${path}`, { body: input ?? {} });
  const query = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`;
  return send(socket, `/api/trpc/${path}${query}`);
}

/** Fails after PATIENCE: a call that nobody answers. */
async function answered<T>(what: string, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} was not answered`)), PATIENCE);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

interface Refused {
  error?: { data?: { berth?: { code: string; message: string } } };
}

/** A refusal has a code of ours that is no surprise, and a message for people. */
function expectRefusal(body: unknown): void {
  const berth = (body as Refused).error?.data?.berth;
  expect(berth, JSON.stringify(body).slice(0, 500)).toBeDefined();
  const { code, message } = berth ?? { code: '', message: '' };
  expect(isErrorCode(code) && code !== 'internal', `${code}: ${message}`).toBe(true);
  expect(message.length).toBeGreaterThan(3);
  expect(message.length).toBeLessThan(4000);
}

beforeAll(async () => {
  server = await startMemoryServer(log);
  instance = server.instance;
  for (const name of ['alpha', 'beta']) {
    const made = await send(instance.adminSocket, '/api/trpc/guest.create', {
      body: { name, image: 'berth/mini', wait: true, start: name === 'alpha' },
    });
    expect(made, JSON.stringify(made.body)).toMatchObject({ status: 200 });
  }
});
afterAll(() => server?.[Symbol.asyncDispose]());

const TRIED = PROCEDURES.filter(({ path }) => !LAST.includes(path));

describe('whatever a procedure is given, it does its work or refuses with a code', () => {
  test.each(TRIED.filter(({ type }) => type !== 'subscription'))(
    '$path',
    { timeout: 300_000 },
    async (procedure) => {
      const inputs = procedure.input
        ? arbitraryOf(procedure.input)
        : fc.constantFrom(undefined, [], {}, 'x', 1);
      await fc.assert(
        fc.asyncProperty(inputs, async (input) => {
          surprises.length = 0;
          const { status, body } = await answered(procedure.path, call(procedure, input));
          if (status !== 200) expectRefusal(body);
          const back = PUT_BACK[procedure.path];
          if (back) expect(await call(procedure, back)).toMatchObject({ status: 200 });
          expect(surprises.filter((text) => text.includes('surprise'))).toEqual([]);
        }),
        { numRuns: procedure.input ? RUNS : 5, endOnFailure: process.env.BERTH_INPUT_RUNS === undefined },
      );
    },
  );
});

describe('and so does a subscription', () => {
  test.each(TRIED.filter(({ type }) => type === 'subscription'))('$path', async ({ path, input }) => {
    const socket = new WebSocket(`ws+unix://${instance.adminSocket}:/api/trpc`);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const waiting = new Map<number, (message: unknown) => void>();
    socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      waiting.get(message.id)?.(message);
    });
    let id = 0;
    await fc.assert(
      fc.asyncProperty(input ? arbitraryOf(input) : fc.constant(undefined), async (value) => {
        const number = ++id;
        const first = new Promise<unknown>((resolve) => waiting.set(number, resolve));
        socket.send(JSON.stringify({ id: number, method: 'subscription', params: { path, input: value } }));
        const answer = (await answered(path, first)) as Refused;
        if (answer.error) expectRefusal(answer);
        else socket.send(JSON.stringify({ id: number, method: 'subscription.stop' }));
      }),
      { numRuns: RUNS },
    );
    socket.close();
  });
});

describe('the other routes', () => {
  const path = fc.oneof(
    fc.webPath(),
    fc.constantFrom(
      '/api/auth/sign-in/username',
      '/api/auth/sign-out',
      '/api/trpc/',
      '/api/trpc/guest',
      '/healthz',
    ),
    fc.string({ maxLength: 30 }).map((text) => `/api/trpc/${encodeURIComponent(text)}`),
  );

  test('answer JSON with a code', async () => {
    await fc.assert(
      fc.asyncProperty(path, fc.option(fc.jsonValue(), { nil: undefined }), async (where, body) => {
        const asked = where.startsWith('/') ? where : `/${where}`;
        const { status, body: answer } = await answered(asked, send(instance.webSocket, asked, { body }));
        expect(status === 429 || status < 500, `${status} ${JSON.stringify(answer)}`).toBe(true);
      }),
      { numRuns: RUNS * 2 },
    );
  });

  test.each(['/api/console', '/api/exec', '/api/upload', '/api/trpc'])(
    'a WebSocket at %s is refused or closed',
    async (at) => {
      await fc.assert(
        fc.asyncProperty(fc.webQueryParameters(), fc.uint8Array({ maxLength: 200 }), async (query, bytes) => {
          const socket = new WebSocket(`ws+unix://${instance.adminSocket}:${at}?${query}&connectionParams=1`);
          const over = new Promise<void>((resolve) => {
            socket.once('error', () => resolve()).once('close', () => resolve());
            // What it takes is answered or ignored; then we leave.
            socket.once('open', () => {
              socket.send(bytes);
              socket.send('{"id":1,"method":"query","params":{"path":"guest.list"}}');
              setTimeout(() => socket.close(), 5);
            });
          });
          await answered(at, over);
        }),
        { numRuns: RUNS },
      );
    },
  );

  test('and the server is as it was', async () => {
    expect((await send(instance.adminSocket, '/api/trpc/guest.list')).status).toBe(200);
    expect(surprises.filter((text) => text.includes('surprise') || text.includes('nobody looked'))).toEqual(
      [],
    );
  });
});
