import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** What one address, and all of them together, may hold of the web process. Times in ms. */
export interface FrontLimits {
  connections: number;
  connectionsPerAddress: number;
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
    const count = (held.get(address) ?? 0) + 1;
    if (count > limits.connectionsPerAddress && !isExempt(address)) return void socket.destroy();
    held.set(address, count);
    socket.once('close', () => {
      const left = (held.get(address) ?? 1) - 1;
      if (left > 0) held.set(address, left);
      else held.delete(address);
    });
  });
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
