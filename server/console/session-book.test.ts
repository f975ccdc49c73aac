import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeRuntime } from '../runtime/fake.ts';
import { SessionBook } from './session-book.ts';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const note = {
  id: 's1',
  guestId: 'g1',
  command: ['bash'],
  user: 'ann',
  createdAt: '2026-01-02T03:04:05.000Z',
};
const guest = { id: 'g1', name: 'web' };

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
  const { guestId: _, ...view } = note;
  expect(await second.list(guest)).toEqual([{ ...view, guest: 'web', exit: null }]);
  expect(await second.list({ id: 'g2', name: 'other' })).toEqual([]);
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
  expect((await book.list(guest))[0]?.exit).toEqual({ status: null, signal: null });
  runtime.sessions.set('s3', 'g1');
  await book.add({ ...note, id: 's3' });
  book.ended('s3', { status: 4, signal: null });
  book.ended('s3', { status: 0, signal: null });
  expect((await book.list(guest)).find((view) => view.id === 's3')?.exit).toEqual({
    status: 4,
    signal: null,
  });
});

test('a corrupt note does not keep the server from starting', async () => {
  await (await newServer()).add(note);
  await writeFile(join(runDir, 'console', 's9.json'), '{"id":');
  runtime.sessions.set('s1', 'g1');
  expect((await (await newServer()).list(guest)).map((view) => view.id)).toEqual(['s1']);
});
