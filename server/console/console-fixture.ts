import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { vi } from 'vitest';
import { WebSocket } from 'ws';
import { AppError } from '../errors/app-error.ts';
import type { UpgradeRequest } from '../http/create-http.ts';
import { instanceOf } from '../instance/instance.ts';
import type { Actor } from '../platform.ts';
import type { ProjectRecording } from '../recording/schema.ts';
import { FakeRuntime } from '../runtime/fake.ts';
import type { ExecProcess, TerminalConnection } from '../runtime/port.ts';
import { adoptSessions } from './adopt-sessions.ts';
import { Tag, WINDOW } from './protocol.ts';
import { registerConsoleSockets } from './register-console-sockets.ts';
import { type ConsoleServices, createConsoleServices } from './services.ts';

/** A terminal as its holder is: it stays a window ahead of what was acknowledged, and no more. */
export class FakeTerminal implements TerminalConnection {
  state = { start: 0, end: 0, columns: 80, rows: 24 };
  readonly written: Buffer[] = [];
  readonly sizes: [number, number][] = [];
  acknowledged = 0;
  sent = 0;
  /** How far the program behind it would like to print. */
  wanted = 0;
  closed = false;
  /** Whether it takes its input at once. */
  hungry = true;
  drain: () => void = () => undefined;
  #output: (offset: number, bytes: Uint8Array) => void = () => undefined;
  #exit: (exit: { status: number | null; signal: string | null }) => void = () => undefined;
  #lost: () => void = () => undefined;

  /** The byte at an offset of what it prints. */
  static byteAt(offset: number): number {
    return (offset * 7 + (offset >> 8)) & 0xff;
  }

  print(bytes: number): void {
    this.wanted += bytes;
    this.#pump();
  }

