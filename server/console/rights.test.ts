import { afterEach, beforeEach, expect, test } from 'vitest';
import { closeSession } from './close-session.ts';
import { type ConsoleFixture, createConsoleFixture, eventually, FakeTerminal } from './console-fixture.ts';
import { issueExecTicket } from './issue-exec-ticket.ts';
import { issueTicket } from './issue-ticket.ts';
import { listRecordings } from './list-recordings.ts';
import { openShell } from './open-shell.ts';
import { Tag } from './protocol.ts';
import { renameSession } from './rename-session.ts';
import { startRecording } from './start-recording.ts';
import type { TicketHolder } from './tickets.ts';

const root: TicketHolder = { actor: { kind: 'root' }, login: null };
const ann: TicketHolder = { actor: { kind: 'user', id: 'u1', username: 'ann' }, login: 'login-1' };

let fixture: ConsoleFixture;
beforeEach(async () => {
  fixture = await createConsoleFixture();
});
afterEach(() => fixture[Symbol.asyncDispose]());

async function shellWithWatcher(view: string) {
  const { session } = await openShell(fixture.services, root, { guest: 'web', columns: 80, rows: 24 });
  const terminal = new FakeTerminal();
  fixture.runtime.terminals.set(session, terminal);
  const { ticket } = await issueTicket(fixture.services, ann, { session });
  fixture.caller = { actor: ann.actor, sessionId: ann.login };
  const client = fixture.open(`/api/console?ticket=${ticket}&from=0&view=${view}`);
  await eventually(() => expect(client.frames.length).toBeGreaterThan(0));
  return { client, terminal, session };
}

test.each(['screen', ''])(
  'who may only watch (view %j) neither types, sizes nor takes over, whatever the window says',
  async (view) => {
    fixture.watchOnly = true;
    const { client, terminal } = await shellWithWatcher(view);
    client.send(Tag.input, 'rm -rf /\r');
    client.send(Tag.resize, Buffer.from([100, 0, 30, 0]));
    for (const control of [{ do: 'take' }, { do: 'ask' }, { do: 'give', to: 1 }])
      client.send(Tag.control, JSON.stringify(control));
    terminal.print(5);
    // What it prints still comes: all that was sent before has been heard.
    await eventually(() =>
      expect(client.frames.some((frame) => frame[0] === Tag.output || frame[0] === Tag.screen)).toBe(true),
    );
    client.socket.ping();
    await new Promise((resolve) => client.socket.once('pong', resolve));
    expect(terminal.written).toEqual([]);
    expect(terminal.sizes).toEqual([]);
  },
);

test('the control: the same window of who may type does', async () => {
  const { client, terminal } = await shellWithWatcher('screen');
  client.send(Tag.input, 'ls\r');
  await eventually(() => expect(Buffer.concat(terminal.written).toString()).toBe('ls\r'));
});

test('who may only watch opens, ends, names, runs and records nothing', async () => {
  const { session } = await shellWithWatcher('screen');
  fixture.watchOnly = true;
  const { services } = fixture;
  const forbidden = { code: 'forbidden' };
  await expect(openShell(services, ann, { guest: 'web', columns: 80, rows: 24 })).rejects.toMatchObject(
    forbidden,
  );
  await expect(issueExecTicket(services, ann, { guest: 'web', command: ['id'] })).rejects.toMatchObject(
    forbidden,
  );
  await expect(closeSession(services, ann.actor, { session })).rejects.toMatchObject(forbidden);
  await expect(renameSession(services, ann.actor, { session, name: 'x' })).rejects.toMatchObject(forbidden);
  await expect(startRecording(services, ann.actor, { session, input: false })).rejects.toMatchObject(
    forbidden,
  );
  await expect(issueTicket(services, ann, { session })).resolves.toBeDefined();
});

test('a right that is taken away ends the terminal within a second, and one that changes makes it come back', async () => {
  const { client } = await shellWithWatcher('screen');
  fixture.watchOnly = true;
  expect((await client.closed).code).toBe(1012);
  fixture.watchOnly = false;
  fixture.runtime.terminals.clear();
  const other = await shellWithWatcher('screen');
  const revokedAt = performance.now();
  fixture.forbidden = true;
  expect((await other.client.closed).code).toBe(4403);
  // Looked at each 400 ms; the rest is the machine's.
  expect(performance.now() - revokedAt).toBeLessThan(3000);
  expect((await listRecordings(fixture.services, ann.actor, {})).recordings).toEqual([]);
});
