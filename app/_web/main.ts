/**
 * The web process: an unprivileged user with no capability, no database and no secret but the TLS key. It terminates TLS,
 * renders Next's pages and pipes /api/* to the server's unix socket; it decides nothing.
 */
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import next from 'next';
import { isApi, pipeRequest, pipeUpgrade } from './pipe.ts';
import { securityHeaders } from './security-headers.ts';

const { BERTH_ADDRESS = '127.0.0.1', BERTH_PORT = '8443', BERTH_SOCKET = '', BERTH_TLS = '' } = process.env;
if (!BERTH_SOCKET) throw new Error('BERTH_SOCKET is not set: it names the socket of the server');

const dir = path.resolve(import.meta.dirname, '../..');
const { config } = JSON.parse(readFileSync(path.join(dir, '.next/required-server-files.json'), 'utf8'));
process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = JSON.stringify(config);
const app = next({ conf: config, dev: false, dir, hostname: BERTH_ADDRESS, port: Number(BERTH_PORT) });
await app.prepare();
const render = app.getRequestHandler();

function serve(request: http.IncomingMessage, response: http.ServerResponse): void {
  const secure = BERTH_TLS !== '';
  const headers = securityHeaders(request, secure);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (isApi(request.url)) {
    pipeRequest(request, response, { socketPath: BERTH_SOCKET, secure });
    return;
  }
  // Next reads the nonce for its own scripts from here
  request.headers['content-security-policy'] = headers['content-security-policy'];
  void render(request, response);
}

const limits = { maxHeaderSize: 32 * 1024, requestTimeout: 300_000, headersTimeout: 20_000 };
const server = BERTH_TLS
  ? https.createServer(
      {
        ...limits,
        cert: readFileSync(path.join(BERTH_TLS, 'certificate.pem')),
        key: readFileSync(path.join(BERTH_TLS, 'key.pem')),
        minVersion: 'TLSv1.2',
      },
      serve,
    )
  : http.createServer(limits, serve);

server.on('upgrade', (request, socket, head) => {
  if (!isApi(request.url)) return void socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
  pipeUpgrade(request, socket, head, { socketPath: BERTH_SOCKET, secure: BERTH_TLS !== '' });
});
server.on('error', (error) => {
  console.error(`berth web: ${error.message}`);
  process.exit(1);
});
server.listen(Number(BERTH_PORT), BERTH_ADDRESS, () =>
  console.log(`berth web listens on ${BERTH_ADDRESS}:${BERTH_PORT}`),
);

process.once('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeAllConnections();
  setTimeout(() => process.exit(0), 1000).unref();
});
