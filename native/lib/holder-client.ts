import { EventEmitter } from 'node:events';
import { connect, type Socket } from 'node:net';
import { constants } from 'node:os';
import { ExitKind, FROM_TAIL, FrameTag, Role } from '../protocol/wire.ts';
import { encodeFrame, FrameReader } from './holder-frames.ts';
import { NativeError } from './native-error.ts';

/** What the ring holds and how large the terminal is: bytes [start, end) of the stream. */
export interface HolderWelcome {
  start: number;
  end: number;
  columns: number;
  rows: number;
  /** Of init or of the shell, on the host. */
  pid: number;
}

export interface HolderExit {
  status: number | null;
  /** `SIGKILL`; null when it exited by itself. */
  signal: string | null;
  outOfMemory: boolean;
  at: string;
}

/** What the kernel did to a guest: `oom-kill` with how often, `frozen`. */
export interface HolderEvent {
  kind: string;
  count: number | null;
  at: string;
}

interface HolderEvents {
  output: [offset: number, bytes: Buffer];
  exit: [HolderExit];
  /** To monitors. */
  event: [HolderEvent];
  /** The connection ended without an exit: the holder was killed, or we closed it. */
  lost: [];
  /** The holder refused something; the connection goes on. */
  refused: [NativeError];
  drain: [];
}

/** native/protocol/README.md, frame M. */
export type MemoryOrder = 'kill-one' | 'kill-all' | 'freeze' | 'go-on' | 'kill';

export interface HolderOptions {
  /** `monitor`: only exit and status. `terminal`: output too, from `from` on. */
  role: keyof typeof Role;
  /** Offset of the first byte that is wanted; `tail`: only what comes from now on. */
  from?: number | 'tail';
  /** ms that the holder has to answer; null: as long as it takes. Default 5 s. */
  patienceMs?: number | null;
  /** Gives the attempt up. */
  signal?: AbortSignal;
}

/** A holder answers in less than one; one that is stopped by a signal never does, though its socket takes connections. */
const PATIENCE_MS = 5000;

const SIGNAL_NAMES = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));
/** The kernel's first real-time signal (signal(7)); glibc keeps two of them for itself. */
const FIRST_REALTIME = 34;

/**
 * What all connections read into, each until it has told what came. With a buffer of its own for each read Node sets aside 64 KiB and gives back what
 * was not needed, which nothing fits into any more as long as the rest is kept.
 */
const READ = Buffer.allocUnsafeSlow(64 * 1024);

/** `SIGTERM` for 15, `SIGRTMIN+3` for 37. */
export function signalName(number: number): string {
  return (
    SIGNAL_NAMES.get(number) ??
    (number >= FIRST_REALTIME ? `SIGRTMIN+${number - FIRST_REALTIME}` : `SIG${number}`)
  );
}

