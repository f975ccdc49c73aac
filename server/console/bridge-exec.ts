import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import type { WebSocket } from 'ws';
import type { ExecProcess } from '../runtime/port.ts';
import { acknowledgeFrame, exitFrame, parseExecRequest, taggedFrame } from './frames.ts';
import { messageBytes } from './message-bytes.ts';
import { Tag, WINDOW } from './protocol.ts';

/** Stdin that waits for the command, bytes: only a client that ignores its window comes so far, and is then not read. */
const STDIN_MOST = 2 * WINDOW;

function isSignal(name: string): name is NodeJS.Signals {
  return name in constants.signals;
}

/** Send a program's output, both streams together at most WINDOW bytes ahead of what the client took. */
class OutputPump {
  readonly #socket: WebSocket;
  readonly #streams: Readable[] = [];
  /** Sent and not acknowledged, bytes. */
  #ahead = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** Resolves when the stream has ended and all of it is on its way. */
  add(tag: number, stream: Readable): Promise<void> {
    this.#streams.push(stream);
    stream.on('data', (bytes: Buffer) => {
      if (this.#socket.readyState !== this.#socket.OPEN) return;
      this.#ahead += bytes.length;
      this.#socket.send(taggedFrame(tag, bytes));
      if (this.#ahead >= WINDOW) for (const one of this.#streams) one.pause();
    });
    return new Promise((resolve) => {
      stream.once('close', resolve);
      stream.once('end', resolve);
      // A read error ends the stream; the exit status tells what matters.
      stream.once('error', () => resolve());
    });
  }

  acknowledge(bytes: number): void {
    this.#ahead = Math.max(0, this.#ahead - bytes);
    // What the socket still holds was not read by anybody, whatever the client says.
    if (Math.max(this.#ahead, this.#socket.bufferedAmount) < WINDOW)
      for (const one of this.#streams) one.resume();
  }
}

export interface BridgeExecOptions {
  /** Bytes of stdin at the most: more ends the connection. */
  stdinMost?: number;
  /** Stdin ends when the client goes away, and the command has so long, ms, to see to that before it is killed; default: it is killed. */
  patienceMs?: number;
}

/** What it reads is over; it ends by itself, or is killed. */
function endPatiently(program: ExecProcess, ms: number): void {
  const timer = setTimeout(() => program.kill('SIGKILL'), ms);
  void program.exit.finally(() => clearTimeout(timer)).catch(() => undefined);
}

/**
 * Join a client's socket to a running command: stdin, stdout, stderr as they are, with back-pressure both ways, and the
 * exit at the end. When the client goes away the command is killed.
 */
export function bridgeExec(socket: WebSocket, program: ExecProcess, options: BridgeExecOptions = {}): void {
  const pump = new OutputPump(socket);
  let stdinOpen = true;
  let ended = false;
  let taken = 0;

  function took(bytes: number): void {
    if (socket.readyState === socket.OPEN && bytes > 0) socket.send(acknowledgeFrame(bytes));
    if (socket.isPaused && program.stdin.writableLength < STDIN_MOST) socket.resume();
  }

  function takeStdin(bytes: Uint8Array): void {
    taken += bytes.length;
    if (taken > (options.stdinMost ?? Number.POSITIVE_INFINITY)) {
      socket.close(1009, 'more than was announced');
      return;
    }
    // What a command does not want any more is dropped, as by a broken pipe.
    if (!stdinOpen) took(bytes.length);
    else program.stdin.write(bytes, () => took(bytes.length));
    if (program.stdin.writableLength >= STDIN_MOST) socket.pause();
  }
  const closeStdin = () => {
    stdinOpen = false;
    socket.resume();
  };
  program.stdin.on('error', closeStdin);
  program.stdin.on('close', closeStdin);

  socket.on('message', (data, isBinary) => {
    // A closing socket has no say any more: its login may have been revoked.
    if (socket.readyState !== socket.OPEN) return;
    const request = isBinary ? parseExecRequest(messageBytes(data)) : null;
    if (!request) return socket.close(1008, 'not a frame of this protocol');
    if (request.type === 'stdin') takeStdin(request.bytes);
    else if (request.type === 'acknowledge') pump.acknowledge(request.bytes);
    else if (request.type === 'signal') {
      if (!isSignal(request.name)) return socket.close(1008, 'no such signal');
      program.kill(request.name);
    } else if (stdinOpen) {
      stdinOpen = false;
      program.stdin.end();
    }
  });
  socket.on('close', () => {
    if (!ended && options.patienceMs === undefined) program.kill('SIGKILL');
    else if (!ended) endPatiently(program, options.patienceMs ?? 0);
    program.stdin.destroy();
    program.stdout.destroy();
    program.stderr.destroy();
  });

  const drained = Promise.all([pump.add(Tag.stdout, program.stdout), pump.add(Tag.stderr, program.stderr)]);
  void Promise.all([program.exit, drained]).then(
    ([exit]) => {
      ended = true;
      if (socket.readyState !== socket.OPEN) return;
      socket.send(exitFrame(exit));
      socket.close(1000, 'ended');
    },
    () => socket.close(1011, 'the command was lost'),
  );
}
