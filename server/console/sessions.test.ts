import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ConsoleFixture, createConsoleFixture } from './console-fixture.ts';
import { endIdleSessions } from './end-idle.ts';
import { listAllSessions } from './list-sessions.ts';
import { openShell } from './open-shell.ts';
import { renameSession } from './rename-session.ts';
import { openShellInput } from './schema.ts';

const root = { actor: { kind: 'root' as const }, login: null };
const MINUTE = 60_000;

let fixture: ConsoleFixture;
beforeEach(async () => {
  fixture = await createConsoleFixture();
});
afterEach(() => fixture[Symbol.asyncDispose]());

test('a shell has the name that it was opened or called with', async () => {
  const { services } = fixture;
  const { session } = await openShell(services, root, {
    guest: 'web',
    columns: 80,
    rows: 24,
    name: 'deploy',
  });
  expect(await listAllSessions(services)).toMatchObject([
    { id: session, guest: 'web', name: 'deploy', title: '', people: [], exit: null },
  ]);
  await renameSession(services, root.actor, { session, name: null });
  expect(await listAllSessions(services)).toMatchObject([{ name: null }]);
});

test.each(['', '  ', 'a\nb', 'a\u202eb', 'x'.repeat(65)])('%j is no name', (name) => {
  expect(openShellInput.safeParse({ guest: 'web', name }).success).toBe(false);
});

test('a shell with a limit is ended when it was idle for it, others never', async () => {
  const { services, runtime } = fixture;
  const input = { guest: 'web', columns: 80, rows: 24 };
  await openShell(services, root, input);
  const { session } = await openShell(services, root, { ...input, idleMinutes: 30 });
  const closed: string[] = [];
  runtime.closeSession = async (id: string) => {
    closed.push(id);
  };
  const now = performance.now();
  services.desk.idleFor = (_session, at) => at - now;
  expect(await endIdleSessions(services, now + 29 * MINUTE)).toEqual([]);
  expect(await endIdleSessions(services, now + 31 * MINUTE)).toEqual([session]);
  expect(closed).toEqual([session]);
});
