import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectDb, type Db } from '../db/client.ts';
import { type MemoryServer, startMemoryServer } from '../http/memory-server.ts';
import { send } from '../http/test-front.ts';
import { createLog } from '../log.ts';
import type { AuditEntry, AuditVerdict } from './schema.ts';

// The real server on the real database: what is done over its sockets, and then what somebody does to the rows behind its back.
const PASSWORD = 'correct horse battery';
let server: MemoryServer;
let db: Db;

async function call(socket: string, path: string, body: unknown, cookie = '') {
  const headers = { cookie, 'x-forwarded-for': '198.51.100.7' };
  const answer = await send(socket, `/api/trpc/${path}`, { body, headers });
  return { ...answer, data: (answer.body as { result?: { data: Record<string, unknown> } }).result?.data };
}
const root = (path: string, body: unknown) => call(server.instance.adminSocket, path, body);
const query = async <T>(path: string, input?: object): Promise<T> => {
  const asked = input ? `?input=${encodeURIComponent(JSON.stringify(input))}` : '';
  const { body } = await send(server.instance.adminSocket, `/api/trpc/${path}${asked}`);
  return (body as { result: { data: T } }).result.data;
};
const list = (input: object = {}) => query<AuditEntry[]>('audit.list', input);
const verify = () => query<AuditVerdict>('audit.verify');

/** Change rows as somebody does who owns the database, and see what a verdict says; then all is as before. */
async function tampered(sql: string): Promise<AuditVerdict> {
  await db.$executeRawUnsafe('CREATE TABLE audit_kept AS SELECT * FROM audit_entry');
  await db.$executeRawUnsafe('ALTER TABLE audit_entry DISABLE TRIGGER USER');
  await db.$executeRawUnsafe(sql);
  const verdict = await verify();
  await db.$executeRawUnsafe('DELETE FROM audit_entry');
  await db.$executeRawUnsafe('INSERT INTO audit_entry SELECT * FROM audit_kept');
  await db.$executeRawUnsafe('ALTER TABLE audit_entry ENABLE TRIGGER USER');
  await db.$executeRawUnsafe('DROP TABLE audit_kept');
  return verdict;
}

beforeAll(async () => {
  server = await startMemoryServer(createLog(() => undefined));
  db = connectDb(server.databaseUrl);
  await root('guest.create', { name: 'alpha', image: 'berth/mini', wait: true, start: true });
}, 300_000);
afterAll(async () => {
  await db?.$disconnect();
  await server?.[Symbol.asyncDispose]();
});

test('what root does is written with its change, once, with the operation that it began', async () => {
  const created = (await list({ guest: 'alpha', action: 'guest.create' })).filter(
    ({ action }) => action === 'guest.create',
  );
  expect(created).toMatchObject([
    { actor: 'root', via: 'cli', outcome: 'done', atomic: true, subject: { type: 'guest', name: 'alpha' } },
  ]);
  expect(created[0]?.operation).toBeTypeOf('string');
});

test('what a user does and is refused is written, without passwords; what ends by a transaction’s failure is not', async () => {
  const { data } = await root('user.create', { username: 'vera', role: 'viewer' });
  const token = String((data?.link as { path: string } | undefined)?.path.split('#')[1]);
  const web = server.instance.webSocket;
  const accepted = await call(web, 'link.accept', { token, password: PASSWORD });
  expect(accepted.status).toBe(200);
  const cookie = accepted.cookies[0]?.split(';')[0] ?? '';
  expect((await call(web, 'guest.stop', { guest: 'alpha' }, cookie)).status).toBe(403);
  expect((await root('user.take', { username: 'vera', role: 'admin' })).status).toBe(404);
  const [refused] = await list({ actor: 'vera', guest: 'alpha' });
  expect(refused).toMatchObject({
    ...{ action: 'guest.stop', via: 'web', address: '198.51.100.7', outcome: 'refused', atomic: false },
    reason: expect.stringContaining('forbidden: you may not'),
  });
  const taken = await list({ action: 'user.take' });
  expect(taken).toMatchObject([{ outcome: 'refused', subject: { type: 'user', name: 'vera' } }]);
  const all = JSON.stringify(await list({ limit: 500 }));
  expect(all).toContain('link.accept');
  expect(all).not.toContain(PASSWORD);
  expect(all).not.toContain(token);
});

test('recordings and their policy are written', async () => {
  const { data } = await root('recording.start', { guest: 'alpha' });
  await root('recording.stop', { id: data?.id });
  await root('recording.setPolicy', { guest: 'alpha', always: false });
  const done = (await list({ guest: 'alpha', action: 'recording' })).map(({ action }) => action);
  expect(done).toEqual(['recording.setPolicy', 'recording.stop', 'recording.start']);
});

