/**
 * The web process: an unprivileged user with no capability, no database and no secret but the TLS key. It terminates TLS,
 * renders Next's pages and pipes /api/* to the server's unix socket; it decides nothing.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import next from 'next';
import { trustOf } from './client-address.ts';
import { createFront } from './create-front.ts';

const { BERTH_ADDRESS = '127.0.0.1', BERTH_PORT = '8443', BERTH_SOCKET = '', BERTH_TLS = '' } = process.env;
const { BERTH_TRUSTED_PROXIES = '' } = process.env;
if (!BERTH_SOCKET) throw new Error('BERTH_SOCKET is not set: it names the socket of the server');

const dir = path.resolve(import.meta.dirname, '../..');
const { config } = JSON.parse(readFileSync(path.join(dir, '.next/required-server-files.json'), 'utf8'));
process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = JSON.stringify(config);
const app = next({ conf: config, dev: false, dir, hostname: BERTH_ADDRESS, port: Number(BERTH_PORT) });
await app.prepare();

const server = createFront({
  socketPath: BERTH_SOCKET,
  tls: BERTH_TLS
    ? {
        cert: readFileSync(path.join(BERTH_TLS, 'certificate.pem')),
        key: readFileSync(path.join(BERTH_TLS, 'key.pem')),
      }
    : null,
  render: app.getRequestHandler(),
  isProxy: trustOf(BERTH_TRUSTED_PROXIES),
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
