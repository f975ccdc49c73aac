import http from 'node:http';
import https from 'node:https';
import { dropInternalHeaders, type Refusal, refusalOf } from './check-request.ts';
import { endStalled, FRONT_LIMITS, type FrontLimits, limitConnections, pipelineGuard } from './limits.ts';
import { isApi, pipeRequest, pipeUpgrade } from './pipe.ts';
import { securityHeaders } from './security-headers.ts';

export interface FrontOptions {
  /** The server's unix socket. */
  socketPath: string;
  /** Null: plain HTTP. */
  tls: { cert: Buffer; key: Buffer } | null;
  /** Answers what is not for the server: a page. */
  render(request: http.IncomingMessage, response: http.ServerResponse): unknown;
  /** Whether an address is a proxy that may say whose request it hands on. */
  isProxy(address: string): boolean;
  limits?: FrontLimits;
}

function refuse(request: http.IncomingMessage, response: http.ServerResponse, refusal: Refusal): void {
  // what else it sends is not read: the connection ends with the answer
  response.writeHead(refusal.status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(`${refusal.message}\n`, () => request.socket.destroySoon());
}

/** The server that faces the network: its limits, the headers of every answer, and who answers. It decides nothing. */
export function createFront(options: FrontOptions): http.Server {
  const { tls, render, isProxy, limits = FRONT_LIMITS } = options;
  const secure = tls !== null;
  const upstream = { socketPath: options.socketPath, secure, isProxy, longestBody: limits.body };

  const mayWait = pipelineGuard(limits);

  function serve(request: http.IncomingMessage, response: http.ServerResponse): void {
    if (!mayWait(request, response)) return;
    const headers = securityHeaders(request, secure);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const api = isApi(request.url);
    const refusal = refusalOf(request, { api, longestBody: limits.body });
    if (refusal !== null) {
      refuse(request, response, refusal);
    } else if (api) {
      pipeRequest(request, response, upstream);
    } else {
      dropInternalHeaders(request.headers);
      // Next reads the nonce for its own scripts from here
      request.headers['content-security-policy'] = headers['content-security-policy'];
      void render(request, response);
    }
  }

  const settings: http.ServerOptions = {
    maxHeaderSize: 32 * 1024,
    headersTimeout: limits.headers,
    requestTimeout: limits.request,
    connectionsCheckingInterval: limits.look,
    // what says two lengths, or a length and chunks, is refused (request smuggling)
    insecureHTTPParser: false,
  };
  const server = tls
    ? https.createServer(
        { ...settings, ...tls, minVersion: 'TLSv1.2', handshakeTimeout: limits.handshake },
        serve,
      )
    : http.createServer(settings, serve);
  limitConnections(server, limits, isProxy);
  endStalled(server, limits);
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const api = isApi(request.url);
    const refusal = api ? refusalOf(request, { api, longestBody: 0 }) : { status: 404, message: '' };
    if (refusal !== null)
      return void socket.end(`HTTP/1.1 ${refusal.status} Refused\r\nconnection: close\r\n\r\n`);
    pipeUpgrade(request, socket, head, upstream);
  });
  return server;
}