test('who read a recording is written, and who was not let do so reads none', async () => {
  const { data } = await root('recording.start', { guest: 'alpha' });
  await root('recording.stop', { id: data?.id });
  const path = `/api/recordings/${data?.id}.cast`;
  expect((await send(server.instance.adminSocket, path)).status).toBe(200);
  expect((await send(server.instance.webSocket, path)).status).toBe(401);
  expect(await list({ action: 'recording.read' })).toMatchObject([
    { actor: 'root', via: 'cli', outcome: 'done', subject: { name: 'alpha' }, input: `{"id":"${data?.id}"}` },
  ]);
});

test('who signs in, is refused and signs out is written', async () => {
  const web = server.instance.webSocket;
  const enter = (password: string) =>
    send(web, '/api/auth/sign-in/username', { body: { username: 'vera', password } });
  expect((await enter('not the password')).status).toBe(401);
  const cookie = (await enter(PASSWORD)).cookies[0]?.split(';')[0] ?? '';
  await send(web, '/api/auth/sign-out', { body: {}, headers: { cookie } });
  // Nobody is signed in any more: that is no sign-out.
  await send(web, '/api/auth/sign-out', { body: {}, headers: { cookie } });
  const told = (await list({ action: 'auth.sign' })).map(
    ({ action, actor, outcome, address }) => `${action} ${actor} ${outcome} ${address}`,
  );
  expect(told).toEqual([
    ...['auth.signOut vera done 192.0.2.7', 'auth.signIn vera done 192.0.2.7'],
    'auth.signIn nobody refused 192.0.2.7',
  ]);
});

test('entries at the same moment make one chain', async () => {
  await Promise.all(Array.from({ length: 30 }, (_, at) => root('volume.create', { volume: `vol-${at}` })));
  expect(await list({ action: 'volume.create' })).toHaveLength(30);
  expect(await verify()).toMatchObject({ problems: [] });
  await Promise.all(Array.from({ length: 30 }, (_, at) => root('volume.delete', { volume: `vol-${at}` })));
});

test('the database refuses to change an entry', async () => {
  await expect(db.$executeRawUnsafe("UPDATE audit_entry SET actor = 'somebody'")).rejects.toThrow(
    'rows of audit_entry are never changed',
  );
});

test('every edit and cut is found', async () => {
  // The head is what the server has seen: it looks every two seconds.
  const last = (await list({ limit: 1 }))[0]?.seq ?? 0;
  for (;;) {
    if (server.auditHead() >= last) break;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  expect((await tampered('SELECT 1')).problems).toEqual([]);
  for (const column of ['actor', 'action', 'input', 'outcome', 'via', 'hash', 'previous']) {
    const { problems } = await tampered(
      `UPDATE audit_entry SET "${column}" = "${column}" || 'x' WHERE seq = 3`,
    );
    expect(problems[0], column).toMatchObject({ seq: 3 });
  }
  for (const change of [`"at" = "at" + interval '1 second'`, `"atomic" = NOT "atomic"`, `"reason" = 'no'`])
    expect(
      (await tampered(`UPDATE audit_entry SET ${change} WHERE seq = 3`)).problems[0],
      change,
    ).toMatchObject({
      seq: 3,
    });
  expect((await tampered('DELETE FROM audit_entry WHERE seq = 1')).problems[0]).toMatchObject({ seq: 1 });
  expect((await tampered('DELETE FROM audit_entry WHERE seq = 5')).problems[0]).toMatchObject({ seq: 5 });
  expect((await tampered(`DELETE FROM audit_entry WHERE seq > ${last - 3}`)).problems[0]).toMatchObject({
    seq: last - 2,
  });
  // Cut, numbered and hashed anew by the function itself: only the head, outside of the database, tells.
  const again = `DELETE FROM audit_entry WHERE seq >= ${last};
    SELECT audit_append('root', NULL, 'cli', NULL, 'host.nothing', NULL, NULL, NULL, NULL, '{}', 'done', NULL, false)`;
  const verdict = await tampered(`DO $$ BEGIN ${again.replace('SELECT', 'PERFORM')}; END $$`);
  expect(verdict.problems).toEqual([{ seq: last, what: expect.stringContaining('is another') }]);
  expect((await verify()).problems).toEqual([]);
});

describe('to a log', () => {
  const bodies = (messages: readonly string[]) =>
    messages.map((one) => JSON.parse(one.slice(one.indexOf('{'))) as AuditEntry);

  test('entries go by UDP, from one on, and are what they were', async () => {
    const socket = createSocket('udp4');
    const heard: string[] = [];
    socket.on('message', (bytes) => heard.push(bytes.toString()));
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const target = `udp://127.0.0.1:${socket.address().port}`;
    const last = (await list({ limit: 1 }))[0]?.seq ?? 0;
    const { data } = await root('audit.forward', { target, after: last - 3 });
    expect(data).toEqual({ sent: 3, last });
    while (heard.length < 3) await new Promise((wake) => setTimeout(wake, 5));
    socket.close();
    expect(bodies(heard)).toEqual((await list({ after: last - 3 })).slice(0, 3));
  });

  test('entries go to a socket as /dev/log is; one that is not there is named', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'berth-syslog-'));
    const path = join(folder, 'log');
    expect((await root('audit.forward', { target: path })).body).toMatchObject({
      error: { message: expect.stringContaining(`${path} takes no message (ENOENT): nothing was sent`) },
    });
    // Node has no such sockets itself.
    const script = `import socket,sys
s=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print('ready',flush=True)
for _ in range(2): print(s.recv(70000).decode('ascii'),flush=True)`;
    const reader = spawn('python3', ['-c', script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: reader.stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('ready');
    const [newest, before] = await list({ limit: 2 });
    const { data } = await root('audit.forward', { target: path, after: (before?.seq ?? 0) - 1 });
    expect(data).toEqual({ sent: 2, last: newest?.seq });
    const heard = [(await lines.next()).value, (await lines.next()).value].map(String);
    expect(heard[0]).toMatch(/^<\d+>1 \d{4}-\S+Z \S+ berth - \S+ \[meta sequenceId="\d+"\]/);
    expect(bodies(heard)).toEqual([before, newest]);
    rmSync(folder, { recursive: true });
  });

  test('a target that is none is refused', async () => {
    for (const target of ['', 'log', 'http://127.0.0.1', 'udp://', 'udp://host/path'])
      expect((await root('audit.forward', { target })).status, target).toBe(400);
  });
});

