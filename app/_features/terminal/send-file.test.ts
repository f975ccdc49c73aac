import { expect, test } from 'vitest';
import { Tag, WINDOW } from '../../../server/console/protocol.ts';
import type { SocketLike } from './connection-state.ts';
import { sendFile } from './send-file.ts';

class FakeSocket implements SocketLike {
  binaryType = '';
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  readonly frames: Uint8Array[] = [];
  isClosed = false;

  send(data: Uint8Array<ArrayBuffer>): void {
    this.frames.push(data);
  }
  close(): void {
    this.isClosed = true;
  }
  say(tag: number, payload: Uint8Array): void {
    const data = new Uint8Array([tag, ...payload]).buffer;
    this.onmessage?.({ data } as MessageEvent);
  }
  take(bytes: number): void {
    const payload = new Uint8Array(4);
    new DataView(payload.buffer).setUint32(0, bytes, true);
    this.say(Tag.execAcknowledge, payload);
  }
  get sent(): number {
    return this.frames.filter(([tag]) => tag === Tag.stdin).reduce((sum, frame) => sum + frame.length - 1, 0);
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
const json = (value: object) => new TextEncoder().encode(JSON.stringify(value));

function begin(size: number) {
  const socket = new FakeSocket();
  const abort = new AbortController();
  const progress: number[] = [];
  const end = sendFile({
    socket,
    file: new Blob([new Uint8Array(size).fill(7)]),
    progress: (taken) => progress.push(taken),
    signal: abort.signal,
  });
  socket.onopen?.({} as Event);
  return { socket, abort, progress, end };
}

test('a file is sent a window ahead of what was taken, and its end with its last byte', async () => {
  const size = 3 * WINDOW + 5;
  const { socket, progress, end } = begin(size);
  await settled();
  expect(socket.sent).toBe(WINDOW);
  for (let taken = 0; taken < size; taken += WINDOW) {
    socket.take(Math.min(WINDOW, size - taken));
    await settled();
  }
  expect(socket.sent).toBe(size);
  expect(socket.frames.at(-1)).toEqual(Uint8Array.of(Tag.stdinEnd));
  expect(progress.at(-1)).toBe(size);
  socket.say(Tag.exit, json({ status: 0, signal: null }));
  expect(await end).toEqual({ status: 0, message: '' });
});

test('an empty one is only an end; what its writer says is told; a lost line and a cancel end it', async () => {
  const empty = begin(0);
  await settled();
  expect(empty.socket.frames).toEqual([Uint8Array.of(Tag.stdinEnd)]);
  empty.socket.say(Tag.stderr, new TextEncoder().encode('sh: no space left\n'));
  empty.socket.say(Tag.exit, json({ status: 19, signal: null }));
  expect(await empty.end).toEqual({ status: 19, message: 'sh: no space left' });
  const lost = begin(10);
  lost.socket.onclose?.({ reason: 'not any more' } as CloseEvent);
  expect(await lost.end).toEqual({ status: null, message: 'not any more' });
  const cancelled = begin(10 * WINDOW);
  cancelled.abort.abort();
  expect(await cancelled.end).toEqual({ status: null, message: 'cancelled' });
  expect(cancelled.socket.isClosed).toBe(true);
});
