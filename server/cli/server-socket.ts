import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';

/** Frames of the terminal protocol are at most 64 KiB and a header; more at once is not ours. */
const MAX_PAYLOAD = 4 * 1024 * 1024;
const Opcode = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
const FINAL = 0x80;
const MASKED = 0x80;
const NO_CODE = 1005; // RFC 6455, 7.4.1: a close frame without one
const LOST = 1006; // no close frame
const TOO_LARGE = 1009;

interface Events {
  message: [data: Buffer];
  close: [code: number, reason: string];
}

/**
 * A client's end of a WebSocket (RFC 6455) on the admin socket, after its handshake. Written out over node:net because
 * loading a library, which needs node:http and node:crypto, takes as long as all the rest of a short command. Tells
 * nothing before `resume`.
 */
export class ServerSocket extends EventEmitter<Events> {
  readonly #socket: Socket;
  #unread: Buffer;
  /** Of a message that comes in several frames. */
  #parts: Buffer[] = [];
  #open = true;

  /** `early`: what came behind the answer to the handshake. */
  constructor(socket: Socket, early: Buffer) {
    super();
    this.#socket = socket;
    this.#unread = early;
    // An error is followed by close.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#end(LOST, ''));
  }

  get isOpen(): boolean {
    return this.#open;
  }

  send(data: string | Uint8Array): void {
    const opcode = typeof data === 'string' ? Opcode.text : Opcode.binary;
    this.#write(opcode, typeof data === 'string' ? Buffer.from(data) : data);
  }

  /** Begin to tell what comes. */
  resume(): void {
    this.#socket.on('data', (bytes: Buffer) => {
      this.#unread = this.#unread.length === 0 ? bytes : Buffer.concat([this.#unread, bytes]);
      this.#readAll();
    });
    this.#readAll();
    this.#socket.resume();
  }

  terminate(): void {
    this.#socket.destroy();
  }

  /** A client must mask what it sends, lest a proxy take it for a request; with nobody in between the mask is zeros. */
  #write(opcode: number, payload: Uint8Array): void {
    if (!this.#open || !this.#socket.writable) return;
    const { length } = payload;
    const wide = length < 126 ? 0 : length < 0x1_0000 ? 2 : 8;
    const head = Buffer.alloc(2 + wide + 4);
    head[0] = FINAL | opcode;
    head[1] = MASKED | (wide === 0 ? length : wide === 2 ? 126 : 127);
    if (wide === 2) head.writeUInt16BE(length, 2);
    if (wide === 8) head.writeBigUInt64BE(BigInt(length), 2);
    this.#socket.cork();
    this.#socket.write(head);
    this.#socket.write(payload);
    this.#socket.uncork();
  }

  #readAll(): void {
    while (this.#open && this.#readOne());
  }

  /** False when there is no whole frame. */
  #readOne(): boolean {
    const bytes = this.#unread;
    const [first = 0, second = 0] = bytes;
    const wide = second === 126 ? 2 : second === 127 ? 8 : 0;
    const start = 2 + wide;
    if (bytes.length < start) return false;
    const length =
      wide === 0 ? second : wide === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    if (length > MAX_PAYLOAD) {
      this.#end(TOO_LARGE, `the server sent ${length} bytes at once`);
      this.terminate();
      return false;
    }
    if (bytes.length < start + length) return false;
    this.#unread = bytes.subarray(start + length);
    this.#take(first, bytes.subarray(start, start + length));
    return true;
  }

  #take(first: number, payload: Buffer): void {
    const opcode = first & 0x0f;
    if (opcode === Opcode.ping) this.#write(Opcode.pong, payload);
    else if (opcode === Opcode.close) this.#closed(payload);
    else if (opcode !== Opcode.pong) this.#gather(first, payload);
  }

  #closed(payload: Buffer): void {
    this.#write(Opcode.close, payload.subarray(0, 2));
    this.#end(payload.length < 2 ? NO_CODE : payload.readUInt16BE(0), payload.toString('utf8', 2));
    this.#socket.end();
  }

  #gather(first: number, payload: Buffer): void {
    this.#parts.push(payload);
    if ((first & FINAL) === 0) return;
    const [only] = this.#parts;
    const message = this.#parts.length === 1 && only ? only : Buffer.concat(this.#parts);
    this.#parts = [];
    this.emit('message', message);
  }

  #end(code: number, reason: string): void {
    if (!this.#open) return;
    this.#open = false;
    this.emit('close', code, reason);
  }
}
