import type { WebSocket } from 'ws';
import type { TerminalConnection } from '../runtime/port.ts';
import { exitFrame, outputFrame, parseTerminalRequest, stateFrame } from './frames.ts';
import { messageBytes } from './message-bytes.ts';
import type { ConsoleExit } from './protocol.ts';

/** What a holder lets be under way to one client, bytes (native/protocol/README.md). */
export const HOLDER_WINDOW = 128 * 1024;
/**
 * ms for which a client may hold up a program that others look at: the one who drives sets the pace, and may take nothing at all for so
 * long (a command line that was stopped with Ctrl-Z takes nothing ever); who only looks may be slow for so long.
 */
const PATIENCE_MS = 5000;
/** How often it is looked at in that time. */
const LOOKS = 10;
/** The holder lets less than 16 KiB wait for more. */
const NEARLY_FULL = HOLDER_WINDOW - 16 * 1024;
/** Bytes of a second which is slow where more could be taken. */
const SLOW = 256 * 1024;

/** Input that a program has not read, bytes: a paste of a large file, not of a disk. */
const INPUT_MOST = 8 * 1024 * 1024;

export interface TerminalBridgeOptions {
  /** How the program ended, when it ended while this client looked. */
  onExit?(exit: ConsoleExit): void;
  /** This client is about to type, or has a window of another size. */
  typed?(bytes: Uint8Array): void;
  resized?(columns: number, rows: number): void;
  /** False: this client only watches; what it types and its size count for nothing. */
  mayDrive?: boolean;
  /** Whether anybody else looks at the terminal, and whether this client drives it. */
  company?(): { others: boolean; drives: boolean };
  /** Default 5 s. */
  patienceMs?: number;
}

/**
 * Join a browser's socket to a terminal until either goes away. The server keeps nothing: an acknowledgement is passed on
 * to the holder, which stays at most its window ahead of it; and never further than what the kernel has taken from us,
 * so that a client that acknowledges without reading costs no memory either.
 */
export function bridgeTerminal(
  socket: WebSocket,
  terminal: TerminalConnection,
  options: TerminalBridgeOptions = {},
): void {
  let acknowledged = 0;
  let asked = 0;
  let waiting = 0;
  let flushed = terminal.state.start;
  let sent = terminal.state.start;
  /** What it was sent first: offsets before it were never under way. */
  let begin = 0;
  let takenAt = performance.now();

  function passAcknowledgement(): void {
    const offset = Math.min(asked, flushed);
    if (offset <= acknowledged) return;
    acknowledged = offset;
    takenAt = performance.now();
    terminal.acknowledge(offset);
  }

  const { patienceMs = PATIENCE_MS } = options;
  const everyMs = patienceMs / LOOKS;
  let slow = 0;
  let before = 0;
  const watch = setInterval(() => {
    const { others, drives } = options.company?.() ?? { others: false, drives: true };
    const isAwaited = others && sent - Math.max(acknowledged, begin) >= NEARLY_FULL;
    const isSlow = isAwaited && acknowledged - before < (SLOW * everyMs) / 1000;
    before = acknowledged;
    slow = Math.max(0, slow + (isSlow ? 1 : -1));
    if (!isAwaited) takenAt = performance.now();
    const isStopped = performance.now() - takenAt >= patienceMs;
    if (!isStopped && (slow < LOOKS || drives)) return;
    // At once: the close has to be read by who reads nothing.
    clearInterval(watch);
    terminal.close();
    socket.close(1013, 'this terminal waited for you for too long, and others look at it: come back to it');
  }, everyMs);

  // Not reading the client would keep its acknowledgements from us too, and with them the output that has to come
  // before a program reads on: so what waits is counted, and too much of it ends the connection.
  function takeInput(bytes: Uint8Array): void {
    options.typed?.(bytes);
    waiting += bytes.length;
    if (terminal.write(bytes)) waiting = 0;
    else if (waiting > INPUT_MOST) socket.close(1013, 'the program reads no more input');
  }

  terminal.onDrain(() => {
    waiting = 0;
  });
  terminal.onOutput((offset, bytes) => {
    if (socket.readyState !== socket.OPEN) return;
    begin ||= offset;
    sent = offset + bytes.length;
    socket.send(outputFrame(offset, bytes), (error) => {
      if (error) return;
      flushed = offset + bytes.length;
      passAcknowledgement();
    });
  });
  terminal.onExit((exit) => {
    options.onExit?.(exit);
    if (socket.readyState !== socket.OPEN) return;
    socket.send(exitFrame(exit));
    socket.close(1000, 'ended');
  });
  // Nothing is said of an end: the client comes back and asks for what there is.
  terminal.onLost(() => socket.close(1012, 'the terminal was lost'));

  socket.on('message', (data, isBinary) => {
    // A closing socket has no say any more: its login may have been revoked.
    if (socket.readyState !== socket.OPEN) return;
    const request = isBinary ? parseTerminalRequest(messageBytes(data)) : null;
    if (!request) return socket.close(1008, 'not a frame of this protocol');
    if (request.type === 'acknowledge') {
      asked = Math.max(asked, request.offset);
      passAcknowledgement();
    } else if (options.mayDrive === false) return;
    else if (request.type === 'input') takeInput(request.bytes);
    else if (request.type === 'resize') {
      options.resized?.(request.columns, request.rows);
      terminal.resize(request.columns, request.rows);
    }
  });
  socket.on('close', () => {
    clearInterval(watch);
    terminal.close();
  });
  socket.send(stateFrame(terminal.state));
}
