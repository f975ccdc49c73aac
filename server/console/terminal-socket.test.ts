import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type Client,
  type ConsoleFixture,
  createConsoleFixture,
  eventually,
  FakeTerminal,
} from './console-fixture.ts';
import { issueExecTicket } from './issue-exec-ticket.ts';
import { issueTicket } from './issue-ticket.ts';
import { listSessions } from './list-sessions.ts';
import { openShell } from './open-shell.ts';
import { Tag, WINDOW } from './protocol.ts';
import type { TicketHolder } from './tickets.ts';

const root: TicketHolder = { actor: { kind: 'root' }, login: null };
const ann: TicketHolder = { actor: { kind: 'user', id: 'u1', username: 'ann' }, login: 'login-1' };

let fixture: ConsoleFixture;
beforeEach(async () => {
  fixture = await createConsoleFixture();
});
afterEach(() => fixture[Symbol.asyncDispose]());

async function openTerminal(
  holder = root,
): Promise<{ client: Client; terminal: FakeTerminal; session: string }> {
  const input = { guest: 'web', columns: 80, rows: 24 };
  const { ticket, session } = await openShell(fixture.services, holder, input);
  const terminal = new FakeTerminal();
  fixture.runtime.terminals.set(session, terminal);
  const client = fixture.open(`/api/console?ticket=${ticket}&from=0`);
  await eventually(() => expect(client.frames.length).toBeGreaterThan(0));
  return { client, terminal, session };
}

describe('a terminal on a socket', () => {
  test('tells its state first, then passes input, sizes and output', async () => {
    const { client, terminal } = await openTerminal();
    expect(JSON.parse(client.payload(Tag.state).toString())).toEqual({
      start: 0,
      end: 0,
      columns: 80,
      rows: 24,
    });
    client.send(Tag.input, Buffer.from([0, 255, 13]));
    client.send(Tag.resize, Buffer.from([100, 0, 30, 0]));
    terminal.print(5);
    await eventually(() => expect(terminal.sizes).toEqual([[100, 30]]));
    expect(Buffer.concat(terminal.written)).toEqual(Buffer.from([0, 255, 13]));
    await eventually(() => expect(client.payload(Tag.output, 8)).toHaveLength(5));
  });

  test('passes every byte of 5 MB in order to a client that acknowledges', async () => {
    const { client, terminal } = await openTerminal();
    const total = 5_000_000;
    client.socket.on('message', (frame: Buffer) => {
      if (frame[0] === Tag.output) client.acknowledge(Number(frame.readBigUInt64LE(1)) + frame.length - 9);
    });
    terminal.print(total);
    await eventually(() => expect(terminal.acknowledged).toBe(total));
    const bytes = client.payload(Tag.output, 8);
    expect(bytes).toHaveLength(total);
    expect(bytes.findIndex((byte, offset) => byte !== FakeTerminal.byteAt(offset))).toBe(-1);
  });

  test('holds at most a window for a client that reads nothing, even one that lies about it', async () => {
    const { client, terminal } = await openTerminal();
    client.socket.pause();
    terminal.print(50_000_000);
    for (const offset of [1_000_000, 10_000_000, 40_000_000]) client.acknowledge(offset);
    client.send(Tag.input, 'seen');
    await eventually(() => expect(terminal.written).toHaveLength(1));
    // What the kernel took (its socket buffers) counts as under way; all else waits at the holder.
    expect(terminal.sent).toBeLessThan(4 * WINDOW);
    expect(terminal.acknowledged).toBeLessThanOrEqual(terminal.sent);
  });

  test('ends with the exit of its program and 1000, and the list of shells tells it', async () => {
    const { client, terminal, session } = await openTerminal();
    terminal.end({ status: 3, signal: null });
    expect(await client.closed).toEqual({ code: 1000, reason: 'ended' });
    expect(JSON.parse(client.payload(Tag.exit).toString())).toEqual({ status: 3, signal: null });
    const [view] = await listSessions(fixture.services, { guest: 'web' });
    expect(view).toMatchObject({ id: session, guest: 'web', exit: { status: 3, signal: null } });
  });

  test('tells who comes back how it ended meanwhile', async () => {
    const { client, terminal, session } = await openTerminal();
    terminal.end({ status: null, signal: 'SIGKILL' });
    await client.closed;
    fixture.runtime.terminals.delete(session);
    const { ticket } = await issueTicket(fixture.services, root, { session });
    const again = fixture.open(`/api/console?ticket=${ticket}&from=0`);
    expect((await again.closed).code).toBe(1000);
    expect(JSON.parse(again.payload(Tag.exit).toString())).toEqual({ status: null, signal: 'SIGKILL' });
  });

  test('is closed at the holder when the client leaves, and lets the client come back when the holder is lost', async () => {
    const { client, terminal } = await openTerminal();
    client.socket.terminate();
    await eventually(() => expect(terminal.closed).toBe(true));
    const second = await openTerminal();
    second.terminal.lose();
    expect((await second.client.closed).code).toBe(1012);
  });

  test('takes input ahead of its program, but not without end', async () => {
    const { client, terminal } = await openTerminal();
    terminal.hungry = false;
    const megabyte = Buffer.alloc(1_000_000);
    for (let i = 0; i < 8; i++) client.send(Tag.input, megabyte);
    await eventually(() => expect(terminal.written.length).toBe(8));
    terminal.drain();
    for (let i = 0; i < 8; i++) client.send(Tag.input, megabyte);
    await eventually(() => expect(terminal.written.length).toBe(16));
    expect(client.socket.readyState).toBe(client.socket.OPEN);
    client.send(Tag.input, megabyte);
    expect((await client.closed).code).toBe(1013);
  });

  test('closes with 1008 on a frame that is none, and with 1009 on one that is too long', async () => {
    const first = await openTerminal();
    first.client.send(0x7a);
    expect((await first.client.closed).code).toBe(1008);
    const second = await openTerminal();
    second.client.send(Tag.input, Buffer.alloc(1024 * 1024 + 1));
    expect((await second.client.closed).code).toBe(1009);
  });
});

