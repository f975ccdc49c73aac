import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AnyTRPCRouter } from '@trpc/server';
import type { Sessions } from '../auth/sessions.ts';
import { AppError } from '../errors/app-error.ts';
import { explainDatabase } from '../errors/explain-database.ts';
import { CALLBACK_PATH } from '../oidc/schema.ts';
import type { Actor } from '../platform.ts';
import type { Surroundings } from '../trpc.ts';
import { refuseUpgrade, sendError, sendJson } from './answer.ts';
import { type AuthServices, handleAuth } from './auth-routes.ts';
import { addressOf, type Caller, identifyRequest, NOBODY, type Transport } from './identify-request.ts';
import { checkOrigin } from './origin-guard.ts';
import { contextOf, handleTrpc, TRPC_PATH } from './trpc-http.ts';
import { TrpcSockets } from './trpc-sockets.ts';

/** A WebSocket that wants to be opened, with who wants it. */
export interface UpgradeRequest {
  request: IncomingMessage;
  socket: Duplex;
  head: Buffer;
  actor: Actor | null;
  /** The session of a user; null for root and for nobody. */
  sessionId: string | null;
}

/** A file that somebody who is signed in wants. */
export interface DownloadRequest {
  /** Without the query. */
  path: string;
  response: ServerResponse;
  actor: Actor;
  transport: Transport;
  /** Of the browser. */
  ip: string;
}

export interface HttpServices extends AuthServices, Surroundings {
  router: AnyTRPCRouter;
  sessions: Sessions;
}

export interface Http {
  /** One node server per socket; main.ts binds them. */
  admin: Server;
  web: Server;
  /** `handler` gets every upgrade to exactly this path (`/api/console`); origin and session are already checked. */
  registerUpgrade(path: string, handler: (upgrade: UpgradeRequest) => void): void;
  /** `handler` answers every GET below this path; it may throw AppError before it has begun to. */
  registerDownload(prefix: string, handler: (request: DownloadRequest) => Promise<void>): void;
  /** Take no more, end open sockets, and resolve when nothing is open. */
  close(): Promise<void>;
}

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Connections of the web process: twice what it takes itself (app/_web/limits.ts), for a hostile one in its place. Descriptors stay
 * for root and for guests.
 */
const MOST_OF_WEB = 8192;

/** Answered also while nobody can be told who asks. */
const DATABASE_STATE = `${TRPC_PATH}/database.state`;

/** A browser that comes back from a provider comes from another site: what it has begun here, its own cookie says (oidc-sign-in.ts). */
const isReturn = ({ method }: IncomingMessage, path: string) => method === 'GET' && path === CALLBACK_PATH;

/** ms that open requests may take at the end. */
const CLOSE_PATIENCE = 2000;

class Front implements Http {
  readonly admin: Server;
  readonly web: Server;
  readonly #services: HttpServices;
  readonly #sockets: TrpcSockets;
  /** Upgraded ones too, which node forgets. */
  readonly #open = new Set<Duplex>();
  readonly #upgrades = new Map<string, (upgrade: UpgradeRequest) => void>();

  readonly #downloads = new Map<string, (request: DownloadRequest) => Promise<void>>();

  constructor(services: HttpServices) {
    this.#services = services;
    this.#sockets = new TrpcSockets(services);
    this.admin = this.#serve('admin');
    this.web = this.#serve('web');
  }

  registerUpgrade(path: string, handler: (upgrade: UpgradeRequest) => void): void {
    this.#upgrades.set(path, handler);
  }

  registerDownload(prefix: string, handler: (request: DownloadRequest) => Promise<void>): void {
    this.#downloads.set(prefix, handler);
  }

  #serve(transport: Transport): Server {
    const server = createServer({ maxHeaderSize: 32 * 1024 }, (request, response) => {
      this.#answer(request, response, transport).catch((thrown: unknown) => {
        const error = explainDatabase(thrown) ?? thrown;
        if (!(error instanceof AppError))
          this.#services.log.error(`${request.method} ${request.url} failed by surprise`, { error });
        sendError(response, error);
      });
    });
    if (transport === 'web') server.maxConnections = MOST_OF_WEB;
    server.on('connection', (socket) => {
      this.#open.add(socket);
      socket.once('close', () => this.#open.delete(socket));
    });
    server.on('upgrade', (request, socket, head) => {
      // Without a listener an error of one socket would end the server.
      socket.on('error', () => socket.destroy());
      this.#upgrade({ request, socket, head }, transport).catch((error: unknown) => {
        if (!(error instanceof AppError))
          this.#services.log.error(`upgrade of ${request.url} failed by surprise`, { error });
        refuseUpgrade(socket, error);
      });
    });
    return server;
  }

  #identify(request: IncomingMessage, transport: Transport): Promise<Caller> {
    return identifyRequest(request, transport, this.#services.sessions);
  }

  async #answer(request: IncomingMessage, response: ServerResponse, transport: Transport): Promise<void> {
    const { env, router } = this.#services;
    const path = (request.url ?? '').split('?')[0] ?? '';
    if (path === '/healthz') return sendJson(response, 200, { ok: true });
    if (transport === 'web' && !isReturn(request, path))
      checkOrigin(request, env, READS.has(request.method ?? '') ? 'read' : 'mutation');
    if (path.startsWith(`${TRPC_PATH}/`)) {
      const caller = path === DATABASE_STATE ? NOBODY : await this.#identify(request, transport);
      return handleTrpc(
        router,
        { request, response },
        contextOf(request, { ...this.#services, caller, transport }),
      );
    }
    if (path.startsWith('/api/auth/')) return handleAuth(this.#services, request, response);
    for (const [prefix, handler] of this.#downloads) {
      if (!path.startsWith(prefix) || request.method !== 'GET') continue;
      const { actor } = await this.#identify(request, transport);
      if (actor === null) throw new AppError('unauthenticated', 'nobody is signed in: sign in first');
      return handler({ path, response, actor, transport, ip: addressOf(request) });
    }
    throw new AppError('not_found', `there is nothing at ${path}`);
  }

  async #upgrade(
    upgrade: { request: IncomingMessage; socket: Duplex; head: Buffer },
    transport: Transport,
  ): Promise<void> {
    const { request } = upgrade;
    const path = (request.url ?? '').split('?')[0] ?? '';
    const handler = this.#upgrades.get(path);
    if (handler === undefined && path !== TRPC_PATH)
      throw new AppError('not_found', `there is no WebSocket at ${path}`);
    if (transport === 'web') checkOrigin(request, this.#services.env, 'socket');
    const caller = await this.#identify(request, transport);
    if (upgrade.socket.destroyed) return;
    if (handler === undefined) this.#sockets.accept(upgrade, { caller, transport });
    else handler({ ...upgrade, actor: caller.actor, sessionId: caller.sessionId });
  }

  async close(): Promise<void> {
    this.#sockets.closeAll();
    const servers = [this.admin, this.web].filter((server) => server.listening);
    const cut = setTimeout(() => {
      for (const socket of this.#open) socket.destroy();
    }, CLOSE_PATIENCE);
    await Promise.all(
      servers.map(
        (server) =>
          new Promise<void>((resolve) => {
            server.close(() => resolve());
            server.closeIdleConnections();
          }),
      ),
    );
    clearTimeout(cut);
  }
}

/** The API on two sockets: procedures, subscriptions, signing in, and whatever registers an upgrade. */
export function createHttp(services: HttpServices): Http {
  return new Front(services);
}
