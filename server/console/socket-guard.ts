import type { WebSocket } from 'ws';

/** How often logins are looked at, ms: a revoked one loses its terminals within a second. */
const CHECK_MS = 500;
/** How often a quiet client is asked whether it is there, ms. */
const PING_MS = 10_000;
/** A client that gave no sign of life for so long, ms, is gone (half-open after a lost network). */
const SILENCE_MS = 60_000;
/** How long a client has to answer our close, ms. */
const CLOSE_GRACE_MS = 250;

/** Whether a login (the id of a user's session) is still good. */
export type LoginCheck = (login: string) => Promise<boolean>;

interface Guarded {
  socket: WebSocket;
  login: string | null;
  heardAt: number;
  pingedAt: number;
  pending: number;
}

/** Watches every open terminal: ends those whose login was revoked, and those whose client is gone. */
export class SocketGuard {
  readonly #isLive: LoginCheck;
  readonly #guarded = new Set<Guarded>();
  #timer: NodeJS.Timeout | null = null;

  constructor(isLive: LoginCheck) {
    this.#isLive = isLive;
  }

  /** How many sockets are open. */
  get size(): number {
    return this.#guarded.size;
  }

  add(socket: WebSocket, login: string | null): void {
    const now = performance.now();
    const guarded: Guarded = { socket, login, heardAt: now, pingedAt: now, pending: 0 };
    const heard = () => {
      guarded.heardAt = performance.now();
    };
    socket.on('pong', heard);
    socket.on('message', heard);
    // Without a listener an error of one socket would end the server.
    socket.on('error', () => socket.terminate());
    socket.once('close', () => {
      this.#guarded.delete(guarded);
      if (this.#guarded.size === 0) this.#stop();
    });
    this.#guarded.add(guarded);
    this.#timer ??= setInterval(() => void this.#tick(), CHECK_MS);
  }

  /** Close every socket (the server ends): 1012, the client comes back. */
  closeAll(): void {
    for (const { socket } of this.#guarded) end(socket, 1012, 'the server restarts');
  }

  async #tick(): Promise<void> {
    for (const guarded of this.#guarded) this.#watch(guarded, performance.now());
    const logins = new Set([...this.#guarded].map((one) => one.login).filter((login) => login !== null));
    await Promise.all(
      [...logins].map(async (login) => {
        // A database that is away revokes nobody; the next tick asks again.
        if (await this.#isLive(login).catch(() => true)) return;
        for (const { socket, login: own } of this.#guarded)
          if (own === login) end(socket, 4401, 'signed out');
      }),
    );
  }

  #watch(guarded: Guarded, now: number): void {
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

  #stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }
}

/** Close with a word, and cut it off when the client does not answer. */
function end(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason);
  const timer = setTimeout(() => socket.terminate(), CLOSE_GRACE_MS);
  socket.once('close', () => clearTimeout(timer));
}
