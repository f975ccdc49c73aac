import { connect } from 'node:net';
import { explainSocket } from './api.ts';
import { ServerSocket } from './server-socket.ts';

const END = Buffer.from('\r\n\r\n');
const MAX_HEAD = 16 * 1024;

/** Open a WebSocket over the admin socket. Resolves when it is open, to one that waits for `resume`. Throws `unavailable`. */
export function openSocket(socketPath: string, path: string): Promise<ServerSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path: socketPath });
    let answer = Buffer.alloc(0);
    const fail = (error: unknown) => {
      socket.destroy();
      reject(explainSocket(error, socketPath));
    };
    const cut = () => fail(new Error('it closed the connection'));
    const read = (bytes: Buffer) => {
      answer = Buffer.concat([answer, bytes]);
      const end = answer.indexOf(END);
      if (end < 0 && answer.length < MAX_HEAD) return;
      const status = /^HTTP\/1\.1 (\d{3})/.exec(answer.toString('latin1', 0, 16))?.[1];
      if (status !== '101') return fail(new Error(`it answered ${status ?? 'no HTTP'} to a WebSocket`));
      socket.pause();
      socket.off('data', read).off('error', fail).off('close', cut);
      resolve(new ServerSocket(socket, answer.subarray(end + END.length)));
    };
    socket.on('data', read).on('error', fail).on('close', cut);
    socket.write(
      [
        `GET ${path} HTTP/1.1`,
        'host: localhost',
        'connection: upgrade',
        'upgrade: websocket',
        'sec-websocket-version: 13',
        // For caches and proxies in between: there are none.
        'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
        'x-berth: 1',
        '',
        '',
      ].join('\r\n'),
    );
  });
}
