import { WebSocketServer } from 'ws';
import type { Http, UpgradeRequest } from '../http/create-http.ts';
import { acceptExec } from './accept-exec.ts';
import { acceptTerminal } from './accept-terminal.ts';
import { acceptUpload } from './accept-upload.ts';
import type { ConsoleServices } from './services.ts';
import { type LoginWatch, SocketGuard } from './socket-guard.ts';

/** Bytes of one message from a client: a large paste comes in pieces. */
const LONGEST_MESSAGE = 1024 * 1024;

export interface ConsoleSockets {
  /** The server ends: clients come back to the next one. */
  closeAll(): void;
}

/**
 * Serve `/api/console?ticket=…&from=…&view=…`, `/api/exec?ticket=…` and `/api/upload?ticket=…`. The front has checked origin and session; the
 * ticket is checked here, against the same session. The socket opens in any case, so that a browser learns why it is closed.
 */
export function registerConsoleSockets(options: {
  http: Pick<Http, 'registerUpgrade'>;
  services: ConsoleServices;
  logins: LoginWatch;
}): ConsoleSockets {
  const { http, services, logins } = options;
  const guard = new SocketGuard(logins);
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: LONGEST_MESSAGE,
  });

  function accept({ request, socket, head, actor, sessionId }: UpgradeRequest): void {
    const url = new URL(request.url ?? '/', 'http://localhost');
    server.handleUpgrade(request, socket, head, (client) => {
      guard.add(client, sessionId);
      if (actor === null) {
        client.close(4401, 'nobody is signed in');
        return;
      }
      const ticket = url.searchParams.get('ticket') ?? '';
      const holder = { actor, login: sessionId };
      if (url.pathname === '/api/exec') void acceptExec(services, client, { ticket, holder });
      else if (url.pathname === '/api/upload') void acceptUpload(services, client, { ticket, holder });
      else {
        const [from, view] = [url.searchParams.get('from'), url.searchParams.get('view')];
        void acceptTerminal(services, client, { ticket, holder, from, view });
      }
    });
  }

  http.registerUpgrade('/api/console', accept);
  http.registerUpgrade('/api/exec', accept);
  http.registerUpgrade('/api/upload', accept);
  return { closeAll: () => guard.closeAll() };
}
