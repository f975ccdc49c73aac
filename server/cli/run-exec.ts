import type { Readable } from 'node:stream';
import { type ConsoleExit, Tag, WINDOW } from '../console/protocol.ts';
import { closeError } from './close-reason.ts';
import { ExitStatus } from './fail.ts';
import { later } from './later.ts';
import type { ServerSocket } from './server-socket.ts';

/** Output is acknowledged in pieces of at least so much, bytes: an eighth of the server's window. */
const ACKNOWLEDGE = 64 * 1024;
const EPIPE_STATUS = 128 + 13;

export interface ExecStreams {
  stdin: Readable;
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream;
}

function tagged(tag: number, bytes: Uint8Array = new Uint8Array()): Buffer {
  return Buffer.concat([Buffer.of(tag), bytes]);
}

/** Sends stdin, at most a window ahead of what the command took; returns what to do when it has taken more. */
function sendStdin(socket: ServerSocket, stdin: Readable): (bytes: number) => void {
  let ahead = 0;
  let ended = false;
  const end = () => {
    if (!ended && socket.isOpen) socket.send(tagged(Tag.stdinEnd));
    ended = true;
  };
  stdin.on('data', (bytes: Buffer) => {
    if (!socket.isOpen) return;
    ahead += bytes.length;
    socket.send(tagged(Tag.stdin, bytes));
    if (ahead >= WINDOW) stdin.pause();
  });
  stdin.once('end', end);
  // A stdin that cannot be read (a closed descriptor) is an empty one.
  stdin.once('error', end);
  return (bytes) => {
    ahead -= bytes;
    if (ahead < WINDOW) stdin.resume();
  };
}

/** Tells the server what was written out, so that it stays a window ahead of us and no more. */
function acknowledger(socket: ServerSocket): (bytes: number) => void {
  let pending = 0;
  return (bytes) => {
    pending += bytes;
    if (pending < ACKNOWLEDGE || !socket.isOpen) return;
    const frame = Buffer.alloc(5);
    frame[0] = Tag.execAcknowledge;
    frame.writeUInt32LE(pending, 1);
    pending = 0;
    socket.send(frame);
  };
}

/** Pass signals on instead of dying of them: the command decides. Returns how to stop. */
function forwardSignals(socket: ServerSocket): () => void {
  const names = ['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGHUP'] as const;
  const forward = (signal: NodeJS.Signals) => {
    if (socket.isOpen) socket.send(tagged(Tag.signal, Buffer.from(signal)));
  };
  for (const name of names) process.on(name, forward);
  return () => {
    for (const name of names) process.off(name, forward);
  };
}

/**
 * Join the socket of an exec to streams until the command ends. Resolves to its exit when all of its output is written.
 * Throws what the server closed the socket with, and ExitStatus 141 when nobody reads our output any more.
 */
export async function runExec(socket: ServerSocket, streams: ExecStreams): Promise<ConsoleExit> {
  const acknowledge = acknowledger(socket);
  const stopSignals = forwardSignals(socket);
  const exit = later<ConsoleExit>();
  let unwritten = 0;
  let ended: ConsoleExit | null = null;
  const settle = () => {
    if (ended && unwritten === 0) exit.resolve(ended);
  };
  const write = (stream: NodeJS.WritableStream, bytes: Buffer) => {
    unwritten++;
    stream.write(bytes, () => {
      unwritten--;
      acknowledge(bytes.length);
      settle();
    });
  };
  const broken = () => exit.reject(new ExitStatus(EPIPE_STATUS));
  streams.stdout.on('error', broken);
  streams.stderr.on('error', broken);
  const stdinTaken = sendStdin(socket, streams.stdin);
  socket.on('message', (frame) => {
    const bytes = frame.subarray(1);
    if (frame[0] === Tag.stdout) write(streams.stdout, bytes);
    else if (frame[0] === Tag.stderr) write(streams.stderr, bytes);
    else if (frame[0] === Tag.execAcknowledge) stdinTaken(frame.readUInt32LE(1));
    else if (frame[0] === Tag.exit) {
      ended = JSON.parse(bytes.toString('utf8'));
      settle();
    }
  });
  socket.on('close', (code, reason) => {
    if (!ended) exit.reject(closeError(code, reason));
  });
  socket.resume();
  try {
    return await exit.promise;
  } finally {
    stopSignals();
    socket.terminate();
    // Nobody may ever close it, and an open stdin would keep this process.
    streams.stdin.destroy();
  }
}
