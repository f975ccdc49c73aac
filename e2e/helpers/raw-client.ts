import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import tls from 'node:tls';
import type { BerthInstance } from './berth-instance.ts';

/** ms from one byte to the next of a slow client. */
const BYTE_EVERY = 1000;

/** A client on the web's port that need not behave. */
export interface RawClient {
  /** What it says and hears, inside of TLS. */
  wire: Duplex;
  /** Bytes of TLS that it has taken. */
  taken(): number;
  /** From now on it takes one byte a second off the network, whatever comes. */
  slowDown(): void;
  isEnded(): boolean;
  destroy(): void;
}

/** A connection from an address of this host's own (127.0.0.0/8), so that one client's limit is not all clients'. */
export async function openPlain({ port }: Pick<BerthInstance, 'port'>, from = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  await new Promise((resolve, reject) => socket.once('connect', () => resolve(null)).once('error', reject));
  socket.on('error', () => undefined);
  return socket;
}

/** The same with TLS agreed. */
export async function openRaw(berth: Pick<BerthInstance, 'port'>, from?: string): Promise<RawClient> {
  const plain = await openPlain(berth, from);
  const throttle = new Throttle(plain);
  const wire = tls.connect({ socket: throttle, rejectUnauthorized: false });
  await new Promise((resolve, reject) =>
    wire.once('secureConnect', () => resolve(null)).once('error', reject),
  );
  wire.on('error', () => undefined);
  return {
    wire,
    taken: () => throttle.taken,
    slowDown: () => throttle.slowDown(),
    isEnded: () => plain.destroyed || plain.readableEnded,
    destroy: () => {
      wire.destroy();
      plain.destroy();
    },
  };
}

/** Make it a WebSocket, as our own page does; resolves when the server has said 101. */
export async function upgrade(
  client: RawClient,
  { berth, path, cookie }: { berth: BerthInstance; path: string; cookie: string },
): Promise<void> {
  const key = randomBytes(16).toString('base64');
  client.wire.write(
    [
      `GET ${path} HTTP/1.1`,
      `Host: 127.0.0.1:${berth.port}`,
      `Origin: ${berth.url}`,
      `Cookie: ${cookie}`,
      ...['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
      `Sec-WebSocket-Key: ${key}`,
      '\r\n',
    ].join('\r\n'),
  );
  const said = await new Promise<string>((resolve) => {
    let text = '';
    const hear = (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (text.includes('\r\n')) done();
    };
    const done = () => {
      client.wire.off('data', hear);
      client.wire.off('close', done);
      resolve(text);
    };
    client.wire.on('data', hear);
    client.wire.on('close', done);
  });
  if (!said.startsWith('HTTP/1.1 101 ')) throw new Error(`${path}: ${said.split('\r\n')[0]}`);
  // Frames may have come along; nobody reads them here.
  client.wire.resume();
}

/** A client's frame (RFC 6455): masked, of less than 64 KiB. */
export function clientFrame(payload: Buffer, opcode: 1 | 2): Buffer {
  const mask = randomBytes(4);
  const head =
    payload.length < 126
      ? Buffer.from([0x80 | opcode, 0x80 | payload.length])
      : Buffer.from([0x80 | opcode, 0x80 | 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([head, mask, payload.map((byte, at) => byte ^ (mask[at % 4] ?? 0))]);
}

/** The network below TLS, of which a slow one takes a byte at a time: what it leaves stays with the kernel, and then with who sends. */
class Throttle extends Duplex {
  taken = 0;
  readonly #socket: Socket;
  #timer: NodeJS.Timeout | null = null;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.on('readable', () => this.#take());
    socket.on('end', () => this.push(null));
    socket.on('close', () => {
      if (this.#timer) clearInterval(this.#timer);
      this.destroy();
    });
  }

  slowDown(): void {
    this.#timer ??= setInterval(() => this.#hand(this.#socket.read(1)), BYTE_EVERY);
  }

  #take(): void {
    if (!this.#timer) this.#hand(this.#socket.read());
  }

  #hand(chunk: Buffer | null): void {
    if (chunk === null) return;
    this.taken += chunk.length;
    this.push(chunk);
  }

  override _read(): void {
    this.#take();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
