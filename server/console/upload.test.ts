import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Client, type ConsoleFixture, createConsoleFixture, eventually } from './console-fixture.ts';
import { issueUploadTicket } from './issue-upload-ticket.ts';
import { openShell } from './open-shell.ts';
import { Tag } from './protocol.ts';
import { UploadStatus, uploadInput } from './schema.ts';
import type { TicketHolder } from './tickets.ts';

const root: TicketHolder = { actor: { kind: 'root' }, login: null };
const ann: TicketHolder = { actor: { kind: 'user', id: 'u1', username: 'ann' }, login: 'login-1' };

let fixture: ConsoleFixture;
let folder: string;
let session: string;
beforeEach(async () => {
  fixture = await createConsoleFixture();
  folder = await mkdtemp(join(tmpdir(), 'berth-upload-'));
  ({ session } = await openShell(fixture.services, root, { guest: 'web', columns: 80, rows: 24 }));
  // Commands run here instead of in a guest, in the directory that the shell would be in.
  const exec = fixture.runtime.exec.bind(fixture.runtime);
  vi.spyOn(fixture.runtime, 'exec').mockImplementation((spec) => {
    const [shell = '', flag = '', script = '', ...words] = spec.command;
    return exec({ ...spec, command: [shell, flag, `cd "${folder}"; ${script}`, ...words] });
  });
});
afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function begin(name: string, size: number, replace = false): Promise<Client> {
  const { ticket } = await issueUploadTicket(fixture.services, root, { session, name, size, replace });
  const client = fixture.open(`/api/upload?ticket=${ticket}`);
  await client.opened;
  return client;
}

async function upload(name: string, content: string, replace = false): Promise<number> {
  const client = await begin(name, content.length, replace);
  client.send(Tag.stdin, content);
  client.send(Tag.stdinEnd);
  await client.closed;
  return JSON.parse(client.payload(Tag.exit).toString()).status;
}

test('a file comes whole, whatever its name; one that is there is asked about, then replaced; links are not followed', async () => {
  const name = '-rf $(id) "\' é';
  expect(await upload(name, 'first')).toBe(0);
  expect(await readFile(join(folder, name), 'utf8')).toBe('first');
  expect(await upload(name, 'second')).toBe(UploadStatus.exists);
  expect(await readFile(join(folder, name), 'utf8')).toBe('first');
  expect(await upload(name, 'second', true)).toBe(0);
  expect(await readFile(join(folder, name), 'utf8')).toBe('second');
  await mkdir(join(folder, 'folder'));
  expect(await upload('folder', 'x', true)).toBe(UploadStatus.isFolder);
  await writeFile(join(folder, 'target'), 'mine');
  await symlink('target', join(folder, 'link'));
  expect(await upload('link', 'x')).toBe(UploadStatus.exists);
  expect(await upload('link', 'x', true)).toBe(0);
  expect(await readFile(join(folder, 'target'), 'utf8')).toBe('mine');
  expect((await readdir(folder)).sort()).toEqual([name, 'folder', 'link', 'target'].sort());
});

test('one that is cancelled, or shorter or longer than announced, leaves nothing', async () => {
  const cancelled = await begin('a', 1000);
  cancelled.send(Tag.stdin, 'x'.repeat(500));
  await eventually(() => expect(cancelled.payload(Tag.execAcknowledge).length).toBeGreaterThan(0));
  cancelled.socket.terminate();
  const short = await begin('b', 1000);
  short.send(Tag.stdin, 'short');
  short.send(Tag.stdinEnd);
  await short.closed;
  expect(JSON.parse(short.payload(Tag.exit).toString())).toMatchObject({ status: UploadStatus.cut });
  const long = await begin('c', 3);
  long.send(Tag.stdin, 'long');
  expect((await long.closed).code).toBe(1009);
  await vi.waitFor(async () => expect(await readdir(folder)).toEqual([]), { timeout: 4500 });
});

test('who may only watch brings nothing, a name leads nowhere else, and a ticket opens one upload', async () => {
  fixture.watchOnly = true;
  const input = { session, name: 'a', size: 1, replace: false };
  await expect(issueUploadTicket(fixture.services, ann, input)).rejects.toMatchObject({ code: 'forbidden' });
  for (const name of ['', '.', '..', '../a', 'a/b', 'a\0b', 'é'.repeat(128)])
    expect(uploadInput.safeParse({ ...input, name }).success, name).toBe(false);
  expect(uploadInput.safeParse({ ...input, size: 2 ** 31 }).success).toBe(false);
  const { ticket } = await issueUploadTicket(fixture.services, root, input);
  const other = fixture.open(`/api/exec?ticket=${ticket}`);
  expect((await other.closed).code).toBe(4401);
});
