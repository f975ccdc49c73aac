import { type ConsoleExit, Tag } from '../console/protocol.ts';
import type { RecordingMark } from '../recording/schema.ts';
import { closeError } from './close-reason.ts';
import { later } from './later.ts';
import type { ServerSocket } from './server-socket.ts';

/** Ctrl-]: detaches, as in telnet and virsh. */
export const DETACH = 0x1d;
const DETACH_NAME = 'Ctrl-]';
/** Output is acknowledged in pieces of at least so much, bytes. */
const ACKNOWLEDGE = 64 * 1024;

/** How being attached ended: the program did, or the user left it. */
export type TerminalEnd = { type: 'exit'; exit: ConsoleExit } | { type: 'detached' };

function inputFrame(bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(Tag.input), bytes]);
}

function resizeFrame(): Buffer {
  const frame = Buffer.alloc(5);
  frame[0] = Tag.resize;
  frame.writeUInt16LE(Math.min(1000, Math.max(2, process.stdout.columns || 80)), 1);
  frame.writeUInt16LE(Math.min(1000, Math.max(1, process.stdout.rows || 24)), 3);
  return frame;
}

/** Writes what comes and acknowledges what is written: at most a window of it is ever here. */
function outputWriter(socket: ServerSocket): (offset: number, bytes: Buffer) => void {
  let acknowledged = 0;
  return (offset, bytes) => {
    process.stdout.write(bytes, () => {
      const written = offset + bytes.length;
      if (written - acknowledged < ACKNOWLEDGE || !socket.isOpen) return;
      acknowledged = written;
      const frame = Buffer.alloc(9);
      frame[0] = Tag.acknowledge;
      frame.writeBigUInt64LE(BigInt(written), 1);
      socket.send(frame);
    });
  };
}

/** stdin as it is typed, without the tty's own ideas of lines, echo and signals; returns how to put it back. */
function rawInput(socket: ServerSocket, detach: () => void): () => void {
  const { stdin } = process;
  const onData = (bytes: Buffer) => {
    const at = bytes.indexOf(DETACH);
    const typed = at < 0 ? bytes : bytes.subarray(0, at);
    if (typed.length > 0 && socket.isOpen) socket.send(inputFrame(typed));
    if (at >= 0) detach();
  };
  const onResize = () => {
    if (socket.isOpen) socket.send(resizeFrame());
  };
  stdin.setRawMode(true);
  stdin.on('data', onData);
  stdin.resume();
  process.stdout.on('resize', onResize);
  return () => {
    stdin.off('data', onData);
    process.stdout.off('resize', onResize);
    stdin.setRawMode(false);
    stdin.pause();
  };
}

/** What the user is told before the first byte. */
export const DETACH_HINT = `${DETACH_NAME} detaches`;

/** Join the socket of a terminal to this process's own until either ends. Throws what the server closed it with. */
export async function runTerminal(
  socket: ServerSocket,
  onRecording: (mark: RecordingMark | null) => void = () => undefined,
): Promise<TerminalEnd> {
  const end = later<TerminalEnd>();
  const write = outputWriter(socket);
  const restore = rawInput(socket, () => end.resolve({ type: 'detached' }));
  const hangUp = () => end.resolve({ type: 'detached' });
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, hangUp);
  socket.on('message', (frame) => {
    if (frame[0] === Tag.recording) onRecording(JSON.parse(frame.toString('utf8', 1)));
    else if (frame[0] === Tag.output) write(Number(frame.readBigUInt64LE(1)), frame.subarray(9));
    else if (frame[0] === Tag.exit) {
      const exit: ConsoleExit = JSON.parse(frame.toString('utf8', 1));
      // After what is still being written, so that the last line is not lost behind a prompt.
      process.stdout.write('', () => end.resolve({ type: 'exit', exit }));
    }
  });
  socket.on('close', (code, reason) => {
    if (code !== 1000) end.reject(closeError(code, reason));
  });
  socket.send(resizeFrame());
  socket.resume();
  try {
    return await end.promise;
  } finally {
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.off(signal, hangUp);
    restore();
    socket.terminate();
  }
}

/** Throws unless stdin and stdout are a terminal. */
export function isTerminal(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true;
}
