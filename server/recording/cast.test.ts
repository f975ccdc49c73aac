import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CastFile } from './cast-file.ts';
import { healCast } from './heal-cast.ts';
import { RecordingBook, type RecordingSubject } from './recording-book.ts';

const log = { info: () => undefined, warn: vi.fn(), error: () => undefined };
const subject: RecordingSubject = {
  guestId: 'g1',
  guest: 'web',
  session: 's1',
  title: 'login shell',
  user: 'root',
  startedBy: 'ann',
  isAlways: false,
  project: null,
  mostBytes: null,
  keepDays: null,
  hasInput: false,
};
const screen = { columns: 80, rows: 24, bytes: Buffer.from('\x1bc$ ') };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-recording-'));
});
// a recording that has just ended may still be renamed there
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

async function newBook(options: Partial<ConstructorParameters<typeof RecordingBook>[0]> = {}) {
  const book = new RecordingBook({ dataDir: folder, log, leaveFree: 0, ...options });
  return { book, open: await book.adopt() };
}

/** The lines of a file, each of which has to be JSON. */
async function linesOf(book: RecordingBook, id: string): Promise<unknown[]> {
  const text = await readFile(book.pathOf(id), 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test('a recording begins with the screen, has what comes behind it once, characters whole and sizes in between', async () => {
  const { book } = await newBook();
  const { recorder, mark } = await book.create({ ...subject, hasInput: true });
  // Heard while the screen was asked for: half of it is in the screen.
  recorder.output(90, Buffer.from('0123456789abc'));
  recorder.begin(screen, 100, null);
  const sign = Buffer.from('é€😀');
  for (const [index, byte] of sign.entries()) recorder.output(103 + index, Buffer.of(byte));
  recorder.output(100, Buffer.from('again'));
  recorder.resize(100, 30);
  recorder.input(Buffer.from('ls\r'));
  recorder.output(103 + sign.length, Buffer.of(0xff, 0x41));
  await book.finish(mark.id, 'stopped', 'ann');
  const [header, ...events] = await linesOf(book, mark.id);
  expect(header).toMatchObject({ version: 2, width: 80, height: 24, title: 'login shell' });
  const of = (code: string) =>
    events.filter((event) => (event as string[])[1] === code).map((event) => (event as string[])[2]);
  expect(of('o').join('')).toBe('\x1bc$ abcé€😀\ufffdA');
  expect(of('o')).toContain('😀');
  expect(events[0]).toEqual([0, 'o', '\x1bc$ ']);
  expect(of('r')).toEqual(['100x30']);
  expect(of('i')).toEqual(['ls\r']);
  expect((await stat(book.pathOf(mark.id))).mode & 0o777).toBe(0o600);
  expect(book.get(mark.id)).toMatchObject({ end: 'stopped', stoppedBy: 'ann' });
});

test('what is typed is not in a recording that nobody asked it for', async () => {
  const { book } = await newBook();
  const { recorder, mark } = await book.create(subject);
  recorder.begin(screen, 0, null);
  recorder.input(Buffer.from('secret'));
  await book.finish(mark.id, 'ended', null);
  expect(await readFile(book.pathOf(mark.id), 'utf8')).not.toContain('secret');
});

test('a server that was killed leaves a file that is healed, goes on and plays', async () => {
  const { book } = await newBook();
  const { recorder, mark } = await book.create(subject);
  recorder.begin(screen, 0, null);
  recorder.output(0, Buffer.from('before'));
  await book.stop();
  await appendFile(book.pathOf(mark.id), '[0.5, "o", "half of a li');
  const next = await newBook();
  expect(next.open.map(({ id }) => id)).toEqual([mark.id]);
  const again = await next.book.resume(mark.id);
  again?.recorder.begin(screen, 6, 'the server was restarted');
  again?.recorder.output(6, Buffer.from('after'));
  await next.book.finish(mark.id, 'ended', null);
  const [, ...events] = (await linesOf(next.book, mark.id)) as [number, string, string][];
  expect(events.map(([, code, data]) => `${code} ${data}`)).toEqual([
    'o \x1bc$ ',
    'o before',
    'm the server was restarted',
    'r 80x24',
    'o \x1bc$ ',
    'o after',
  ]);
  const times = events.map(([time]) => time);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

test('healing cuts a torn end, also one behind zeros of a power cut, and tells that nothing is there', async () => {
  const path = join(folder, 'x.cast');
  await writeFile(path, '{"version":2}\n[1.5, "o", "a"]\n\0\0\0\0\n[2, "o"');
  expect(await healCast(path)).toEqual({ size: 30, seconds: 1.5 });
  expect(await readFile(path, 'utf8')).toBe('{"version":2}\n[1.5, "o", "a"]\n');
  // The picture of a large screen is a long line, and stays.
  const long = `{"version":2}\n[0.5, "o", "a"]\n[1.5, "o", "${'x'.repeat(3_000_000)}"]\n`;
  await writeFile(path, `${long}[2, "o`);
  expect(await healCast(path)).toEqual({ size: long.length, seconds: 1.5 });
  expect(await readFile(path, 'utf8')).toBe(long);
  await writeFile(path, '{"versi');
  expect(await healCast(path)).toBeNull();
});

test('its size, the quota and a full disk each end it, with a file that plays and the server unharmed', async () => {
  const small = await newBook({ limits: { mostBytes: 1000 } });
  const one = await small.book.create(subject);
  one.recorder.begin(screen, 0, null);
  const over = new Promise((resolve) => one.onOver(resolve));
  one.recorder.output(0, Buffer.alloc(2000, 'x'));
  expect(await over).toBe('size');
  expect((await linesOf(small.book, one.mark.id)).length).toBe(2);
  const used = small.book.usedBytes;
  const full = await newBook({ limits: { quotaBytes: used + 200 } });
  const two = await full.book.create(subject);
  two.recorder.begin(screen, 0, null);
  const overToo = new Promise((resolve) => two.onOver(resolve));
  two.recorder.output(0, Buffer.alloc(200, 'x'));
  expect(await overToo).toBe('quota');
  const none = await newBook({ limits: { quotaBytes: 1 } });
  await expect(none.book.create(subject)).rejects.toMatchObject({ code: 'no_space' });
  await expect((await newBook({ leaveFree: 2 ** 60 })).book.create(subject)).rejects.toMatchObject({
    code: 'no_space',
  });
});

test('a device that is full refuses the bytes, and the file says so once', async () => {
  const reasons: unknown[] = [];
  const file = await CastFile.open(
    {
      path: '/dev/full',
      mostBytes: () => 1e9,
      leaveFree: 0,
      room: () => 1e9,
      onFull: (...why) => reasons.push(why),
    },
    1,
  );
  file.add('[1, "o", "x"]\n');
  await vi.waitFor(() => expect(reasons).toEqual([['disk', expect.stringContaining('ENOSPC')]]));
  file.add('[2, "o", "y"]\n');
  await file.close();
  expect(reasons).toHaveLength(1);
});

test('what is too old is swept, what goes on is not, and deleting takes the file away', async () => {
  const { book } = await newBook();
  const old = await book.create(subject);
  old.recorder.begin(screen, 0, null);
  await book.finish(old.mark.id, 'ended', null);
  const on = await book.create(subject);
  on.recorder.begin(screen, 0, null);
  await expect(book.remove(on.mark.id)).rejects.toMatchObject({ code: 'busy' });
  expect(await book.sweep(Date.now() + 29 * 24 * 3600 * 1000)).toBe(0);
  expect(await book.sweep(Date.now() + 31 * 24 * 3600 * 1000)).toBe(1);
  expect(book.list().recordings.map(({ id }) => id)).toEqual([on.mark.id]);
  await book.finish(on.mark.id, 'stopped', 'ann');
  await book.remove(on.mark.id);
  expect(await readdir(book.folder)).toEqual([]);
});

test('limits are kept, and count at once', async () => {
  const { book } = await newBook();
  const { recorder, mark } = await book.create(subject);
  recorder.begin(screen, 0, null);
  await book.setLimits({ mostBytes: 2 ** 20, keepDays: 7 });
  recorder.output(0, Buffer.alloc(2 ** 20, 'x'));
  await vi.waitFor(() => expect(book.get(mark.id).end).toBe('size'));
  expect((await newBook()).book.limits).toMatchObject({ mostBytes: 2 ** 20, keepDays: 7 });
});

test('whether a guest is always recorded is remembered', async () => {
  const { book } = await newBook();
  expect(book.policies.of('g1').always).toBe(false);
  book.policies.set('g1', true, 'ann');
  expect((await newBook()).book.policies.of('g1')).toMatchObject({ always: true, setBy: 'ann' });
  book.policies.set('g1', false, 'ann');
  expect((await newBook()).book.policies.of('g1').always).toBe(false);
});