test('old entries are removed as a whole beginning; every other cut is still found, a made-up pruning too', async () => {
  const [cut] = (await list({ after: 9, limit: 1 })) as [AuditEntry];
  const before = new Date(Date.parse(cut.at)).toISOString();
  const last = (await list({ limit: 1 }))[0]?.seq ?? 0;
  const { data } = await root('audit.prune', { before });
  const through = Number(data?.through);
  expect(through).toBeGreaterThan(3);
  expect(data).toEqual({ removed: through, through });
  const verdict = await verify();
  expect(verdict).toMatchObject({ pruned: through, problems: [] });
  expect(verdict.entries).toBe(last + 1 - through);
  const [entry] = await list({ limit: 1 });
  expect(entry).toMatchObject({ action: 'audit.prune', actor: 'root', atomic: true });
  // More of the beginning, and something in the middle.
  const first = through + 1;
  expect((await tampered(`DELETE FROM audit_entry WHERE seq = ${first}`)).problems[0]).toMatchObject({
    seq: 1,
    what: `to ${first} are missing`,
  });
  expect((await tampered(`DELETE FROM audit_entry WHERE seq = ${first + 1}`)).problems[0]).toMatchObject({
    seq: first + 1,
  });
  expect(
    (await tampered(`UPDATE audit_entry SET previous = repeat('0', 64) WHERE seq = ${first}`)).problems[0],
  ).toMatchObject({ seq: first });
  // Who owns the database may call the function, and say so in an entry: the folder knows of no such pruning.
  const forged = await tampered(`DO $$ BEGIN PERFORM audit_prune(${first + 2});
    PERFORM audit_append('root', NULL, 'cli', NULL, 'audit.prune', NULL, NULL, NULL, NULL, '{}', 'done', NULL, true); END $$`);
  expect(forged.problems[0]).toMatchObject({ seq: 1, what: `to ${first + 2} are missing` });
  // Once more, and over a restart; what is too young stays.
  expect((await root('audit.prune', { before })).data).toEqual({ removed: 0, through: null });
  expect((await root('audit.prune', { before: '2100-01-01T00:00:00Z' })).data).toMatchObject({
    through: expect.any(Number),
  });
  await server.restart();
  expect(await verify()).toMatchObject({ problems: [] });
  expect(await list({ action: 'audit.broken' })).toEqual([]);
});

test('nothing is pruned where the beginning is missing already: that cut would be forgotten', async () => {
  const [oldest] = await db.$queryRaw<{ seq: number }[]>`SELECT min(seq)::integer AS seq FROM audit_entry`;
  await db.$executeRawUnsafe('ALTER TABLE audit_entry DISABLE TRIGGER USER');
  await db.$executeRawUnsafe(`DELETE FROM audit_entry WHERE seq = ${oldest?.seq}`);
  await db.$executeRawUnsafe('ALTER TABLE audit_entry ENABLE TRIGGER USER');
  // There has to be something that may go.
  for (let more = 0; more < 3; more++) await root('guest.describe', { guest: 'alpha', notes: `${more}` });
  const asked = await root('audit.prune', { before: '2100-01-01T00:00:00Z' });
  expect(asked.status).toBe(409);
  expect(JSON.stringify(asked.body)).toContain('are missing and were not pruned');
});
