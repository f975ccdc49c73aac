import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { startTimeOf } from './child/process-identity.ts';
import { send } from './http/test-front.ts';
import { readInstance } from './instance/read-instance.ts';
import { releaseSlot } from './instance/release-slot.ts';

const MAIN = join(import.meta.dirname, 'main.ts');
const PASSWORD = 'correct horse battery';

let folder: string;
let data: string;
let servers: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-main-'));
  chmodSync(folder, 0o711);
  data = join(folder, 'data');
  servers = [];
});

afterEach(async () => {
  for (const server of servers) await end(server);
  const instance = existsSync(join(data, 'instance.json')) ? readable(data) : null;
  if (instance !== null) {
    const again = await boot();
    await admin('/api/trpc/server.retire', {});
    await end(again);
    rmSync(instance.runDir, { recursive: true, force: true });
    releaseSlot(instance);
  }
  rmSync(folder, { recursive: true, force: true });
});

function readable(dataDir: string) {
  try {
    return readInstance(dataDir);
  } catch {
    return null;
  }
}

async function end(server: ChildProcess): Promise<number | null> {
  if (server.exitCode === null && server.signalCode === null) {
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
  return server.exitCode;
}

const environment = () => ({ ...process.env, BERTH_DATA: data });

/** Start a server, and resolve when both sockets answer. */
async function boot(): Promise<ChildProcess> {
  let said = '';
  const server = spawn(process.execPath, [MAIN], { env: environment(), stdio: ['ignore', 'ignore', 'pipe'] });
  servers.push(server);
  server.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const healthy = async () => {
    if (server.exitCode !== null) return;
    expect((await admin('/healthz')).status).toBe(200);
    expect((await web('/healthz')).status).toBe(200);
  };
  await vi.waitFor(healthy, { timeout: 20_000, interval: 20 });
  expect(server.exitCode, said).toBeNull();
  return server;
}

function instance() {
  const found = readInstance(data);
  if (found === null) throw new Error(`${data} has no instance`);
  return found;
}

const admin = (path: string, body?: unknown) => send(instance().adminSocket, path, { body });
const web = (path: string, body?: unknown, headers = {}) =>
  send(instance().webSocket, path, { body, headers });

const status = z.object({
  result: z.object({
    data: z.object({
      processes: z.object({ server: z.object({ pid: z.number() }), database: z.object({ pid: z.number() }) }),
    }),
  }),
});

async function pids(): Promise<{ server: number; database: number }> {
  const { server, database } = status.parse((await admin('/api/trpc/server.status')).body).result.data
    .processes;
  return { server: server.pid, database: database.pid };
}

async function makeAdmin(): Promise<string> {
  const link = JSON.stringify((await admin('/api/trpc/admin.createLink', {})).body);
  const token = /\/setup#([\w-]+)/.exec(link)?.[1] ?? '';
  const made = await web('/api/trpc/setup.createAdmin', {
    token,
    username: 'ada',
    password: PASSWORD,
    name: 'Ada',
  });
  expect(made.status).toBe(200);
  return made.cookies[0]?.split(';')[0] ?? '';
}

const me = async (cookie: string) => (await web('/api/trpc/auth.me', undefined, { cookie })).body;
const ada = { result: { data: { user: { username: 'ada', name: 'Ada' } } } };

test('from an empty folder to a session that survives SIGTERM and kill -9', async () => {
  const first = await boot();
  expect(statSync(instance().adminSocket).mode & 0o777).toBe(0o600);
  expect(statSync(data).mode & 0o777).toBe(0o711);
  const cookie = await makeAdmin();
  expect(await me(cookie)).toMatchObject(ada);
  const before = await pids();
  expect(before.server).toBe(first.pid);
  expect(await end(first)).toBe(0);
  expect(startTimeOf(before.database)).toBeNull();
  expect(existsSync(instance().adminSocket)).toBe(false);

  const second = await boot();
  expect(await me(cookie)).toMatchObject(ada);
  const { database } = await pids();
  second.kill('SIGKILL');
  await once(second, 'exit');
  await boot();
  expect(await me(cookie)).toMatchObject(ada);
  expect((await pids()).database).toBe(database);
});

test('an instance is retired also while an image is being built', async () => {
  await boot();
  const built = await admin('/api/trpc/image.build', { image: 'debian/12' });
  expect(built.status).toBe(200);
  await vi.waitFor(
    async () => expect(JSON.stringify((await admin('/api/trpc/image.list')).body)).toContain('"building"'),
    { timeout: 20_000 },
  );
  expect(await admin('/api/trpc/server.retire', {})).toMatchObject({ status: 200 });
  expect(JSON.stringify((await admin('/api/trpc/image.list')).body)).not.toMatch(/"(building|ready)"/);
});

test('strangers, wrong passwords and other sites stay outside', async () => {
  await boot();
  await makeAdmin();
  expect((await web('/api/trpc/guest.list')).status).toBe(401);
  const body = { username: 'ada', password: 'wrong password' };
  expect((await web('/api/auth/sign-in/username', body)).status).toBe(401);
  const right = { username: 'ada', password: PASSWORD };
  expect((await web('/api/auth/sign-in/username', right, { origin: 'https://evil.test' })).status).toBe(403);
  const { status, cookies } = await web('/api/auth/sign-in/username', right);
  expect(status).toBe(200);
  const cookie = cookies[0]?.split(';')[0];
  expect((await web('/api/trpc/guest.list', undefined, { cookie })).status).toBe(200);
  const others = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map(() => web('/api/auth/sign-in/username', body));
  expect((await Promise.all(others)).map((answer) => answer.status)).toContain(429);
});

test('a second server of the same folder is refused, and the first goes on', async () => {
  const first = await boot();
  const { status, stderr } = spawnSync(process.execPath, [MAIN], { env: environment(), encoding: 'utf8' });
  expect(status).toBe(4);
  expect(stderr).toContain(`another server of ${data} runs (pid ${first.pid}): stop it first`);
  expect((await admin('/healthz')).status).toBe(200);
});

function refused(options: { uid?: number; env?: Record<string, string> } = {}) {
  const { uid, env } = options;
  return spawnSync(process.execPath, [MAIN], {
    env: { ...environment(), ...env },
    uid,
    encoding: 'utf8',
    timeout: 20_000,
  });
}

test('wrong settings, not root, a corrupt folder and a full disk are told', () => {
  expect(refused({ env: { BERTH_PORT: 'many' } })).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('BERTH_PORT is wrong ("many")'),
  });
  expect(refused({ uid: 65_534 })).toMatchObject({
    status: 5,
    stderr: expect.stringContaining('needs root (it runs as uid 65534)'),
  });
  mkdirSync(data);
  writeFileSync(join(data, 'instance.json'), 'nonsense');
  expect(refused()).toMatchObject({ status: 4, stderr: expect.stringContaining('instance.json is corrupt') });
  expect(readFileSync(join(data, 'instance.json'), 'utf8')).toBe('nonsense');
  rmSync(data, { recursive: true });
  const full = join(folder, 'full');
  mkdirSync(full);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m,mode=711', 'berth-full', full]);
  try {
    data = join(full, 'data');
    expect(refused()).toMatchObject({
      status: 7,
      stderr: expect.stringContaining('MiB are free, 64 MiB are needed'),
    });
    const claimed = readInstance(data);
    if (claimed !== null) releaseSlot(claimed);
  } finally {
    execFileSync('umount', [full]);
    data = join(folder, 'data');
  }
});
