/** Who looks at one thing, and what they were shown last. */
interface Watched<Value> {
  readonly listeners: Set<Listener<Value>>;
  timer: NodeJS.Timeout | null;
  reading: boolean;
  last: Value | null;
}

interface Listener<Value> {
  value(value: Value): void;
  fail(error: unknown): void;
}

/**
 * Reads something every `intervalMs` while anybody looks at it, once for all who look, and not at all when nobody does.
 * A read that takes longer than the interval is waited for, never queued. `read` gives null when there is nothing to
 * show at the moment; what it throws ends the looking of all.
 */
export class SharedPoll<Value> {
  readonly #intervalMs: number;
  readonly #read: (key: string) => Promise<Value | null>;
  readonly #forget: (key: string) => void;
  readonly #watched = new Map<string, Watched<Value>>();

  constructor(options: {
    intervalMs: number;
    read: (key: string) => Promise<Value | null>;
    /** Nobody looks at it any more. */
    forget?: (key: string) => void;
  }) {
    this.#intervalMs = options.intervalMs;
    this.#read = options.read;
    this.#forget = options.forget ?? (() => undefined);
  }

  /** How many things are being looked at. */
  get size(): number {
    return this.#watched.size;
  }

  /** What is read from now on, the newest value first, until the signal aborts; who is slow misses what came between. */
  async *watch(key: string, signal: AbortSignal): AsyncGenerator<Value, void> {
    let newest: { value: Value } | null = null;
    let failure: { error: unknown } | null = null;
    let wake: () => void = () => undefined;
    const listener: Listener<Value> = {
      value: (value) => {
        newest = { value };
        wake();
      },
      fail: (error) => {
        failure = { error };
        wake();
      },
    };
    const abort = () => wake();
    signal.addEventListener('abort', abort);
    const watched = this.#join(key, listener);
    if (watched.last !== null) newest = { value: watched.last };
    try {
      while (!signal.aborted) {
        const got = take();
        if (got) {
          yield got.value;
          continue;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (newest || failure || signal.aborted) resolve();
        });
      }
    } finally {
      signal.removeEventListener('abort', abort);
      this.#leave(key, listener);
    }

    function take(): { value: Value } | null {
      if (failure) throw failure.error;
      const got = newest;
      newest = null;
      return got;
    }
  }

  #join(key: string, listener: Listener<Value>): Watched<Value> {
    const known = this.#watched.get(key);
    if (known) {
      known.listeners.add(listener);
      return known;
    }
    const watched: Watched<Value> = {
      listeners: new Set([listener]),
      timer: null,
      reading: false,
      last: null,
    };
    this.#watched.set(key, watched);
    watched.timer = setInterval(() => void this.#tick(key, watched), this.#intervalMs);
    void this.#tick(key, watched);
    return watched;
  }

  #leave(key: string, listener: Listener<Value>): void {
    const watched = this.#watched.get(key);
    if (!watched?.listeners.delete(listener) || watched.listeners.size > 0) return;
    this.#end(key, watched);
  }

  #end(key: string, watched: Watched<Value>): void {
    if (watched.timer) clearInterval(watched.timer);
    if (this.#watched.get(key) !== watched) return;
    this.#watched.delete(key);
    this.#forget(key);
  }

  async #tick(key: string, watched: Watched<Value>): Promise<void> {
    if (watched.reading) return;
    watched.reading = true;
    try {
      const value = await this.#read(key);
      watched.last = value;
      if (value !== null) for (const listener of watched.listeners) listener.value(value);
    } catch (error) {
      this.#end(key, watched);
      for (const listener of watched.listeners) listener.fail(error);
    } finally {
      watched.reading = false;
    }
  }
}
