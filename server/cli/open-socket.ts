import type { RawData } from 'ws';
import { WebSocket } from 'ws';
import { explainSocket } from './api.ts';

/** Frames of the terminal protocol are at most 64 KiB and a header; replies of more are not ours. */
const MAX_PAYLOAD = 4 * 1024 * 1024;

/** Open a WebSocket over the admin socket. Resolves when it is open. Throws `unavailable`. */
export function openSocket(socketPath: string, path: string): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws+unix:${socketPath}:${path}`, {
      perMessageDeflate: false,
      maxPayload: MAX_PAYLOAD,
      headers: { 'x-berth': '1' },
    });
    socket.binaryType = 'nodebuffer';
    socket.once('open', () => {
      // Frames may come in the same turn as the handshake's answer: nobody listens to them yet.
      socket.pause();
      socket.off('error', fail);
      resolve(socket);
    });
    const fail = (error: Error) => reject(explainSocket(error, socketPath));
    socket.once('error', fail);
  });
}

/** One message as one buffer. */
export function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