  #pump(): void {
    while (!this.closed && this.sent < this.wanted && this.sent < this.acknowledged + WINDOW) {
      const from = this.sent;
      const length = Math.min(65_536, this.wanted - from, this.acknowledged + WINDOW - from);
      this.sent += length;
      const bytes = Buffer.allocUnsafe(length);
      for (let i = 0; i < length; i++) bytes[i] = FakeTerminal.byteAt(from + i);
      this.#output(from, bytes);
    }
  }

  end(exit: { status: number | null; signal: string | null }): void {
    this.#exit(exit);
  }
  lose(): void {
    this.#lost();
  }
  onOutput(listener: (offset: number, bytes: Uint8Array) => void): void {
    this.#output = listener;
    queueMicrotask(() => this.#pump());
  }
  onExit(listener: (exit: { status: number | null; signal: string | null }) => void): void {
    this.#exit = listener;
  }
  onLost(listener: () => void): void {
    this.#lost = listener;
  }
  write(bytes: Uint8Array): boolean {
    this.written.push(Buffer.from(bytes));
    return this.hungry;
  }
  onDrain(listener: () => void): void {
    this.drain = listener;
  }
  resize(columns: number, rows: number): void {
    this.sizes.push([columns, rows]);
  }
  acknowledge(offset: number): void {
    this.acknowledged = offset;
    queueMicrotask(() => this.#pump());
  }
  hangUp(): void {
    this.closed = true;
  }
  close(): void {
    this.closed = true;
  }
  async [Symbol.asyncDispose](): Promise<void> {
    this.closed = true;
  }
}

/** Wait until it holds; a shared machine may take its time. */
export function eventually(assertion: () => void): Promise<void> {
  return vi.waitFor(assertion, { timeout: 4500, interval: 10 });
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Terminals by session or guest, and commands that run here, as children of the test. */
class ConsoleRuntime extends FakeRuntime {
  readonly terminals = new Map<string, FakeTerminal>();
  readonly children: Child[] = [];
  readonly attachedFrom: (number | 'tail')[] = [];

  override async openSession(spec: { session: string; guestId: string }): Promise<void> {
    this.sessions.set(spec.session, spec.guestId);
  }

  override attach(...[terminal, from]: Parameters<FakeRuntime['attach']>): Promise<TerminalConnection> {
    const found = this.terminals.get('session' in terminal ? terminal.session : terminal.guestId);
    this.attachedFrom.push(from);
    // These terminals have room for one connection: nobody follows them unasked.
    if (!found || from === 'tail') return Promise.reject(new AppError('not_found', 'no such terminal'));
    return Promise.resolve(found);
  }

  override exec(...[spec]: Parameters<FakeRuntime['exec']>): Promise<ExecProcess> {
    const [file = '', ...args] = spec.command;
    const child: Child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.children.push(child);
    return Promise.resolve({
      stdin: child.stdin,
      stdout: child.stdout,
      stderr: child.stderr,
      exit: once(child, 'exit').then(([status, signal]) => ({ status, signal })),
      kill: (signal: NodeJS.Signals) => void child.kill(signal),
    });
  }
}

/** A browser's end of a socket, which keeps all that it was sent. */
export class Client {
  readonly socket: WebSocket;
  readonly frames: Buffer[] = [];
  readonly opened: Promise<void>;
  readonly closed: Promise<{ code: number; reason: string }>;

  constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.on('error', () => undefined);
    this.socket.on('message', (data: Buffer) => this.frames.push(data));
    this.opened = new Promise((resolve) => this.socket.once('open', resolve));
    this.closed = new Promise((resolve) => {
      this.socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  send(tag: number, bytes: Uint8Array | string = ''): void {
    this.socket.send(Buffer.concat([Buffer.of(tag), Buffer.from(bytes)]));
  }

  /** The payloads of all frames of a tag so far, joined; `skip` leaves out the head of each. */
  payload(tag: number, skip = 0): Buffer {
    return Buffer.concat(
      this.frames.filter((frame) => frame[0] === tag).map((frame) => frame.subarray(1 + skip)),
    );
  }

  acknowledge(offset: number): void {
    const frame = Buffer.alloc(8);
    frame.writeBigUInt64LE(BigInt(offset));
    this.send(Tag.acknowledge, frame);
  }
}

export interface ConsoleFixture extends AsyncDisposable {
  runtime: ConsoleRuntime;
  services: ConsoleServices;
  /** Who the front says is there, from the next socket on. */
  caller: { actor: Actor | null; sessionId: string | null };
  /** The guest is privileged from now on: only root may enter. */
  forbidden: boolean;
  /** Users may only watch from now on. */
  watchOnly: boolean;
  /** What guests were told to be: always recorded, or not. */
  recorded: Map<string, boolean>;
  /** The project that the guest is in. */
  project: string;
  /** What projects say of recording. */
  teams: Map<string, ProjectRecording>;
  /** What the server wrote into the audit by itself. */
  audited: Parameters<ConsoleServices['audit']['write']>[0][];
  /** End a login. */
  revoke(login: string): void;
  closeAll(): void;
  open(path: string): Client;
}

/** The WebSocket side of consoles over a real unix socket, with one running guest `g1` named `web`. */
export async function createConsoleFixture(): Promise<ConsoleFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-console-'));
  const path = join(folder, 'sock');
  const runtime = new ConsoleRuntime();
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const instance = { ...instanceOf({ slot: 11, id: '0'.repeat(32), dataDir: folder }), runDir: folder };
  const platform = { runtime, log, instance };
  const guests = {
    find: (ref: string) =>
      ref === 'g1' || ref === 'web'
        ? Promise.resolve({ id: 'g1', name: 'web', state: 'running' as const, project: fixture.project })
        : Promise.reject(new AppError('not_found', `there is no guest ${ref}`)),
    requireEntry: async ({ kind }: Actor) => {
      if (fixture.forbidden && kind === 'user') throw new AppError('forbidden', 'this guest is privileged');
    },
    isThere: (id: string) => id === 'g1',
    rightsOn: async ({ kind }: Actor, id: string) =>
      id !== 'g1'
        ? null
        : {
            mayWatch: kind !== 'user' || !fixture.forbidden,
            mayDrive: kind !== 'user' || !(fixture.forbidden || fixture.watchOnly),
          },
    mayDrive: async ({ kind }: Actor) => kind !== 'user' || !fixture.watchOnly,
    mayDriveAll: async ({ kind }: Actor) => kind !== 'user' || !fixture.watchOnly,
    running: () => ['g1'],
    mayEnterAll: async ({ kind }: Actor) => kind !== 'user',
    recordingOf: (project: string) => fixture.teams.get(project) ?? null,
    mayManageProjects: async ({ kind }: Actor) => kind !== 'user',
    tellRecorded: (id: string, always: boolean) => void fixture.recorded.set(id, always),
  };
  const services = createConsoleServices({
    ...{ platform, guests },
    audit: { write: async (record) => void fixture.audited.push(record) },
  });
  await adoptSessions(services);
  await services.recordings.adopt();
  const root: ConsoleFixture['caller'] = { actor: { kind: 'root' }, sessionId: null };
  const fixture = {
    ...{ caller: root, forbidden: false, watchOnly: false, recorded: new Map<string, boolean>() },
    ...{ project: 'default', teams: new Map<string, ProjectRecording>() },
    audited: [] as ConsoleFixture['audited'],
  };
  const handlers = new Map<string, (upgrade: UpgradeRequest) => void>();
  const ends = new Map<string, () => void>();
  const sockets = registerConsoleSockets({
    http: { registerUpgrade: (at, handler) => void handlers.set(at, handler) },
    services,
    logins: {
      watch: (login, onEnd) => {
        ends.set(login, onEnd);
        return () => void ends.delete(login);
      },
    },
  });
  const server = createServer();
  server.on('upgrade', (request, socket, head) => {
    handlers.get((request.url ?? '').split('?')[0] ?? '')?.({ request, socket, head, ...fixture.caller });
  });
  server.listen(path);
  await once(server, 'listening');
  return Object.assign(fixture, {
    runtime,
    services,
    revoke: (login: string) => ends.get(login)?.(),
    closeAll: () => sockets.closeAll(),
    open: (at: string) => new Client(`ws+unix:${path}:${at}`),
    async [Symbol.asyncDispose]() {
      sockets.closeAll();
      await services.desk.stop();
      await services.recordings.stop();
      for (const child of runtime.children) child.kill('SIGKILL');
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  });
}
