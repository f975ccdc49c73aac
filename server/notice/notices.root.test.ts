import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createGuest } from '../guest/create-guest.ts';
import { deleteGuest } from '../guest/delete-guest.ts';
import { type TestServer, testDatabase, testServer } from '../guest/test-services.ts';
import type { Actor } from '../platform.ts';
import { changeChannel, createChannel, deleteChannel, listChannels } from './channels.ts';
import { NoticeSender } from './deliver-notices.ts';
import { listNotices, markSeen } from './list-notices.ts';
import { type CreateChannelInput, createChannelInput } from './schema.ts';
import type { NoticeServices } from './services.ts';
import { tryChannel } from './try-channel.ts';
import { watchNotices } from './watch-notices.ts';

const root: Actor = { kind: 'root' };
const ann: Actor = { kind: 'user', id: 'u1', username: 'ann' };
const SECRET = 'a secret of the webhook';

let database: Awaited<ReturnType<typeof testDatabase>>;
let server: TestServer;
let services: NoticeServices;
let sender: NoticeSender;
let unwatch: () => Promise<void>;

/** What the webhook got, and what it answers. */
const got: { headers: IncomingHttpHeaders; body: string }[] = [];
let status = 204;
const hook = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    got.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end('what nobody is told');
  });
});
const mails: string[] = [];
let mailRefusal: string | null = null;
const smtp = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'],
  onMailFrom: (_, __, done) => done(mailRefusal === null ? null : new Error(mailRefusal)),
  onData: (stream, _, done) => {
    let text = '';
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    stream.on('end', () => {
      mails.push(text);
      done();
    });
  },
});
const port = (listener: { address(): AddressInfo | string | null }) =>
  (listener.address() as AddressInfo).port;
const hookUrl = () => `http://127.0.0.1:${port(hook)}/hook`;

beforeAll(async () => {
  database = await testDatabase();
  await new Promise<void>((done) => hook.listen(0, '127.0.0.1', done));
  await new Promise<void>((done) => smtp.listen(0, '127.0.0.1', done));
});
afterAll(async () => {
  await new Promise((done) => hook.close(done));
  await new Promise<void>((done) => smtp.close(done));
  await database?.close();
});
beforeEach(async () => {
  server = await testServer(database);
  sender = new NoticeSender(server);
  services = { ...server, project: (name) => server.projects.get(name), hurry: () => sender.hurry() };
  unwatch = watchNotices(services, server.guests);
  Object.assign(server, { got: got.splice(0), mails: mails.splice(0) });
  status = 204;
  mailRefusal = null;
});
afterEach(async () => {
  await unwatch();
  await sender.stop();
  await server.close();
  await server.db.noticeChannel.deleteMany();
  await server.db.notice.deleteMany();
  await server.db.guest.deleteMany();
  await server.db.operation.deleteMany();
  await server.db.$disconnect();
});

const channel = (more: Partial<CreateChannelInput> = {}) =>
  createChannel(
    services,
    ann,
    createChannelInput.parse({
      ...{ name: 'chat', to: { kind: 'webhook', url: hookUrl(), secret: SECRET } },
      ...more,
    }),
  );
const guest = async (name: string) =>
  (await createGuest(server, ann, { name, start: true, wait: true })).guest.id;
const told = () => got.flatMap(({ body }) => (JSON.parse(body) as { notices: { text: string }[] }).notices);
const state = async () => (await listChannels(services))[0];

