import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeRuntime } from '../runtime/fake.ts';
import { SessionBook } from './session-book.ts';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const note = {
  id: 's1',
  guestId: 'g1',
  command: ['bash'],
  user: 'ann',
  createdAt: '2026-01-02T03:04:05.000Z',
  name: null,
  idleMinutes: null,
};
const guest = 'g1';

let runDir: string;
let runtime: FakeRuntime;
beforeEach(async () => {
  runDir = await mkdtemp(join(tmpdir(), 'berth-book-'));
  runtime = new FakeRuntime();
});
afterEach(() => rm(runDir, { recursive: true, force: true }));

async function newServer(): Promise<SessionBook> {
  const book = new SessionBook({ runDir, runtime, log });
  await book.adopt();
  return book;
}

test('a new server knows the shells of the one before it', async () => {
  const first = await newServer();
  runtime.sessions.set('s1', 'g1');
  await first.add(note);
  const second = await newServer();
  expect(await second.list(guest)).toEqual([{ ...note, exit: null }]);
  expect(await second.list('g2')).toEqual([]);
  expect(await second.list()).toHaveLength(1);
});

test('a living shell without a note is still found, and a note without a shell is removed', async () => {
  const first = await newServer();
  await first.add(note);
  runtime.sessions.set('s2', 'g1');
  const second = await newServer();
  expect((await second.list(guest)).map((view) => view.id)).toEqual(['s2']);
  expect(await readdir(join(runDir, 'console'))).toEqual([]);
});

test('a shell that ended unseen is listed as ended, of unknown cause; the first word of an end counts', async () => {
  const book = await newServer();
  await book.add(note);
  book.opened('s1');
  expect((await book.list(guest))[0]?.exit).toEqual({ status: null, signal: null });
  runtime.sessions.set('s3', 'g1');
  await book.add({ ...note, id: 's3' });
  book.opened('s3');
  book.ended('s3', { status: 4, signal: null });
  book.ended('s3', { status: 0, signal: null });
  expect((await book.list(guest)).find((view) => view.id === 's3')?.exit).toEqual({
    status: 4,
    signal: null,
  });
});

test('the end of a shell that nobody looks at is known exactly, and its note goes', async () => {
  const book = await newServer();
  runtime.sessions.set('s1', 'g1');
  await book.add(note);
  book.opened('s1');
  runtime.endSession({ session: 's1', status: 7, signal: null });
  expect((await book.list(guest))[0]?.exit).toEqual({ status: 7, signal: null });
  await vi.waitFor(async () => expect(await readdir(join(runDir, 'console'))).toEqual([]));
});

test('a shell that ended while no server was there is listed with its end', async () => {
  await (await newServer()).add(note);
  vi.spyOn(runtime, 'listSessions').mockImplementationOnce(async () => {
    runtime.endSession({ session: 's1', status: null, signal: 'SIGHUP' });
    return [];
  });
  expect((await (await newServer()).list(guest))[0]?.exit).toEqual({ status: null, signal: 'SIGHUP' });
});

test('a shell that is being opened is not taken for one that has ended', async () => {
  const book = await newServer();
  await book.add(note);
  expect(await book.list(guest)).toEqual([]);
  runtime.sessions.set('s1', 'g1');
  book.opened('s1');
  expect((await book.list(guest))[0]?.exit).toBeNull();
});

test('a corrupt note does not keep the server from starting', async () => {
  await (await newServer()).add(note);
  await writeFile(join(runDir, 'console', 's9.json'), '{"id":');
  runtime.sessions.set('s1', 'g1');
  expect((await (await newServer()).list(guest)).map((view) => view.id)).toEqual(['s1']);
});

test('a name stays with the shell over a restart, and may be taken away', async () => {
  const book = await newServer();
  runtime.sessions.set('s1', 'g1');
  await book.add(note);
  await book.rename('s1', 'deploy');
  const second = await newServer();
  expect(second.find('s1')?.name).toBe('deploy');
  await second.rename('s1', null);
  expect((await newServer()).find('s1')?.name).toBeNull();
  await expect(second.rename('s9', 'x')).rejects.toMatchObject({ code: 'not_found' });
});

test('a note of before there were names is read', async () => {
  await (await newServer()).add(note);
  const { name: _, idleMinutes: __, ...old } = note;
  await writeFile(join(runDir, 'console', 's1.json'), JSON.stringify(old));
  runtime.sessions.set('s1', 'g1');
  expect((await newServer()).find('s1')).toMatchObject({ user: 'ann', name: null, idleMinutes: null });
});
