import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Guard } from '../access/guard.ts';
import { RightsBook } from '../access/rights-book.ts';
import { AuditLog } from '../audit/audit-log.ts';
import { createAdminRouter, createAuthRouter, createSetupRouter } from '../auth/router.ts';
import { makeRunDir } from '../check-host.ts';
import { readEnv } from '../env.ts';
import { createEventRouter } from '../event/router.ts';
import { type Instance, instanceOf } from '../instance/instance.ts';
import { LastAnswers } from '../last-answers.ts';
import { createLog } from '../log.ts';
import { createOperationRouter } from '../operation/router.ts';
import { FakeRuntime } from '../runtime/fake.ts';
import { type StartedPlatform, startPlatform } from '../start-platform.ts';
import { router } from '../trpc.ts';
import { createHttp, type Http } from './create-http.ts';
import { listenOnSocket } from './listen-on-socket.ts';

/** The platform with its sockets, without guests: on a real database in a folder of its own. */
export interface TestFront {
  instance: Instance;
  started: StartedPlatform;
  http: Http;
  /** Stop the server part; the folder stays for `restart`. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Start one; `variables` are settings as the environment has them. */
export async function startTestFront(variables: Record<string, string> = {}): Promise<TestFront> {
  const folder = mkdtempSync(join(tmpdir(), 'berth-front-'));
  chmodSync(folder, 0o711);
  const runDir = join(folder, 'run');
  const instance: Instance = {
    ...instanceOf({ slot: 11, id: '0'.repeat(32), dataDir: folder }),
    runDir,
    adminSocket: join(runDir, 'admin.sock'),
    webSocket: join(runDir, 'web', 'server.sock'),
  };
  makeRunDir(instance);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const front = await open(instance, variables).catch((error: unknown) => {
    remove();
    throw error;
  });
  return Object.assign(front, {
    restart: async () => {
      await end(front);
      Object.assign(front, await open(instance, variables));
    },
    close: async () => {
      await end(front);
      remove();
    },
  });
}

async function end({ http, started }: Pick<TestFront, 'http' | 'started'>): Promise<void> {
  await http.close();
  await started.stop();
}

async function open(instance: Instance, variables: Record<string, string>) {
  const log = createLog(() => undefined);
  const env = readEnv({ BERTH_DATA: instance.dataDir, ...variables });
  const started = await startPlatform({ env, instance, runtime: new FakeRuntime(), log });
  const { platform, signIn } = started;
  const api = router({
    setup: createSetupRouter({ db: platform.db, signIn }),
    auth: createAuthRouter(platform),
    admin: createAdminRouter(platform),
    event: createEventRouter(platform),
    operation: createOperationRouter(platform),
  });
  const guard = new Guard({
    db: platform.db,
    guestId: () => null,
    guestName: () => null,
    trashedId: () => null,
    guestOfSession: () => null,
    guestOfRecording: () => null,
    projectOfVolume: async () => null,
    elsewhere: () => null,
    rights: new RightsBook({ ...platform, guestsIn: () => new Set() }),
  });
  const audit = new AuditLog({ ...platform, dataDir: instance.dataDir });
  const http = createHttp({
    ...started,
    ...{
      env,
      log,
      guard,
      audit,
      router: api,
      database: platform.database,
      answers: new LastAnswers(platform),
    },
  });
  await listenOnSocket(http.admin, instance.adminSocket, { mode: 0o600, gid: 0 });
  await listenOnSocket(http.web, instance.webSocket, { mode: 0o660, gid: 0 });
  return { instance, started, http };
}

export interface Answer {
  status: number;
  body: unknown;
  cookies: string[];
  /** Where it sends the browser. */
  location: string | null;
}

/** One request as a browser sends it through the web process. */
export function send(
  socketPath: string,
  path: string,
  options: { body?: unknown; headers?: OutgoingHttpHeaders } = {},
): Promise<Answer> {
  const text = options.body === undefined ? undefined : JSON.stringify(options.body);
  const own = {
    host: 'berth.test:8443',
    'x-forwarded-host': 'berth.test:8443',
    'x-forwarded-for': '192.0.2.7',
  };
  const change =
    text === undefined
      ? {}
      : { 'content-type': 'application/json', 'x-berth': '1', origin: 'https://berth.test:8443' };
  return new Promise((resolve, reject) => {
    const call = request(
      {
        socketPath,
        path,
        // One that was kept may be closed just now: a test that makes inputs for seconds comes later than the server waits.
        agent: false,
        method: text === undefined ? 'GET' : 'POST',
        headers: { ...own, ...change, ...options.headers },
      },
      (response) => {
        let received = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          received += chunk;
        });
        response.on('end', () => {
          const cookies = response.headers['set-cookie'] ?? [];
          const { location = null } = response.headers;
          resolve({ status: response.statusCode ?? 0, body: bodyOf(response, received), cookies, location });
        });
      },
    );
    call.on('error', reject);
    call.end(text);
  });
}

/** JSON as what it is; a file as its text. */
function bodyOf({ headers }: IncomingMessage, text: string): unknown {
  return headers['content-type']?.includes('json') ? JSON.parse(text) : text;
}
