import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AnyTRPCRouter } from '@trpc/server';
import { getWSConnectionHandler } from '@trpc/server/adapters/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Sessions } from '../auth/sessions.ts';
import type { Surroundings } from '../trpc.ts';
import { endSocket } from './end-socket.ts';
import { type Caller, NOBODY, type Transport } from './identify-request.ts';
import { contextOf } from './trpc-http.ts';

const LONGEST_MESSAGE = 1024 * 1024;
/** Bytes that a client may leave unread before it is cut off; it reconnects and reads everything again. */
const MOST_UNREAD = 32 * 1024 * 1024;
const PING_MS = 15_000;
const PONG_MS = 10_000;
/** Close codes of applications begin at 4000. */
const SIGNED_OUT = 4401;
const GOING_AWAY = 1012;

/** tRPC over WebSockets: subscriptions. */
export class TrpcSockets {
  readonly #server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: LONGEST_MESSAGE,
  });
  readonly #callers = new WeakMap<IncomingMessage, { caller: Caller; transport: Transport }>();
  readonly #handle: ReturnType<typeof getWSConnectionHandler<AnyTRPCRouter>>;
  readonly #sessions: Sessions;

  constructor(options: Surroundings & { router: AnyTRPCRouter; sessions: Sessions }) {
    const { router, sessions } = options;
    this.#sessions = sessions;
    this.#handle = getWSConnectionHandler({
      wss: this.#server,
      router,
      createContext: ({ req }) => {
        const known = this.#callers.get(req) ?? nobody;
        return contextOf(req, { ...options, ...known });
      },
      keepAlive: { enabled: true, pingMs: PING_MS, pongWaitMs: PONG_MS },
    });
  }

  accept(
    upgrade: { request: IncomingMessage; socket: Duplex; head: Buffer },
    of: { caller: Caller; transport: Transport },
  ): void {
    const { request, socket, head } = upgrade;
    this.#callers.set(request, of);
    this.#server.handleUpgrade(request, socket, head, (client) => {
      client.on('error', () => client.terminate());
      this.#limitUnread(client);
      const { sessionId } = of.caller;
      if (sessionId !== null) {
        const stop = this.#sessions.watch(sessionId, () => endSocket(client, SIGNED_OUT, 'signed out'));
        client.once('close', stop);
      }
      void this.#handle(client, request);
    });
  }

  /** A client that reads nothing must not fill our memory. */
  #limitUnread(client: WebSocket): void {
    const timer = setInterval(() => {
      if (client.bufferedAmount > MOST_UNREAD) client.terminate();
    }, 1000);
    client.once('close', () => clearInterval(timer));
  }

  /** The server leaves: clients reconnect to the next one. */
  closeAll(): void {
    for (const client of this.#server.clients) endSocket(client, GOING_AWAY, 'the server restarts');
  }
}

const nobody: { caller: Caller; transport: Transport } = { caller: NOBODY, transport: 'web' };
