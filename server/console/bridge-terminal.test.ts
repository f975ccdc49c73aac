import { EventEmitter } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { bridgeTerminal } from './bridge-terminal.ts';
import { eventually, FakeTerminal } from './console-fixture.ts';
import { HOLDER_WINDOW } from './pace-judge.ts';
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

const PATIENCE_MS = 200;
const sockets: FakeSocket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.emit('close');
});

function bridge({ others = true, drives = true, takes = true } = {}) {
  const [socket, terminal] = [new FakeSocket(), new FakeTerminal()];
  socket.takes = takes;
  sockets.push(socket);
  const company = () => ({ others, drives });
  bridgeTerminal(socket as unknown as WebSocket, terminal, { company, patienceMs: PATIENCE_MS });
  return { socket, terminal };
}
const pause = () => new Promise((wake) => setTimeout(wake, PATIENCE_MS * 4));
const REASON = 'this terminal waited for you for too long, and others look at it: come back to it';

test.each([
  ['drives and takes nothing', { takes: false }],
  ['drives, takes all and says nothing of it', { takes: true }],
  ['only looks and takes nothing', { takes: false, drives: false }],
])('one that %s is let go once others have waited for it', async (_what, how) => {
  const { socket, terminal } = bridge(how);
  terminal.print(10 * HOLDER_WINDOW);
  socket.acknowledge(how.takes ? 1 : Number.MAX_SAFE_INTEGER);
  await eventually(() => expect(socket.closed).toEqual({ code: 1013, reason: REASON }));
  expect(terminal.closed).toBe(true);
});

/** Takes a thousand bytes now and then of what comes. */
function takeSlowly({ socket, terminal }: ReturnType<typeof bridge>): () => void {
  terminal.print(100 * HOLDER_WINDOW);
  let taken = 0;
  const taking = setInterval(() => {
    taken += 1000;
    socket.acknowledge(taken);
  }, PATIENCE_MS / 8);
  return () => clearInterval(taking);
}

test('who drives may be slow, who is alone may take nothing, and who has little to take is waited for by nobody', async () => {
  const [alone, driver, idle] = [
    bridge({ others: false, takes: false }),
    bridge(),
    bridge({ drives: false }),
  ];
  alone.terminal.print(100 * HOLDER_WINDOW);
  idle.terminal.print(HOLDER_WINDOW / 4);
  const stop = takeSlowly(driver);
  await pause();
  stop();
  expect([alone, driver, idle].map(({ socket }) => socket.closed)).toEqual([null, null, null]);
  await eventually(() => expect(driver.socket.closed?.code).toBe(1013));
});

test('who only looks and is quick stays, however much is printed', async () => {
  const { socket, terminal } = bridge({ drives: false });
  terminal.print(1000 * HOLDER_WINDOW);
  const taking = setInterval(() => socket.acknowledge(terminal.sent - 1000), 2);
  await pause();
  clearInterval(taking);
  expect(socket.closed).toBe(null);
});

test('who only looks does not set the pace', async () => {
  const watcher = bridge({ drives: false });
  const stop = takeSlowly(watcher);
  await eventually(() => expect(watcher.socket.closed?.code).toBe(1013));
  stop();
});
