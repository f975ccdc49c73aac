import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { RecordingSubject } from '../recording/recording-book.ts';
import { eventually } from './console-fixture.ts';
import { createDeskFixture } from './desk-fixture.ts';
import { Tag } from './protocol.ts';
import { Screen } from './screen.ts';

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

/** What a recording shows at its end, played from its first event. */
async function played(path: string): Promise<string> {
  const [head = '', ...lines] = (await readFile(path, 'utf8')).trimEnd().split('\n');
  const { width, height } = JSON.parse(head);
  const screen = new Screen({ columns: width, rows: height });
  for (const line of lines) {
    const [, code, data] = JSON.parse(line);
    if (code === 'o') screen.write(Buffer.from(data));
    if (code === 'r') screen.resize(...(data.split('x').map(Number) as [number, number]));
  }
  const { bytes } = screen.image({ lines: 10_000, most: 4_000_000 });
  return Buffer.from(bytes).toString();
}

test('a recording begun in the middle of a numbered stream has its screen and every byte after, awake, asleep and over a restart', async () => {
  await using fixture = await createDeskFixture();
  const holder = fixture.holder('s1');
  let number = 0;
  const print = (lines: number) => {
    for (let i = 0; i < lines; i++) holder.print(`line ${++number}\r\n`);
  };
  print(5);
  await fixture.desk.follow('s1');
  const running = await fixture.recordings().create(subject);
  await fixture.desk.record({ session: 's1' }, running);
  await expect(fixture.desk.record({ session: 's1' }, running)).rejects.toMatchObject({ code: 'busy' });
  print(300);
  // Nobody looks: its screen falls asleep, and is woken again.
  await eventually(() => expect(fixture.desk.awake.terminals).toBe(0));
  print(300);
  const browser = fixture.open('s1');
  await eventually(() => expect(browser.text).toContain(`line ${number}\r\n`));
  const told = () =>
    browser.frames.filter((frame) => frame[0] === Tag.recording).map((frame) => frame.toString('utf8', 1));
  expect(JSON.parse(told()[0] ?? '')).toMatchObject({ startedBy: 'ann', hasInput: false });
  print(300);
  await eventually(() => expect(browser.text).toContain(`line ${number}\r\n`));
  const { id } = running.mark;
  const path = fixture.recordings().pathOf(id);
  await eventually(() => expect(fixture.recordings().get(id).size).toBeGreaterThan(9000));
  const text = await played(path);
  for (let line = 1; line <= number; line++) expect(text.split(`line ${line}\r\n`)).toHaveLength(2);

  const open = await fixture.restart('killed');
  expect(open.map((one) => one.id)).toEqual([id]);
  print(10);
  const again = await fixture.recordings().resume(id);
  expect(again).not.toBeNull();
  if (again) await fixture.desk.record({ session: 's1' }, again, 'the server was restarted');
  print(10);
  holder.end_({ status: 0, signal: null });
  await eventually(() => expect(fixture.recordings().get(id)).toMatchObject({ end: 'ended' }));
  await eventually(() => expect(fixture.recordings().get(id).seconds).toBeGreaterThan(0));
  expect(await played(path)).toContain(`line ${number}\r\n`);
}, 20_000);
