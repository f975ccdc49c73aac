import { Tag, WINDOW } from '../../../server/console/protocol.ts';
import type { SocketLike } from './connection-state.ts';

/** Bytes of one frame: well under the server's limit, and small enough for progress that moves. */
const PIECE = 64 * 1024;

/** What can be read in parts: a File, or a test's. */
export interface Readable {
  size: number;
  slice(from: number, to: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** How an upload ended: the exit status of what wrote it, with what that said; null status: the line was lost, or it was refused. */
export interface SendEnd {
  status: number | null;
  message: string;
}

/**
 * Send a file as the stdin of a command (server/console/protocol.ts, exec), at most a window ahead of what was taken. `progress` hears the
 * bytes that the guest has taken. Resolves in any case; `signal` cancels.
 */
export function sendFile(options: {
  socket: SocketLike;
  file: Readable;
  progress(taken: number): void;
  signal: AbortSignal;
}): Promise<SendEnd> {
  const { socket, file, progress, signal } = options;
  const decoder = new TextDecoder();
  let sent = 0;
  let taken = 0;
  let isReading = false;
  let hasEnded = false;
  let said = '';

  return new Promise((resolve) => {
    const finish = (end: SendEnd) => {
      if (hasEnded) return;
      hasEnded = true;
      socket.close();
      resolve(end);
    };
    const sendPiece = async () => {
      const bytes = new Uint8Array(await file.slice(sent, sent + PIECE).arrayBuffer());
      if (hasEnded) return;
      if (bytes.length === 0) throw new Error('the file is shorter than it was');
      socket.send(frameOf(Tag.stdin, bytes));
      sent += bytes.length;
      if (sent === file.size) socket.send(frameOf(Tag.stdinEnd, new Uint8Array()));
    };
    const pump = async () => {
      if (isReading) return;
      isReading = true;
      try {
        while (!hasEnded && sent < file.size && sent - taken < WINDOW) await sendPiece();
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        finish({ status: null, message: `the file cannot be read: ${reason}` });
      } finally {
        isReading = false;
      }
    };
    const hear = (data: unknown) => {
      if (!(data instanceof ArrayBuffer)) return;
      const bytes = new Uint8Array(data);
      if (bytes[0] === Tag.execAcknowledge) {
        taken += new DataView(data).getUint32(1, true);
        progress(taken);
        void pump();
      } else if (bytes[0] === Tag.stderr) {
        said = (said + decoder.decode(bytes.subarray(1))).slice(-500);
      } else if (bytes[0] === Tag.exit) {
        const exit: unknown = JSON.parse(decoder.decode(bytes.subarray(1)));
        const isExit = typeof exit === 'object' && exit !== null && 'status' in exit;
        const status = isExit && typeof exit.status === 'number' ? exit.status : null;
        finish({ status, message: said.trim() });
      }
    };
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      if (file.size === 0) socket.send(frameOf(Tag.stdinEnd, new Uint8Array()));
      else void pump();
    };
    socket.onmessage = (event) => hear(event.data);
    socket.onclose = (event) =>
      finish({ status: null, message: event.reason || 'the connection was lost: nothing of it was kept' });
    signal.addEventListener('abort', () => finish({ status: null, message: 'cancelled' }), { once: true });
  });
}

function frameOf(tag: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(bytes.length + 1);
  frame[0] = tag;
  frame.set(bytes, 1);
  return frame;
}
