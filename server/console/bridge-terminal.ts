import type { WebSocket } from 'ws';
import type { TerminalConnection } from '../runtime/port.ts';
import { exitFrame, outputFrame, parseTerminalRequest, stateFrame } from './frames.ts';
import { messageBytes } from './message-bytes.ts';
import { PaceJudge, type PaceOptions } from './pace-judge.ts';
import type { ConsoleExit } from './protocol.ts';

/** Input that a program has not read, bytes: a paste of a large file, not of a disk. */
const INPUT_MOST = 8 * 1024 * 1024;

export interface TerminalBridgeOptions extends PaceOptions {
  /** How the program ended, when it ended while this client looked. */
  onExit?(exit: ConsoleExit): void;
  /** This client is about to type, or has a window of another size. */
  typed?(bytes: Uint8Array): void;
  resized?(columns: number, rows: number): void;
  /** False: this client only watches; what it types and its size count for nothing. */
  mayDrive?: boolean;
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

  function passAcknowledgement(): void {
    const offset = Math.min(asked, flushed);
    if (offset <= acknowledged) return;
    acknowledged = offset;
    pace.taken(offset);
    terminal.acknowledge(offset);
  }

  const pace = new PaceJudge(options, () => {
    // At once: the close has to be read by who reads nothing.
    terminal.close();
    socket.close(1013, 'this terminal waited for you for too long, and others look at it: come back to it');
  });

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
    pace.sent(offset, bytes.length);
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
    pace.stop();
    terminal.close();
  });
  socket.send(stateFrame(terminal.state));
}
