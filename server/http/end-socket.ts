import type { WebSocket } from 'ws';

/** How long a client has to answer our close, ms. */
const CLOSE_GRACE_MS = 250;

/**
 * Close with a word, and cut it off when the client does not answer. Nothing that it sends from now on is heard: a client may
 * leave a close unanswered as long as it likes (RFC 6455, 7.1.1), and its login may have been revoked.
 */
export function endSocket(socket: WebSocket, code: number, reason: string): void {
  socket.removeAllListeners('message');
  socket.close(code, reason);
  const timer = setTimeout(() => socket.terminate(), CLOSE_GRACE_MS);
  socket.once('close', () => clearTimeout(timer));
}