describe('a socket is refused', () => {
  test('4401 without a ticket, with a used one, and to another login', async () => {
    expect((await fixture.open('/api/console').closed).code).toBe(4401);
    const { ticket } = await issueTicket(fixture.services, root, { guest: 'web' });
    fixture.runtime.terminals.set('g1', new FakeTerminal());
    const first = fixture.open(`/api/console?ticket=${ticket}`);
    await eventually(() => expect(first.frames).toHaveLength(1));
    expect((await fixture.open(`/api/console?ticket=${ticket}`).closed).code).toBe(4401);
    const annsTicket = await issueTicket(fixture.services, ann, { guest: 'web' });
    expect((await fixture.open(`/api/console?ticket=${annsTicket.ticket}`).closed).code).toBe(4401);
    fixture.caller = { actor: null, sessionId: null };
    expect((await fixture.open('/api/console').closed).code).toBe(4401);
  });

  test('by the guest that its ticket is for, whatever else it names; and with its user, who is gone', async () => {
    const [own, other] = [new FakeTerminal(), new FakeTerminal()];
    fixture.runtime.terminals.set('g1', own);
    fixture.runtime.terminals.set('g2', other);
    fixture.caller = { actor: ann.actor, sessionId: ann.login };
    const { ticket } = await issueTicket(fixture.services, ann, { guest: 'web' });
    const client = fixture.open(`/api/console?ticket=${ticket}&guest=g2&guestId=g2&session=g2&from=0`);
    await eventually(() => expect(client.frames.length).toBeGreaterThan(0));
    client.send(Tag.input, 'x');
    await eventually(() => expect(own.written).toHaveLength(1));
    expect(other.written).toHaveLength(0);
    const { ticket: late } = await issueTicket(fixture.services, ann, { guest: 'web' });
    // The front finds no session of a user who was removed, nor does another's do.
    for (const caller of [
      { actor: null, sessionId: null },
      { actor: { ...ann.actor, id: 'u2' }, sessionId: 'login-2' },
    ] as const) {
      fixture.caller = caller;
      expect((await fixture.open(`/api/console?ticket=${late}`).closed).code).toBe(4401);
    }
  });

  test('4409 for the console of a guest that has none, 4404 for a shell that is gone', async () => {
    const { ticket } = await issueTicket(fixture.services, root, { guest: 'web' });
    expect((await fixture.open(`/api/console?ticket=${ticket}`).closed).code).toBe(4409);
    const shell = await openShell(fixture.services, root, { guest: 'web', columns: 80, rows: 24 });
    expect((await fixture.open(`/api/console?ticket=${shell.ticket}`).closed).code).toBe(4404);
  });
});

describe('a privileged guest', () => {
  test('gives no ticket of any kind to who may not enter, nor lets one in that was given before', async () => {
    const { services } = fixture;
    fixture.caller = { actor: ann.actor, sessionId: ann.login };
    const shell = await openShell(services, ann, { guest: 'web', columns: 80, rows: 24 });
    const before = [
      `/api/console?ticket=${(await issueTicket(services, ann, { guest: 'web' })).ticket}`,
      `/api/console?ticket=${shell.ticket}`,
      `/api/exec?ticket=${(await issueExecTicket(services, ann, { guest: 'web', command: ['id'] })).ticket}`,
    ];
    fixture.forbidden = true;
    for (const path of before) expect((await fixture.open(path).closed).code).toBe(4403);
    const ways = [
      () => issueTicket(services, ann, { guest: 'web' }),
      () => issueTicket(services, ann, { session: shell.session }),
      () => issueExecTicket(services, ann, { guest: 'web', command: ['id'] }),
      () => openShell(services, ann, { guest: 'web', columns: 80, rows: 24 }),
    ];
    for (const way of ways) await expect(way()).rejects.toMatchObject({ code: 'forbidden' });
    expect(fixture.runtime.children).toHaveLength(0);
    expect((await issueTicket(services, root, { guest: 'web' })).ticket).not.toBe('');
  });
});

describe('a revoked login', () => {
  test('loses its terminals within a second and has no say meanwhile; others keep theirs', async () => {
    fixture.caller = { actor: ann.actor, sessionId: ann.login };
    const anns = await openTerminal(ann);
    fixture.caller = { actor: root.actor, sessionId: null };
    const roots = await openTerminal();
    // A client that never answers the close: its socket is cut.
    anns.client.socket.pause();
    const begun = performance.now();
    fixture.revoke('login-1');
    anns.client.send(Tag.input, 'rm -rf /');
    await eventually(() => expect(anns.terminal.closed).toBe(true));
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(anns.terminal.written).toHaveLength(0);
    roots.client.send(Tag.input, 'ls');
    await eventually(() => expect(roots.terminal.written).toHaveLength(1));
  });
});
