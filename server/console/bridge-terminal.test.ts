import { EventEmitter } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { bridgeTerminal, HOLDER_WINDOW } from './bridge-terminal.ts';
import { eventually, FakeTerminal } from './console-fixture.ts';
import { Tag } from './protocol.ts';

/** A socket whose other end takes what `takes` says. */
class FakeSocket extends EventEmitter {
  readonly readyState = WebSocket.OPEN;
  readonly OPEN = WebSocket.OPEN;
  closed: { code: number; reason: string } | null = null;
  takes = true;

  send(_frame: Buffer, done?: () => void): void {
    if (this.takes) done?.();
  }

  acknowledge(offset: number): void {
    const frame = Buffer.alloc(9, Tag.acknowledge);
    frame.writeBigUInt64LE(BigInt(offset), 1);
    this.emit('message', frame, true);
  }

  close(code: number, reason: string): void {
    this.closed = { code, reason };
    this.emit('close');
  }
}

const STALLED_MS = 200;
const sockets: FakeSocket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.emit('close');
});

function bridge({ others = true, takes = true } = {}): { socket: FakeSocket; terminal: FakeTerminal } {
  const [socket, terminal] = [new FakeSocket(), new FakeTerminal()];
  socket.takes = takes;
  sockets.push(socket);
  bridgeTerminal(socket as unknown as WebSocket, terminal, {
    hasOthers: () => others,
    stalledMs: STALLED_MS,
  });
  return { socket, terminal };
}
const pause = () => new Promise((wake) => setTimeout(wake, STALLED_MS * 3));

test.each([
  ['takes nothing', { takes: false }],
  ['takes all and says nothing of it', { takes: true }],
])('one that %s is let go once others have waited for it', async (_what, how) => {
  const { socket, terminal } = bridge(how);
  terminal.print(10 * HOLDER_WINDOW);
  socket.acknowledge(how.takes ? 1 : Number.MAX_SAFE_INTEGER);
  await eventually(() =>
    expect(socket.closed).toEqual({
      code: 1013,
      reason: 'you took nothing for too long, and others look at this terminal',
    }),
  );
  expect(terminal.closed).toBe(true);
});

test('who is alone may take as long as it likes, and so may who takes a little now and then or has little to take', async () => {
  const [alone, slow, idle] = [bridge({ others: false, takes: false }), bridge(), bridge()];
  for (const { terminal } of [alone, slow]) terminal.print(100 * HOLDER_WINDOW);
  idle.terminal.print(HOLDER_WINDOW / 2);
  let taken = 0;
  const taking = setInterval(() => {
    taken += 1000;
    slow.socket.acknowledge(taken);
  }, STALLED_MS / 4);
  await pause();
  clearInterval(taking);
  expect([alone, slow, idle].map(({ socket }) => socket.closed)).toEqual([null, null, null]);
  await eventually(() => expect(slow.socket.closed?.code).toBe(1013));
});
