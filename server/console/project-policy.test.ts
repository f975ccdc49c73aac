import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { BerthEvent } from '../event/schema.ts';
import type { ProjectRecording } from '../recording/schema.ts';
import { adoptRecordings } from './adopt-recordings.ts';
import { setPolicy, viewPolicy } from './always-record.ts';
import { type ConsoleFixture, createConsoleFixture, eventually, FakeTerminal } from './console-fixture.ts';
import { issueTicket } from './issue-ticket.ts';
import { openShell } from './open-shell.ts';
import { Tag } from './protocol.ts';
import { startRecording } from './start-recording.ts';
import { deleteRecording, stopRecording } from './stop-recording.ts';
import type { TicketHolder } from './tickets.ts';

const root: TicketHolder = { actor: { kind: 'root' }, login: null };
const ann: TicketHolder = { actor: { kind: 'user', id: 'u1', username: 'ann' }, login: 'login-1' };
const SHELL = { guest: 'web', columns: 80, rows: 24 };
const TEAM: ProjectRecording = {
  ...{ input: false, mostBytes: 2 * 1024 ** 2, keepDays: 90 },
  ...{ setBy: 'eve', setAt: '2026-11-29T00:00:00.000Z' },
};

let fixture: ConsoleFixture;
let tell: (event: BerthEvent) => void;
beforeEach(async () => {
  fixture = await createConsoleFixture();
  const { runtime, services } = fixture;
  runtime.terminals.set('g1', new FakeTerminal());
  vi.spyOn(runtime, 'openSession').mockImplementation(async ({ session, guestId }) => {
    runtime.sessions.set(session, guestId);
    runtime.terminals.set(session, new FakeTerminal());
  });
  await adoptRecordings(services, {
    on: (listener) => {
      tell = listener;
      return () => undefined;
    },
  });
});
afterEach(() => fixture[Symbol.asyncDispose]());

const all = () => fixture.services.recordings.list().recordings;
const going = () => all().filter(({ endedAt }) => endedAt === null);
const say = (project: string, team: ProjectRecording | null) => {
  if (team) fixture.teams.set(project, team);
  else fixture.teams.delete(project);
  tell({ type: 'projects.changed' });
};

test('what a project says counts for open terminals and those to come, is told, written down, and stopped by nobody in them', async () => {
  const { services } = fixture;
  const { session } = await openShell(services, root, SHELL);
  fixture.caller = { actor: ann.actor, sessionId: ann.login };
  const { ticket } = await issueTicket(services, ann, { session });
  const client = fixture.open(`/api/console?ticket=${ticket}&view=screen`);
  const marks = () =>
    client.frames
      .filter((frame) => frame[0] === Tag.recording)
      .map((frame) => JSON.parse(frame.toString('utf8', 1)));
  await eventually(() => expect(client.frames.length).toBeGreaterThan(1));
  say('default', TEAM);
  await eventually(() => expect(going()).toHaveLength(2));
  await eventually(() => expect(marks().at(-1)).toMatchObject({ project: 'default', startedBy: 'eve' }));
  await openShell(services, ann, SHELL);
  expect(going()).toHaveLength(3);
  for (const one of going())
    expect(one).toMatchObject({ isAlways: true, hasInput: false, keepDays: 90, mostBytes: 2 * 1024 ** 2 });
  expect(await viewPolicy(services, { guest: 'web' })).toMatchObject({
    ...{ always: false, project: { name: 'default', setBy: 'eve', keepDays: 90 } },
  });
  const id = going().find((one) => one.session === session)?.id ?? '';
  await expect(stopRecording(services, ann.actor, { id })).rejects.toThrow('the policy of project default');
  await expect(stopRecording(services, root.actor, { id })).rejects.toMatchObject({ code: 'illegal_state' });
  await expect(startRecording(services, ann.actor, { session, input: true })).rejects.toMatchObject({
    code: 'busy',
  });
  say('default', null);
  await eventually(() => expect(going()).toEqual([]));
  await eventually(() => expect(marks().at(-1)).toBeNull());
  expect(all().map(({ end }) => end)).toEqual(['policy', 'policy', 'policy']);
  await expect(deleteRecording(services, ann.actor, { id })).rejects.toMatchObject({ code: 'forbidden' });
  await deleteRecording(services, root.actor, { id });
  const about = { actor: 'policy', subject: { type: 'guest', id: 'g1', name: 'web' } };
  const of = (action: string) => fixture.audited.filter((one) => one.action === action);
  expect(of('recording.begin')).toHaveLength(3);
  expect(of('recording.end')).toHaveLength(3);
  for (const one of fixture.audited) expect(one).toMatchObject(about);
  expect(JSON.parse(of('recording.end')[0]?.input ?? '')).toMatchObject({
    ...{ project: 'default', setBy: 'eve', end: 'policy' },
  });
});

test('what is set for the guest itself only adds; input is recorded where the policy asks for it', async () => {
  const { services } = fixture;
  await openShell(services, root, SHELL);
  await setPolicy(services, ann.actor, { guest: 'web', always: true });
  expect(going().map(({ project }) => project)).toEqual([null, null]);
  say('default', { ...TEAM, input: true });
  await eventually(() => expect(going().map(({ project }) => project)).toEqual(['default', 'default']));
  expect(going().every(({ hasInput }) => hasInput)).toBe(true);
  await setPolicy(services, ann.actor, { guest: 'web', always: false });
  expect(going()).toHaveLength(2);
  await setPolicy(services, ann.actor, { guest: 'web', always: true });
  expect(going().map(({ project }) => project)).toEqual(['default', 'default']);
  say('default', { ...TEAM, keepDays: 7 });
  await eventually(() => expect(going().map(({ hasInput }) => hasInput)).toEqual([false, false]));
  // Those of before are kept as the policy says now, too.
  expect(new Set(all().map(({ project, keepDays }) => `${project} ${keepDays}`))).toEqual(
    new Set(['null null', 'default 7']),
  );
  say('default', null);
  await eventually(() => expect(going().map(({ project }) => project)).toEqual([null, null]));
});

test('a guest that is moved is recorded as its project wants, by a button or not', async () => {
  const { services } = fixture;
  const { session } = await openShell(services, root, SHELL);
  const move = (project: string) => {
    fixture.project = project;
    tell({ type: 'guest.changed', guest: { id: 'g1', initPid: 7, project, elsewhere: null } } as BerthEvent);
  };
  say('shop', TEAM);
  move('default');
  await startRecording(services, ann.actor, { session, input: true });
  move('shop');
  await eventually(() => expect(going().map(({ project }) => project)).toEqual(['shop', 'shop']));
  expect(all().find(({ isAlways }) => !isAlways)).toMatchObject({ end: 'policy', hasInput: true });
  move('default');
  await eventually(() => expect(going()).toEqual([]));
});

test('who stops a recording by a button where the guest is always recorded begins another', async () => {
  const { services } = fixture;
  const { session } = await openShell(services, root, SHELL);
  const { id } = await startRecording(services, ann.actor, { session, input: true });
  await setPolicy(services, root.actor, { guest: 'web', always: true });
  await stopRecording(services, ann.actor, { id });
  expect(going().find((one) => one.session === session)).toMatchObject({ isAlways: true, hasInput: false });
});
