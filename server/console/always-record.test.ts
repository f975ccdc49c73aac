import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { setPolicy, viewPolicy } from './always-record.ts';
import { type ConsoleFixture, createConsoleFixture, eventually, FakeTerminal } from './console-fixture.ts';
import { issueTicket } from './issue-ticket.ts';
import { listRecordings } from './list-recordings.ts';
import { openShell } from './open-shell.ts';
import { Tag } from './protocol.ts';
import { startRecording } from './start-recording.ts';
import { deleteRecording, stopRecording } from './stop-recording.ts';
import type { TicketHolder } from './tickets.ts';

const root: TicketHolder = { actor: { kind: 'root' }, login: null };
const ann: TicketHolder = { actor: { kind: 'user', id: 'u1', username: 'ann' }, login: 'login-1' };
const SHELL = { guest: 'web', columns: 80, rows: 24 };

let fixture: ConsoleFixture;
beforeEach(async () => {
  fixture = await createConsoleFixture();
  const { runtime } = fixture;
  runtime.terminals.set('g1', new FakeTerminal());
  vi.spyOn(runtime, 'openSession').mockImplementation(async ({ session, guestId }) => {
    runtime.sessions.set(session, guestId);
    runtime.terminals.set(session, new FakeTerminal());
  });
});
afterEach(() => fixture[Symbol.asyncDispose]());

const running = async () =>
  (await listRecordings(fixture.services, ann.actor, {})).recordings.filter(
    ({ endedAt }) => endedAt === null,
  );

test('a guest that is always recorded: its console, the shells that are open and those to come, until it is not any more', async () => {
  const { services } = fixture;
  await openShell(services, root, SHELL);
  expect(await setPolicy(services, ann.actor, { guest: 'web', always: true })).toMatchObject({
    setBy: 'ann',
  });
  expect((await running()).map(({ session }) => session === null)).toHaveLength(2);
  const { session } = await openShell(services, root, SHELL);
  expect((await running()).some((one) => one.session === session && one.isAlways)).toBe(true);
  const [first] = await running();
  await expect(stopRecording(services, ann.actor, { id: first?.id ?? '' })).rejects.toMatchObject({
    code: 'illegal_state',
  });
  await setPolicy(services, ann.actor, { guest: 'web', always: false });
  expect(await running()).toEqual([]);
});

test('where all guests are always recorded, one’s own policy counts again when that is over', async () => {
  const { services } = fixture;
  await openShell(services, root, SHELL);
  fixture.watchOnly = true;
  await expect(setPolicy(services, ann.actor, { always: true })).rejects.toMatchObject({ code: 'forbidden' });
  fixture.watchOnly = false;
  expect(await setPolicy(services, ann.actor, { always: true })).toMatchObject({
    always: true,
    everywhere: true,
  });
  expect(await running()).toHaveLength(2);
  expect(fixture.recorded.size).toBe(0);
  const [first] = await running();
  await expect(stopRecording(services, ann.actor, { id: first?.id ?? '' })).rejects.toThrow(
    'under Recordings',
  );
  await setPolicy(services, ann.actor, { guest: 'web', always: true });
  expect(fixture.recorded.get('g1')).toBe(true);
  expect(await setPolicy(services, ann.actor, { always: false })).toMatchObject({ always: false });
  expect(await running()).toHaveLength(2);
  expect(await viewPolicy(services, { guest: 'web' })).toMatchObject({ always: true, everywhere: false });
  await setPolicy(services, ann.actor, { always: true });
  await setPolicy(services, ann.actor, { guest: 'web', always: false });
  expect(await running()).toHaveLength(2);
  await setPolicy(services, ann.actor, { always: false });
  expect(await running()).toEqual([]);
  expect(fixture.recorded.get('g1')).toBe(false);
});

test('a recording by a button is told to who is there and to who comes, ended, and deleted', async () => {
  const { services } = fixture;
  const { session } = await openShell(services, root, SHELL);
  fixture.caller = { actor: ann.actor, sessionId: ann.login };
  const open = async () => {
    const { ticket } = await issueTicket(services, ann, { session });
    const client = fixture.open(`/api/console?ticket=${ticket}&view=screen`);
    await eventually(() => expect(client.frames.length).toBeGreaterThan(1));
    return client;
  };
  const early = await open();
  const marks = () =>
    early.frames
      .filter((frame) => frame[0] === Tag.recording)
      .map((frame) => JSON.parse(frame.toString('utf8', 1)));
  const view = await startRecording(services, ann.actor, { session, input: true });
  await expect(startRecording(services, ann.actor, { session, input: false })).rejects.toMatchObject({
    code: 'busy',
  });
  await eventually(() => expect(marks()).toMatchObject([{ id: view.id, startedBy: 'ann', hasInput: true }]));
  const late = await open();
  expect(late.frames.some((frame) => frame[0] === Tag.recording)).toBe(true);
  await expect(deleteRecording(services, ann.actor, { id: view.id })).rejects.toMatchObject({ code: 'busy' });
  expect(await stopRecording(services, ann.actor, { id: view.id })).toMatchObject({
    end: 'stopped',
    stoppedBy: 'ann',
  });
  await eventually(() => expect(marks().at(-1)).toBeNull());
  await deleteRecording(services, ann.actor, { id: view.id });
  expect((await listRecordings(services, ann.actor, {})).recordings).toEqual([]);
});
