import { connect } from 'node:net';

export interface HttpAnswer {
  status: number;
  body: string;
}

/**
 * One HTTP/1.1 request over a unix socket. Written out over node:net because loading node:http takes as long as the rest of
 * the program together (24 ms of 50). Rejects with the socket's own error, or when the answer is cut short.
 */
export function httpCall(
  socketPath: string,
  request: { method: 'GET' | 'POST'; path: string; body?: string },
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const body = Buffer.from(request.body ?? '');
    const head = [
      `${request.method} ${request.path} HTTP/1.1`,
      'host: localhost',
      'connection: close',
      'x-berth: 1',
      ...(request.method === 'POST'
        ? ['content-type: application/json', `content-length: ${body.length}`]
        : []),
      '',
      '',
    ].join('\r\n');
    const chunks: Buffer[] = [];
    const socket = connect({ path: socketPath });
    const settle = (otherwise: unknown) => {
      try {
        resolve(parseAnswer(Buffer.concat(chunks)));
      } catch (error) {
        reject(otherwise ?? error);
      }
    };
    socket.on('data', (chunk) => chunks.push(chunk));
    // A server that refuses may answer and close before it has read all: its answer counts more than our EPIPE.
    socket.on('error', settle);
    socket.on('end', () => settle(null));
    socket.write(Buffer.concat([Buffer.from(head), body]));
  });
}

/** A whole answer, with its body by length, in chunks, or up to the end of the connection (RFC 9112, 6.3). */
export function parseAnswer(answer: Buffer): HttpAnswer {
  const end = answer.indexOf('\r\n\r\n');
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(answer.toString('latin1', 0, 16));
  if (end < 0 || !status) throw new Error('the answer is not HTTP or was cut short');
  const headers = answer.toString('latin1', 0, end).toLowerCase();
  const rest = answer.subarray(end + 4);
  if (/\r\ntransfer-encoding:[^\r\n]*chunked/.test(headers)) {
    return { status: Number(status[1]), body: joinChunks(rest).toString('utf8') };
  }
  const length = /\r\ncontent-length: *(\d+)/.exec(headers);
  if (length && rest.length < Number(length[1])) throw new Error('the answer was cut short');
  return {
    status: Number(status[1]),
    body: rest.toString('utf8', 0, length ? Number(length[1]) : undefined),
  };
}

function joinChunks(body: Buffer): Buffer {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const line = body.indexOf('\r\n', at);
    const size = line < 0 ? Number.NaN : Number.parseInt(body.toString('latin1', at, line), 16);
    const from = line + 2;
    if (Number.isNaN(size) || from + size > body.length) throw new Error('the answer was cut short');
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(body.subarray(from, from + size));
    at = from + size + 2;
  }
}
