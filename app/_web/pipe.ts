import http from 'node:http';
import type { Duplex } from 'node:stream';
import { clientAddress } from './client-address.ts';

export interface Upstream {
  /** The server's unix socket. */
  socketPath: string;
  /** Whether the browser speaks TLS to us. */
  secure: boolean;
  /** Whether an address is a proxy that may say whose request it hands on. */
  isProxy(address: string): boolean;
  /** Bytes of a body. */
  longestBody: number;
}

// as many as there are connections to us (limits.ts): who waits for its own slow body keeps nobody else waiting
const agent = new http.Agent({ keepAlive: true, maxFreeSockets: 64 });

/** Whether a request is for the server; everything else is a page. */
export function isApi(url: string | undefined): boolean {
  return url === '/api' || (url?.startsWith('/api/') ?? false);
}

/** The request's headers with ours, which a client cannot forge: they replace what it sent. */
function forwarded(request: http.IncomingMessage, upstream: Upstream): http.OutgoingHttpHeaders {
  const { isProxy, secure } = upstream;
  const client = clientAddress(request.socket.remoteAddress, request.headers['x-forwarded-for'], isProxy);
  return {
    ...request.headers,
    'x-forwarded-for': client,
    'x-forwarded-host': request.headers.host ?? '',
    'x-forwarded-proto': secure ? 'https' : 'http',
  };
}

/** What a browser gets while the server is away: the shape of tRPC's own errors, so that every client understands it. */
function answerUnavailable(response: http.ServerResponse): void {
  const message = 'the server is restarting or stopped: this page goes on by itself when it is back';
  const data = {
    code: 'SERVICE_UNAVAILABLE',
    httpStatus: 503,
    berth: { code: 'unavailable', message, field: null },
  };
  response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' });
  response.end(JSON.stringify({ error: { message, code: -32603, data } }));
}

/** Stream a request to the server and its answer back. */
export function pipeRequest(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  upstream: Upstream,
): void {
  const up = http.request({
    agent,
    socketPath: upstream.socketPath,
    method: request.method,
    path: request.url,
    headers: forwarded(request, upstream),
  });
  up.on('response', (answer) => {
    for (const [name, value] of Object.entries(answer.headers))
      if (value !== undefined) response.setHeader(name, value);
    response.writeHead(answer.statusCode ?? 502);
    answer.pipe(response);
  });
  up.on('error', () => (response.headersSent ? response.destroy() : answerUnavailable(response)));
  response.on('close', () => up.destroy());
  let length = 0;
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= upstream.longestBody) return;
    // chunks say no length before
    up.destroy();
    request.destroy();
  });
  request.pipe(up);
}

/** Hand a WebSocket through, byte for byte; backpressure goes with the pipes. */
export function pipeUpgrade(
  request: http.IncomingMessage,
  socket: Duplex,
  head: Buffer,
  upstream: Upstream,
): void {
  const up = http.request({
    socketPath: upstream.socketPath,
    path: request.url,
    headers: { ...forwarded(request, upstream), connection: 'Upgrade', upgrade: 'websocket' },
  });
  const drop = () => {
    socket.destroy();
    up.destroy();
  };
  socket.on('error', drop);
  up.on('upgrade', (answer, serverSocket, serverHead) => {
    const lines = ['HTTP/1.1 101 Switching Protocols'];
    for (let i = 0; i < answer.rawHeaders.length; i += 2)
      lines.push(`${answer.rawHeaders[i]}: ${answer.rawHeaders[i + 1]}`);
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    if (serverHead.length > 0) socket.write(serverHead);
    if (head.length > 0) serverSocket.write(head);
    serverSocket.on('error', drop);
    serverSocket.on('close', () => socket.destroy());
    socket.on('close', () => serverSocket.destroy());
    serverSocket.pipe(socket).pipe(serverSocket);
  });
  up.on('response', (answer) => {
    answer.resume();
    socket.end(`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\nconnection: close\r\n\r\n`);
  });
  up.on('error', () =>
    socket.end('HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\n\r\n'),
  );
  up.end();
}
