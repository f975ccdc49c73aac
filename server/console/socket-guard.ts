import type { WebSocket } from 'ws';
import { endSocket } from '../http/end-socket.ts';

/** How often open sockets are looked at, ms. */
const LOOK_MS = 500;
/** How often a quiet client is asked whether it is there, ms. */
const PING_MS = 10_000;
/** A client that gave no sign of life for so long, ms, is gone (half-open after a lost network). */
const SILENCE_MS = 60_000;

/** Tells of the end of a login; server/auth/sessions.ts has it. */
export interface LoginWatch {
  /** Calls `onEnd` once, within a second of the end. Returns how to stop watching. */
  watch(login: string, onEnd: () => void): () => void;
}

interface Guarded {
  socket: WebSocket;
  heardAt: number;
  pingedAt: number;
  pending: number;
}

/** Watches every open terminal: ends those whose login was revoked, and those whose client is gone. */
export class SocketGuard {
  readonly #logins: LoginWatch;
  readonly #guarded = new Set<Guarded>();
  #timer: NodeJS.Timeout | null = null;

  constructor(logins: LoginWatch) {
    this.#logins = logins;
  }

  /** How many sockets are open. */
  get size(): number {
    return this.#guarded.size;
  }

  /** Guard a socket until it closes; `login` is null for root. */
  add(socket: WebSocket, login: string | null): void {
    const now = performance.now();
    const guarded: Guarded = { socket, heardAt: now, pingedAt: now, pending: 0 };
    const heard = () => {
      guarded.heardAt = performance.now();
    };
    socket.on('pong', heard);
    socket.on('message', heard);
    // Without a listener an error of one socket would end the server.
    socket.on('error', () => socket.terminate());
    const stopWatching =
      login === null ? null : this.#logins.watch(login, () => endSocket(socket, 4401, 'signed out'));
    socket.once('close', () => {
      stopWatching?.();
      this.#guarded.delete(guarded);
      if (this.#guarded.size === 0) this.#stop();
    });
    this.#guarded.add(guarded);
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS);
  }

  /** Close every socket (the server ends): 1012, the client comes back. */
  closeAll(): void {
    for (const { socket } of this.#guarded) endSocket(socket, 1012, 'the server restarts');
  }

  #look(): void {
    const now = performance.now();
    for (const guarded of this.#guarded) watchOne(guarded, now);
  }

  #stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }
}

function watchOne(guarded: Guarded, now: number): void {
  const { socket } = guarded;
  if (socket.readyState !== socket.OPEN) return;
  const pending = socket.bufferedAmount;
  // A slow reader is no dead one: bytes that leave are a sign of life too.
  if (pending < guarded.pending) guarded.heardAt = now;
  guarded.pending = pending;
  if (socket.isPaused) {
    // We do not read it now, so neither its end nor its pong can be seen: only writing tells that it is gone.
    guarded.heardAt = now;
    if (pending === 0) socket.ping();
    return;
  }
  if (now - guarded.heardAt > SILENCE_MS) {
    socket.terminate();
    return;
  }
  if (now - guarded.pingedAt < PING_MS || pending > 0) return;
  guarded.pingedAt = now;
  socket.ping();
}
