import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { Backlog } from './backlog.ts';
import { Tag } from './protocol.ts';
import { Viewer } from './viewer.ts';

/** A browser that shows at once what it is sent. */
class Page extends EventEmitter {
  readonly OPEN = 1;
  readonly readyState = 1;
  readonly sent: { tag: number; lines: string }[] = [];
  viewer: Viewer | null = null;

  send(frame: Buffer, done: () => void): void {
    const isScreen = frame[0] === Tag.screen;
    this.sent.push({ tag: frame[0] ?? 0, lines: frame.toString('latin1', isScreen ? 13 : 9) });
    const end = Number(frame.readBigUInt64LE(1)) + (isScreen ? 0 : frame.length - 9);
    setTimeout(() => {
      done();
      this.viewer?.acknowledge(end);
    });
  }
}

const backlog = new Backlog();
const page = new Page();
const print = (bytes: number) => {
  backlog.add(backlog.end, new Uint8Array(bytes));
  page.viewer?.pump();
};
const tags = () => page.sent.map(({ tag }) => tag);

beforeEach(() => {
  vi.useFakeTimers();
  backlog.restart(0);
  page.sent.length = 0;
  const image = ({ lines }: { lines: number }) =>
    Promise.resolve({
      image: { bytes: Buffer.from(`${lines}`), columns: 80, rows: 24, title: '' },
      end: backlog.end,
    });
  page.viewer = new Viewer(page as unknown as WebSocket, { backlog, image });
});
afterEach(() => {
  page.emit('close');
  vi.useRealTimers();
});

test('a flood is shown by screens as often as somebody sees them, and with its scrollback once it is over', async () => {
  for (let ms = 0; ms < 1000; ms += 10) {
    print(200_000);
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(tags().every((tag) => tag === Tag.screen)).toBe(true);
  expect(page.sent.length).toBeGreaterThan(15);
  expect(page.sent.length).toBeLessThan(35);
  expect(page.sent.every(({ lines }) => lines === '0')).toBe(true);
  await vi.advanceTimersByTimeAsync(300);
  expect(page.sent.at(-1)?.lines).toBe('10000');
});

test('what a browser can show comes as it is, also behind a flood', async () => {
  for (let ms = 0; ms < 300; ms += 10) {
    print(10_000);
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(tags().every((tag) => tag === Tag.output)).toBe(true);
  print(400_000);
  await vi.advanceTimersByTimeAsync(40);
  page.sent.length = 0;
  for (let ms = 0; ms < 300; ms += 10) {
    print(5000);
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(tags()).toContain(Tag.output);
  await vi.advanceTimersByTimeAsync(300);
  page.sent.length = 0;
  print(100);
  // at once: a key's echo waits for nothing
  expect(tags()).toEqual([Tag.output]);
});

test('a key in a flood is answered with the next screen', async () => {
  print(400_000);
  await vi.advanceTimersByTimeAsync(10);
  page.sent.length = 0;
  print(20);
  await vi.advanceTimersByTimeAsync(34);
  expect(page.sent.length).toBeGreaterThan(0);
});
