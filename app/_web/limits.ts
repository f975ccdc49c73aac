import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { networkOf } from './network-of.ts';

/** What one address, and all of them together, may hold of the web process. Times in ms. */
export interface FrontLimits {
  connections: number;
  /** Of an address, or of the /64 of an IPv6 address. */
  connectionsPerAddress: number;
  /** Requests of one connection that wait for their answers. Browsers send the next one when the last is answered. */
  pipelined: number;
  /** Bytes of a request's body. The server itself takes less of most. */
  body: number;
  /** From the connection to its TLS being agreed. */
  handshake: number;
  /** From the first byte of a request to the end of its headers. */
  headers: number;
  /** To the end of its body. */
  request: number;
  /** An answer of which the client took nothing for so long is given up. */
  stall: number;
  /** How often the times are looked at. */
  look: number;
}

export const FRONT_LIMITS: FrontLimits = {
  connections: 4096,
  // a browser holds 6 and one for each terminal; many people may stand behind one address
  connectionsPerAddress: 256,
  pipelined: 4,
  body: 4 * 1024 * 1024,
  handshake: 10_000,
  headers: 20_000,
  request: 60_000,
  stall: 60_000,
  look: 5_000,
};

/** Keep the connections of each address few. `isExempt`: an address that many people stand behind, a proxy. */
export function limitConnections(
  server: Server,
  limits: Pick<FrontLimits, 'connections' | 'connectionsPerAddress'>,
  isExempt: (address: string) => boolean,
): void {
  const held = new Map<string, number>();
  server.maxConnections = limits.connections;
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const network = networkOf(address);
    const count = (held.get(network) ?? 0) + 1;
    if (count > limits.connectionsPerAddress && !isExempt(address)) return void socket.destroy();
    held.set(network, count);
    socket.once('close', () => {
      const left = (held.get(network) ?? 1) - 1;
      if (left > 0) held.set(network, left);
      else held.delete(network);
    });
  });
}

/**
 * Whether a request may be answered: its connection has few that wait. Else the connection is ended: node reads on while answers are
 * outstanding, and each of thousands in one packet would hold a connection to the server.
 */
export function pipelineGuard({
  pipelined,
}: Pick<FrontLimits, 'pipelined'>): (request: IncomingMessage, response: ServerResponse) => boolean {
  const waiting = new WeakMap<Duplex, number>();
  return ({ socket }, response) => {
    const count = (waiting.get(socket) ?? 0) + 1;
    if (count > pipelined) {
      socket.destroy();
      return false;
    }
    waiting.set(socket, count);
    response.once('close', () => waiting.set(socket, (waiting.get(socket) ?? 1) - 1));
    return true;
  };
}

/**
 * End connections whose client takes nothing of an answer for `stall` ms, and those that are kept open for nothing. A request that
 * waits for the server is neither. Node's timer of a socket begins anew with all that goes through, however slowly (net.Socket.setTimeout).
 */
export function endStalled(server: Server, { stall }: Pick<FrontLimits, 'stall'>): void {
  const busy = new WeakSet<Duplex>();
  server.timeout = stall;
  server.on('request', ({ socket }, response) => {
    busy.add(socket);
    response.once('close', () => busy.delete(socket));
  });
  server.on('timeout', (socket) => {
    if (socket.writableLength > 0 || !busy.has(socket)) socket.destroy();
  });
  // node leaves an upgraded socket to whoever took it
  server.on('upgrade', (_request, socket: Socket) => {
    socket.setTimeout(stall, () => {
      if (socket.writableLength > 0) socket.destroy();
    });
  });
}