describe('a webhook', () => {
  test('gets what it wants to be told, signed, and its secret is never told again', async () => {
    const view = await channel();
    expect(JSON.stringify([view, await listChannels(services)])).not.toContain(SECRET);
    const id = await guest('web');
    server.runtime.end(id, { status: 3 });
    await vi.waitFor(() => expect(got).toHaveLength(1), 5000);
    const [{ headers, body } = { headers: {}, body: '' }] = got;
    expect(headers['berth-signature']).toBe(
      `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`,
    );
    expect(JSON.parse(body)).toMatchObject({
      text: expect.stringContaining('web: its init ended with status 3'),
      channel: 'chat',
      notices: [{ kind: 'guest.failed', guest: { id, name: 'web' }, project: 'default' }],
    });
    await vi.waitFor(async () => expect(await state()).toMatchObject({ waiting: 0, problem: null }));
    expect((await state())?.sentAt).not.toBeNull();
  });

  test('that does not answer well is tried again, in order, and says why; a change of it tries at once', async () => {
    status = 302;
    await channel({ kinds: ['guest.created', 'guest.deleted'] });
    const id = await guest('one');
    await vi.waitFor(async () =>
      expect(await state()).toMatchObject({
        waiting: 1,
        problem: `127.0.0.1:${port(hook)} answered with status 302`,
      }),
    );
    await guest('two');
    await deleteGuest(server, ann, { guest: id, force: true, wait: true });
    await vi.waitFor(async () => expect((await state())?.waiting).toBe(3), 5000);
    expect(got).toHaveLength(1);
    got.length = 0;
    status = 200;
    await changeChannel(services, { channel: 'chat' });
    await vi.waitFor(async () => expect((await state())?.waiting).toBe(0), 5000);
    expect(told().map(({ text }) => text)).toEqual([
      'one was made by ann',
      'two was made by ann',
      'one was deleted for good by ann',
    ]);
  });

  test('is told nothing in its quiet hours, while it is off, or of another project', async () => {
    await server.projects.insert({
      ...{ name: 'shop', about: '', fields: [], recording: null, createdAt: '', createdBy: 'root' },
      quotas: { guests: null, cpu: null, memory: null, disk: null, addresses: null },
    });
    await channel({ name: 'a', kinds: ['guest.created'], project: 'shop' });
    await channel({ name: 'b', kinds: ['guest.created'], isOn: false });
    await channel({ name: 'c', kinds: ['guest.deleted'] });
    const now = new Date();
    const at = (hours: number) => `${`${(now.getUTCHours() + hours) % 24}`.padStart(2, '0')}:00`;
    await channel({
      ...{ name: 'd', kinds: ['guest.created'] },
      quiet: { from: at(0), to: at(2), timeZone: 'UTC' },
    });
    await guest('web');
    await vi.waitFor(async () =>
      expect((await listChannels(services)).map(({ name, waiting }) => `${name} ${waiting}`)).toEqual([
        ...['a 0', 'b 0', 'c 0', 'd 1'],
      ]),
    );
    expect(got).toEqual([]);
    await changeChannel(services, { channel: 'd', quiet: null });
    await vi.waitFor(() => expect(told()).toHaveLength(1), 5000);
    await server.db.project.delete({ where: { name: 'shop' } });
    expect((await listChannels(services)).map(({ name }) => name)).toEqual(['b', 'c', 'd']);
    await deleteChannel(services, { channel: 'd' });
    await expect(deleteChannel(services, { channel: 'd' })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('keeps its secret at the same address, and another one never gets it', async () => {
    await channel();
    await changeChannel(services, { channel: 'chat', to: { kind: 'webhook', url: hookUrl() } });
    expect(await state()).toMatchObject({ to: { hasSecret: true } });
    const other = { kind: 'webhook', url: `${hookUrl()}/2` } as const;
    await expect(changeChannel(services, { channel: 'chat', to: other })).rejects.toMatchObject({
      ...{ code: 'bad_input', field: ['to', 'secret'] },
    });
    await changeChannel(services, { channel: 'chat', to: { ...other, secret: 'another' } });
    expect(await state()).toMatchObject({ to: { url: other.url, hasSecret: true } });
    await changeChannel(services, { channel: 'chat', to: { ...other, secret: null } });
    await expect(channel()).rejects.toMatchObject({ code: 'name_taken', field: ['name'] });
    const mail = { kind: 'mail', url: 'smtp://127.0.0.1:1', username: null } as const;
    await changeChannel(services, {
      channel: 'chat',
      to: { ...mail, sender: 'berth@example.org', receivers: ['ops@example.org'] },
    });
    expect(await state()).toMatchObject({ to: { kind: 'mail', hasSecret: false } });
  });

  test('is tried by hand: it works, or why it does not', async () => {
    await channel();
    await expect(tryChannel(services, { channel: 'chat' })).resolves.toEqual({ channel: 'chat' });
    expect(told()).toMatchObject([{ kind: 'trial' }]);
    const gone = createServer();
    await new Promise<void>((done) => gone.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${port(gone)}/`;
    await new Promise((done) => gone.close(done));
    await changeChannel(services, { channel: 'chat', to: { kind: 'webhook', url, secret: null } });
    await expect(tryChannel(services, { channel: 'chat' })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/^127\.0\.0\.1:\d+ cannot be reached: connect ECONNREFUSED/),
    });
  });
});

test('what waits for a channel goes when it is not for it any more', async () => {
  await sender.stop();
  await channel({ kinds: ['guest.created', 'guest.failed'] });
  server.runtime.end(await guest('web'), { status: 3 });
  await vi.waitFor(async () => expect((await state())?.waiting).toBe(2), 5000);
  await changeChannel(services, { channel: 'chat', kinds: ['guest.failed'] });
  expect((await state())?.waiting).toBe(1);
  await server.projects.insert({
    ...{ name: 'mine', about: '', fields: [], recording: null, createdAt: '', createdBy: 'root' },
    quotas: { guests: null, cpu: null, memory: null, disk: null, addresses: null },
  });
  await changeChannel(services, { channel: 'chat', project: 'mine' });
  expect((await state())?.waiting).toBe(0);
  await server.db.project.delete({ where: { name: 'mine' } });
});

test('what a channel does not take for a day is given up, and told', async () => {
  status = 500;
  await channel({ kinds: ['guest.created'] });
  await guest('web');
  await vi.waitFor(async () => expect((await state())?.problem).toContain('status 500'), 5000);
  await server.db.notice.updateMany({ data: { at: new Date(Date.now() - 25 * 3_600_000) } });
  await changeChannel(services, { channel: 'chat', isOn: true });
  await vi.waitFor(async () =>
    expect(await state()).toMatchObject({
      waiting: 0,
      problem: expect.stringContaining('answered with status 500 (1 notices were given up)'),
    }),
  );
});

test('what waits outlives the server', async () => {
  await sender.stop();
  await channel({ kinds: ['guest.created'] });
  await guest('web');
  await vi.waitFor(async () => expect((await state())?.waiting).toBe(1));
  expect(got).toEqual([]);
  sender = new NoticeSender(server);
  sender.hurry();
  await vi.waitFor(() => expect(told()).toMatchObject([{ text: 'web was made by ann' }]), 5000);
});

describe('mail', () => {
  const to = () => ({
    kind: 'mail' as const,
    url: `smtp://127.0.0.1:${port(smtp.server)}`,
    username: null,
    sender: 'berth@example.org',
    receivers: ['ops@example.org', 'ann@example.org'],
  });

  test('goes to everybody, in plain text, and a name cannot add a header', async () => {
    await channel({ name: 'ops', to: to(), kinds: ['operation.failed'] });
    server.runtime.failures.set('startGuest', new Error('no\r\nBcc: all@example.org'));
    await createGuest(server, ann, { name: 'web', start: true, wait: true }).catch(() => undefined);
    await vi.waitFor(() => expect(mails).toHaveLength(1), 5000);
    const [text = ''] = mails;
    const [head = ''] = text.split('\r\n\r\n');
    expect(head).toContain('To: ops@example.org, ann@example.org');
    expect(head).toContain('Auto-Submitted: auto-generated');
    expect(head).toMatch(/^Subject: Berth: /m);
    expect(head).not.toMatch(/^Bcc:/im);
  });

  test('that is refused says why, and a password is never sent without TLS', async () => {
    await channel({ name: 'ops', to: to() });
    mailRefusal = 'no room';
    await expect(tryChannel(services, { channel: 'ops' })).rejects.toThrow(/takes no mail.*no room/);
    mailRefusal = null;
    await changeChannel(services, {
      channel: 'ops',
      to: { ...to(), username: 'berth', secret: 'secret' },
    });
    await expect(tryChannel(services, { channel: 'ops' })).rejects.toThrow(/takes no mail/);
    expect(mails).toEqual([]);
  });
});

test('the page shows what somebody may see, and what of it they have not read', async () => {
  await server.db.user.create({ data: { id: 'u1', name: 'ann', username: 'ann', email: 'a@berth.test' } });
  const [one, two] = [await guest('one'), await guest('two')];
  const unlimited = { unlimited: true } as const;
  const list = (actor: Actor, guestId?: string) =>
    listNotices(
      services,
      {
        actor,
        rights:
          guestId === undefined
            ? unlimited
            : { unlimited: false, grants: [{ permissions: new Set(['guest.view']), guest: guestId }] },
      },
      { limit: 50 },
    );
  await vi.waitFor(async () => expect((await list(root)).notices).toHaveLength(2));
  const { notices, unread } = await list(ann);
  // What somebody did is no alarm.
  expect([notices.map(({ guest }) => guest?.id), unread]).toEqual([[two, one], 0]);
  expect((await list(ann, one)).notices.map(({ text }) => text)).toEqual(['one was made by ann']);
  server.runtime.end(one, { status: 3 });
  await vi.waitFor(async () => expect((await list(ann)).unread).toBe(1), 5000);
  expect((await list(ann, two)).unread).toBe(0);
  await markSeen(services, ann, { upTo: notices[0]?.id ?? '' });
  expect(await list(ann)).toMatchObject({ unread: 1, readUpTo: notices[0]?.id });
  await markSeen(services, ann, { upTo: '999999999' });
  expect((await list(ann)).unread).toBe(0);
  server.runtime.end(two, { status: 3 });
  await vi.waitFor(async () => expect((await list(ann)).unread).toBe(1), 5000);
  await server.db.user.delete({ where: { id: 'u1' } });
});

test.each([
  [{ kind: 'webhook', url: 'ftp://example.org/' }, /address of a webhook is like/],
  [{ kind: 'webhook', url: 'http://user:word@example.org/' }, /without a user in it/],
  [{ kind: 'webhook', url: 'nonsense' }, /address of a webhook is like/],
  [
    { kind: 'mail', url: 'https://example.org', username: null, sender: 'a@b.org', receivers: ['a@b.org'] },
    /mail server is like/,
  ],
  [
    { kind: 'mail', url: 'smtp://b.org', username: null, sender: 'a', receivers: ['a@b.org'] },
    /mail address is like/,
  ],
  [
    { kind: 'mail', url: 'smtp://b.org', username: null, sender: 'a@b.org', receivers: [] },
    /say who gets the mail/,
  ],
  [{ kind: 'pigeon' }, /webhook or mail/],
])('%o is refused with what would be right', (to, message) => {
  const { error } = createChannelInput.safeParse({ name: 'x', to });
  expect(error?.issues[0]?.message).toMatch(message);
});
