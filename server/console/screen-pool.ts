import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Log } from '../platform.ts';
import type { ScreenImage } from './screen.ts';
import type { FromScreens, ToScreens } from './screen-messages.ts';

/** Threads at the most: parsing is 10 to 30 MB/s in each, and guests need the cores. */
const MOST_THREADS = 4;
/** JavaScript heap of a thread, MiB; cells lie outside of it and are bounded per screen. */
const HEAP_MIB = 1024;

/** Output that is sent to a thread together, bytes, and how often while it is still at work on what came before. */
const ENOUGH = 32 * 1024;
const UNDER_WAY_MOST = 2;

/** A screen in another thread. After `close` or `onLost` nothing is told any more. */
export interface ScreenHandle {
  /** `end`: the offset behind the bytes, which nobody may change afterwards. */
  write(bytes: Uint8Array, end: number): void;
  resize(columns: number, rows: number): void;
  /** The state as of some offset that has been written; null when the thread is lost or the screen closed. */
  image(limits: { lines: number; most: number }): Promise<{ image: ScreenImage; end: number } | null>;
  close(): void;
}

export interface ScreenListener {
  /** All output before `end` is worked off. */
  onShown(end: number, title: string): void;
  /** The thread died (out of memory): the screen is gone. */
  onLost(): void;
}

interface Held {
  listener: ScreenListener;
  /** Bytes that the thread has not been sent yet, and the offset behind them. */
  waiting: { parts: Uint8Array[]; size: number; end: number };
  /** Writes that it has been sent and has not worked off. */
  underWay: number;
  /** It has worked off one. */
  onShown(): void;
  requests: Map<number, (answer: { image: ScreenImage; end: number } | null) => void>;
}

interface Thread {
  worker: Worker;
  held: Map<number, Held>;
}

/** Threads that keep screens: none before the first screen, and none after the last one has closed. */
export class ScreenPool {
  readonly #log: Log;
  readonly #most: number;
  readonly #onFreed: () => void;
  readonly #threads = new Set<Thread>();
  #ids = 0;

  /** `onFreed`: screens have folded up, or the last thread has ended with all that it kept. */
  constructor(
    log: Log,
    {
      most = Math.max(1, Math.min(MOST_THREADS, availableParallelism() - 1)),
      onFreed = () => undefined,
    }: { most?: number; onFreed?: () => void } = {},
  ) {
    this.#log = log;
    this.#most = most;
    this.#onFreed = onFreed;
  }

  get threads(): number {
    return this.#threads.size;
  }

  open(size: { columns: number; rows: number }, listener: ScreenListener): ScreenHandle {
    const thread = this.#leastBusy();
    const id = ++this.#ids;
    const held: Held = {
      listener,
      waiting: { parts: [], size: 0, end: 0 },
      underWay: 0,
      onShown: () => undefined,
      requests: new Map(),
    };
    thread.held.set(id, held);
    const say = (message: ToScreens, moved: ArrayBuffer[] = []) => {
      if (thread.held.get(id) === held) thread.worker.postMessage(message, moved);
    };
    say({ type: 'open', id, ...size });
    const flush = () => {
      const { parts, size: length } = held.waiting;
      if (length === 0) return;
      // A view would be copied with all that lies beside it.
      const own = new Uint8Array(length);
      let at = 0;
      for (const part of parts) {
        own.set(part, at);
        at += part.length;
      }
      held.waiting = { parts: [], size: 0, end: held.waiting.end };
      held.underWay += 1;
      say({ type: 'write', id, bytes: own, end: held.waiting.end }, [own.buffer]);
    };
    held.onShown = () => {
      held.underWay -= 1;
      if (held.underWay === 0) flush();
    };
    return {
      write: (bytes, end) => {
        held.waiting.parts.push(bytes);
        held.waiting.size += bytes.length;
        held.waiting.end = end;
        // A message costs more than its bytes: what comes while the thread is at work goes there together.
        if (held.underWay === 0 || (held.underWay < UNDER_WAY_MOST && held.waiting.size >= ENOUGH)) flush();
      },
      resize: (columns, rows) => {
        flush();
        say({ type: 'resize', id, columns, rows });
      },
      image: ({ lines, most }) => {
        if (thread.held.get(id) !== held) return Promise.resolve(null);
        const request = ++this.#ids;
        return new Promise((resolve) => {
          held.requests.set(request, resolve);
          flush();
          say({ type: 'image', id, request, lines, most });
        });
      },
      close: () => {
        say({ type: 'close', id });
        this.#release(thread, id);
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const threads = [...this.#threads];
    for (const thread of threads) this.#end(thread, false);
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  }

  #leastBusy(): Thread {
    let best: Thread | null = null;
    for (const thread of this.#threads) if (!best || thread.held.size < best.held.size) best = thread;
    if (best && (best.held.size === 0 || this.#threads.size >= this.#most)) return best;
    return this.#start();
  }

  #start(): Thread {
    const worker = new Worker(new URL('./screen-thread.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB },
      // What the server was told of secrets is nothing to a thread that reads guests' bytes.
      env: {},
    });
    const thread: Thread = { worker, held: new Map() };
    worker.unref();
    worker.on('message', (message: FromScreens) => this.#hear(thread, message));
    worker.on('error', (error) => {
      this.#log.error('a thread that keeps screens of terminals ended: they are made anew', { error });
      this.#end(thread, true);
    });
    worker.on('exit', () => this.#end(thread, true));
    this.#threads.add(thread);
    return thread;
  }

  #hear(thread: Thread, message: FromScreens): void {
    if (message.type === 'freed') {
      this.#onFreed();
      return;
    }
    const held = thread.held.get(message.id);
    if (!held) return;
    if (message.type === 'shown') {
      held.onShown();
      held.listener.onShown(message.end, message.title);
    } else {
      held.requests.get(message.request)?.({ image: message.image, end: message.end });
      held.requests.delete(message.request);
    }
  }

  #release(thread: Thread, id: number): void {
    const held = thread.held.get(id);
    thread.held.delete(id);
    for (const resolve of held?.requests.values() ?? []) resolve(null);
    if (thread.held.size > 0 || !this.#threads.has(thread)) return;
    this.#threads.delete(thread);
    void thread.worker.terminate().then(() => {
      if (this.#threads.size === 0) this.#onFreed();
    });
  }

  #end(thread: Thread, isLost: boolean): void {
    if (!this.#threads.delete(thread)) return;
    const all = [...thread.held.values()];
    thread.held.clear();
    for (const { requests, listener } of all) {
      for (const resolve of requests.values()) resolve(null);
      if (isLost) listener.onLost();
    }
  }
}
