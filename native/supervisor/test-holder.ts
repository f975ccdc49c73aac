import net from 'node:net';
import { join } from 'node:path';
import { encodeFrame, FrameReader } from '../lib/holder-frames.ts';
import { FileName, FrameTag } from '../protocol/wire.ts';

/** A client of a holder socket. */
export class TestHolder {
  output = '';
  lastOffset = 0n;
  welcome: Buffer | null = null;
  /** `oom-kill 1`. */
  readonly events: string[] = [];
  /** The payload of X. */
  readonly exited: Promise<Buffer>;
  acknowledge = true;
  readonly socket: net.Socket;

  private constructor(socket: net.Socket) {
    this.socket = socket;
    const reader = new FrameReader();
    this.exited = new Promise((resolve, reject) => {
      socket.on('data', (bytes: Buffer) => {
        for (const { tag, payload } of reader.push(bytes)) this.take(tag, payload, resolve);
      });
      socket.on('close', () => reject(new Error('the holder went away without an exit')));
      socket.on('error', reject);
    });
    this.exited.catch(() => undefined);
  }

  /** `allowHalfOpen`: it does not leave when the holder has said its last. */
  static async connect(
    dir: string,
    role: 'monitor' | 'terminal',
    from = 0n,
    { allowHalfOpen = false } = {},
  ): Promise<TestHolder> {
    const socket = net.connect({ path: join(dir, FileName.socket), allowHalfOpen });
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    const holder = new TestHolder(socket);
    const hello = Buffer.alloc(9);
    hello.writeUInt8(role === 'terminal' ? 1 : 0);
    hello.writeBigUInt64LE(from, 1);
    socket.write(encodeFrame(FrameTag.hello, hello));
    return holder;
  }

  private take(tag: number, payload: Buffer, exited: (payload: Buffer) => void): void {
    if (tag === FrameTag.welcome) this.welcome = Buffer.from(payload);
    if (tag === FrameTag.event) this.events.push(payload.subarray(8).toString('utf8'));
    if (tag === FrameTag.exit) exited(Buffer.from(payload));
    if (tag !== FrameTag.output) return;
    this.output += payload.subarray(8).toString('latin1');
    this.lastOffset = payload.readBigUInt64LE(0) + BigInt(payload.length - 8);
    if (this.acknowledge) this.sendAcknowledge();
  }

  sendAcknowledge(): void {
    const offset = Buffer.alloc(8);
    offset.writeBigUInt64LE(this.lastOffset);
    this.socket.write(encodeFrame(FrameTag.acknowledge, offset));
  }

  type(text: string): void {
    this.socket.write(encodeFrame(FrameTag.input, Buffer.from(text)));
  }

  resize(columns: number, rows: number): void {
    const size = Buffer.alloc(4);
    size.writeUInt16LE(columns);
    size.writeUInt16LE(rows, 2);
    this.socket.write(encodeFrame(FrameTag.resize, size));
  }

  /** What is to become of a guest whose memory is full, or what happens from now on when it is. */
  memory(order: string): void {
    this.socket.write(encodeFrame(FrameTag.memory, Buffer.from(order)));
  }

  stop(force: boolean, timeoutMs: number): void {
    const payload = Buffer.alloc(5);
    payload.writeUInt8(force ? 1 : 0);
    payload.writeUInt32LE(timeoutMs, 1);
    this.socket.write(encodeFrame(FrameTag.stop, payload));
  }
}
