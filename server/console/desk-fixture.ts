import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';
import { AppError } from '../errors/app-error.ts';
import { RecordingBook } from '../recording/recording-book.ts';
import type { RecordingView } from '../recording/schema.ts';
import type { TerminalConnection } from '../runtime/port.ts';
import { BackgroundPace } from './background-pace.ts';
import { Client } from './console-fixture.ts';
import type { Newcomer } from './people.ts';
import { Tag } from './protocol.ts';
import { Screen } from './screen.ts';
import { TerminalDesk } from './terminal-desk.ts';

const RING = 1024 * 1024;
const WINDOW = 128 * 1024;

interface Connection {
  sent: number;
  acknowledged: number;
  isOpen: boolean;
  output(offset: number, bytes: Uint8Array): void;
  exit(exit: { status: number | null; signal: string | null }): void;
}

/** A holder as native/core/holder.cc is one: a ring, and connections that are each a window ahead of what they took. */
export class FakeHolder {
  readonly written: Buffer[] = [];
  readonly sizes: [number, number][] = [];
  readonly connections = new Set<Connection>();
  #bytes = Buffer.alloc(0);
  #start = 0;
  #size = { columns: 80, rows: 24 };

  get end(): number {
    return this.#start + this.#bytes.length;
  }

  /** Print at once, whether anybody keeps up or not. */
  print(text: string | Uint8Array): void {
    const all = Buffer.concat([this.#bytes, Buffer.from(text)]);
    this.#start += Math.max(0, all.length - RING);
    this.#bytes = all.subarray(Math.max(0, all.length - RING));
    this.#pump();
  }

  /** Print as a program that is held while its reader is behind. */
  async printPaced(text: Uint8Array): Promise<void> {
    for (let at = 0; at < text.length; at += 16_384) {
      this.print(text.subarray(at, at + 16_384));
      await new Promise((resolve) => setImmediate(resolve));
      while ([...this.connections].some(({ acknowledged }) => this.end - acknowledged >= WINDOW))
        await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  end_(exit: { status: number | null; signal: string | null }): void {
    for (const connection of this.connections) connection.exit(exit);
  }

  attach(from: number | 'tail'): TerminalConnection {
    const nothing = () => undefined;
    const first = from === 'tail' ? this.end : Math.min(this.end, Math.max(this.#start, from));
    const connection: Connection = {
      sent: first,
      acknowledged: first,
      isOpen: true,
      output: nothing,
      exit: nothing,
    };
    this.connections.add(connection);
    const close = () => {
      connection.isOpen = false;
      this.connections.delete(connection);
    };
    return {
      state: { start: this.#start, end: this.end, ...this.#size },
      onOutput: (listener) => {
        connection.output = listener;
        setImmediate(() => this.#pump());
      },
      onExit: (listener) => {
        connection.exit = listener;
      },
      onLost: nothing,
      onDrain: nothing,
      write: (bytes) => this.written.push(Buffer.from(bytes)) > 0,
      resize: (columns, rows) => {
        this.#size = { columns, rows };
        this.sizes.push([columns, rows]);
      },
      acknowledge: (offset) => {
        connection.acknowledged = Math.max(connection.acknowledged, Math.min(offset, connection.sent));
        setImmediate(() => this.#pump());
      },
      hangUp: nothing,
      close,
      [Symbol.asyncDispose]: async () => close(),
    };
  }

  #pump(): void {
    for (const one of this.connections) {
      while (one.isOpen && one.sent < this.end && one.sent - one.acknowledged < WINDOW) {
        one.sent = Math.max(one.sent, this.#start);
        const at = one.sent - this.#start;
        const bytes = Uint8Array.from(this.#bytes.subarray(at, at + 16_384));
        one.sent += bytes.length;
        one.output(one.sent - bytes.length, bytes);
      }
    }
  }
}

/** A browser's terminal: shows what it is sent, and acknowledges it unless told not to. */
export class Browser extends Client {
  readonly screen = new Screen({ columns: 80, rows: 24 });
  /** Offset of the next byte. */
  next = 0;
  /** Bytes that came, and screens. */
  received = 0;
  screens = 0;
  /** Offsets that did not follow on one another. */
  readonly torn: string[] = [];
  takes = true;

  constructor(url: string, from = 0) {
    super(url);
    this.next = from;
    this.socket.on('message', (frame: Buffer) => this.#show(frame));
  }

  #show(frame: Buffer): void {
    if (frame[0] === Tag.size) this.screen.resize(frame.readUInt16LE(1), frame.readUInt16LE(3));
    if (frame[0] !== Tag.output && frame[0] !== Tag.screen) return;
    this.received += frame.length;
    const offset = Number(frame.readBigUInt64LE(1));
    if (frame[0] === Tag.screen) {
      this.screens++;
      this.screen.resize(frame.readUInt16LE(9), frame.readUInt16LE(11));
      this.screen.write(frame.subarray(13));
      this.next = offset;
    } else {
      if (offset !== this.next) this.torn.push(`${this.next} to ${offset}`);
      this.screen.write(frame.subarray(9));
      this.next = offset + frame.length - 9;
    }
    if (this.takes) this.acknowledge(this.next);
  }

  /** Everything that it shows and remembers. */
  get text(): string {
    return Buffer.from(this.screen.image({ lines: 10_000, most: 4_000_000 }).bytes).toString();
  }

  get people(): unknown {
    const last = this.frames.findLast((frame) => frame[0] === Tag.people);
    return last && JSON.parse(last.toString('utf8', 1));
  }

  control(value: object): void {
    this.send(Tag.control, JSON.stringify(value));
  }

  resize(columns: number, rows: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt16LE(columns, 0);
    bytes.writeUInt16LE(rows, 2);
    this.send(Tag.resize, bytes);
  }
}

/** The desk over real sockets and real threads, with terminals that are there by name. */
export async function createDeskFixture({ background = new BackgroundPace() } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'berth-desk-'));
  const path = join(folder, 'sock');
  const holders = new Map<string, FakeHolder>();
  const exits: unknown[] = [];
  const ignore = () => undefined;
  const log = { info: ignore, warn: ignore, error: ignore };
  const newBook = () => new RecordingBook({ dataDir: folder, log, leaveFree: 0 });
  let recordings = newBook();
  await recordings.adopt();
  const newDesk = () =>
    new TerminalDesk({
      folder,
      sleepAfterMs: 1000,
      background,
      runtime: {
        giveBackMemory: async () => undefined,
        attach: async (key, from) => {
          const holder = holders.get('session' in key ? key.session : key.guestId);
          if (!holder) throw new AppError('not_found', 'no such terminal');
          return holder.attach(from);
        },
      },
      log,
      onSessionExit: (session, exit) => exits.push([session, exit]),
      onRecordingEnd: (id) => void recordings.finish(id, 'ended', null),
    });
  const fixture = { desk: newDesk(), newcomer: { account: 'ann', name: 'ann', mayDrive: true } as Newcomer };
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const server = createServer();
  server.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const from = Number(url.searchParams.get('from')) || null;
    const key = url.pathname.startsWith('/console') ? { guestId: 'g1' } : { session: url.pathname.slice(1) };
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.pause();
      const window = { socket: client, newcomer: fixture.newcomer, from, listening: () => client.resume() };
      fixture.desk.join(key, window).catch(() => {
        client.resume();
        client.close(4404);
      });
    });
  });
  server.listen(path);
  await once(server, 'listening');
  const holder = (session: string) => {
    const made = new FakeHolder();
    holders.set(session, made);
    return made;
  };
  return Object.assign(fixture, {
    folder,
    exits,
    holder,
    open: (session: string, from = 0) => new Browser(`ws+unix:${path}:/${session}?from=${from}`, from),
    /** As a server that ends, and one that comes after it. */
    async restart(how: 'ordered' | 'killed'): Promise<RecordingView[]> {
      if (how === 'ordered') {
        await fixture.desk.stop();
        await recordings.stop();
      }
      for (const one of holders.values()) one.connections.clear();
      for (const client of sockets.clients) client.terminate();
      fixture.desk = newDesk();
      await fixture.desk.adopt([...holders.keys()]);
      recordings = newBook();
      return recordings.adopt();
    },
    recordings: () => recordings,
    async [Symbol.asyncDispose]() {
      await fixture.desk.stop();
      await recordings.stop();
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  });
}