const u64 = (value: number | bigint): Buffer => {
  const buffer = Buffer.allocUnsafe(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
};

/**
 * A connection to a process that holds a terminal: a guest's supervisor (its console) or `enter session` (a shell).
 * Speaks native/protocol/README.md. Output stops coming once the window is full until it is acknowledged.
 */
export class HolderClient extends EventEmitter<HolderEvents> {
  readonly welcome: HolderWelcome;
  readonly #socket: Socket;
  #ended = false;

  private constructor(socket: Socket, welcome: HolderWelcome) {
    super();
    this.#socket = socket;
    this.welcome = welcome;
  }

  /**
   * Connect and greet. Throws NativeError (ENOENT, ECONNREFUSED: nobody holds it; EPROTO: it is no holder; ETIMEDOUT: it does
   * not answer, ECANCELED: `signal`).
   */
  static connect(path: string, options: HolderOptions): Promise<HolderClient> {
    const { promise, resolve, reject } = Promise.withResolvers<HolderClient>();
    const reader = new FrameReader();
    let client: HolderClient | null = null;
    const read = (length: number) => {
      try {
        const frames = reader.push(READ.subarray(0, length));
        for (let frame = frames.shift(); frame; frame = frames.shift()) {
          const { tag, payload } = frame;
          if (client) {
            client.#receive(tag, payload);
          } else if (tag === FrameTag.welcome) {
            client = new HolderClient(socket, readWelcome(payload));
            resolve(client);
            client.#hold(frames);
            return true;
          } else if (tag === FrameTag.error) {
            reject(readRefusal(payload, path));
          }
        }
      } catch (error) {
        fail(error as NodeJS.ErrnoException);
      }
      return true;
    };
    const socket = connect({ path, onread: { buffer: READ, callback: read } });
    const giveUp = (code: string) => {
      reject(new NativeError({ code, action: 'hear from the holder', path }));
      socket.destroy();
    };
    const { patienceMs = PATIENCE_MS, signal } = options;
    const timer = patienceMs === null ? undefined : setTimeout(giveUp, patienceMs, 'ETIMEDOUT');
    const cancel = () => giveUp('ECANCELED');
    signal?.addEventListener('abort', cancel, { once: true });
    const settled = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
    };
    promise.then(settled, settled);
    const fail = (error: NodeJS.ErrnoException) => {
      reject(
        new NativeError({ code: error.code ?? 'EIO', action: 'connect to the holder', path, cause: error }),
      );
      client?.emit(
        'refused',
        new NativeError({ code: error.code ?? 'EIO', action: 'talk to the holder', path, cause: error }),
      );
      socket.destroy();
    };
    socket.on('connect', () => {
      const from = options.from === undefined || options.from === 'tail' ? FROM_TAIL : options.from;
      socket.write(encodeFrame(FrameTag.hello, Uint8Array.of(Role[options.role]), u64(from)));
    });
    socket.on('error', fail);
    socket.on('drain', () => client?.emit('drain'));
    socket.on('close', () => {
      reject(new NativeError({ code: 'EIO', action: 'hear from the holder', path }));
      if (client) client.#close();
    });
    return promise;
  }

  /** Bytes for the terminal. False: the socket is full, wait for `drain`. */
  write(bytes: Uint8Array): boolean {
    return this.#send(FrameTag.input, bytes);
  }

  resize(columns: number, rows: number): void {
    const size = Buffer.allocUnsafe(4);
    size.writeUInt16LE(columns, 0);
    size.writeUInt16LE(rows, 2);
    this.#send(FrameTag.resize, size);
  }

  /** All output before `offset` has been shown. */
  acknowledge(offset: number): void {
    this.#send(FrameTag.acknowledge, u64(offset));
  }

  /** Ask init (or the shell: hang up) to stop, kill after the limit (ms), or kill at once. The exit comes as `exit`. */
  stop(options: { force: boolean; timeoutMs: number }): void {
    const payload = Buffer.allocUnsafe(5);
    payload.writeUInt8(options.force ? 1 : 0, 0);
    payload.writeUInt32LE(options.timeoutMs, 1);
    this.#send(FrameTag.stop, payload);
  }

  /** To a guest's supervisor: what happens when memory runs out, or what becomes of a guest whose memory is full. */
  memory(order: MemoryOrder): void {
    this.#send(FrameTag.memory, Buffer.from(order));
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Who has told the exit listens no more. */
  #send(tag: number, payload: Uint8Array): boolean {
    return !this.#socket.writable || this.#socket.write(encodeFrame(tag, payload));
  }

  /** Who waits for the connection adds its listeners first: what came together with the welcome comes after that. */
  #hold(frames: readonly { tag: number; payload: Buffer }[]): void {
    this.#socket.pause();
    const held = frames.map(({ tag, payload }) => ({ tag, payload: Buffer.from(payload) }));
    setImmediate(() => {
      for (const { tag, payload } of held) this.#receive(tag, payload);
      this.#socket.resume();
    });
  }

  #receive(tag: number, payload: Buffer): void {
    if (tag === FrameTag.output) {
      this.emit('output', Number(payload.readBigUInt64LE(0)), payload.subarray(8));
    } else if (tag === FrameTag.exit) {
      this.#ended = true;
      this.emit('exit', readExit(payload));
    } else if (tag === FrameTag.event) {
      this.emit('event', readEvent(payload));
    } else if (tag === FrameTag.error) {
      this.emit('refused', readRefusal(payload, ''));
    }
  }

  #close(): void {
    if (!this.#ended) this.emit('lost');
    this.#ended = true;
  }
}

function readWelcome(payload: Buffer): HolderWelcome {
  return {
    start: Number(payload.readBigUInt64LE(0)),
    end: Number(payload.readBigUInt64LE(8)),
    columns: payload.readUInt16LE(16),
    rows: payload.readUInt16LE(18),
    pid: payload.readUInt32LE(20),
  };
}

function readExit(payload: Buffer): HolderExit {
  const signalled = payload.readUInt8(0) === ExitKind.signalled;
  const value = payload.readInt32LE(1);
  return {
    status: signalled ? null : value,
    signal: signalled ? signalName(value) : null,
    outOfMemory: payload.readUInt8(5) === 1,
    at: new Date(Number(payload.readBigUInt64LE(6))).toISOString(),
  };
}

function readEvent(payload: Buffer): HolderEvent {
  const [kind = '', count] = payload.subarray(8).toString('utf8').split(' ');
  return {
    kind,
    count: count === undefined ? null : Number(count),
    at: new Date(Number(payload.readBigUInt64LE(0))).toISOString(),
  };
}

const ERRNO_NAMES = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]));

/** `ENOENT` for 2 (errno(3)). */
export function errnoName(number: number): string {
  return ERRNO_NAMES.get(number) ?? `errno ${number}`;
}

function readRefusal(payload: Buffer, path: string): NativeError {
  return new NativeError({
    code: errnoName(payload.readInt32LE(0)),
    action: payload.subarray(4).toString('utf8'),
    path,
  });
}
