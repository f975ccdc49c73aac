/** ms for which what the database said counts while it is away. */
export const TRUSTED_MS = 15 * 60_000;
const MOST = 2000;

interface Entry<Value> {
  value: Value;
  /** On a clock that nobody sets. */
  at: number;
}

/**
 * What the database has just confirmed, for the time that it is away: the newest, each for a quarter of an hour. It is never asked while
 * the database answers, so it can give nobody more than they had.
 */
export class LastVerified<Value> {
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #now: () => number;
  readonly #most: number;
  #generation = 0;

  constructor(options: { most?: number; now?: () => number } = {}) {
    this.#most = options.most ?? MOST;
    this.#now = options.now ?? (() => performance.now());
  }

  /** Ask before the database is asked: what it answers is kept only when nothing was distrusted meanwhile. */
  get generation(): number {
    return this.#generation;
  }

  keep(key: string, value: Value, generation: number): void {
    if (generation !== this.#generation) return;
    this.#entries.delete(key);
    this.#entries.set(key, { value, at: this.#now() });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#most && oldest !== undefined) this.#entries.delete(oldest);
  }

  /** Null when it was never confirmed, too long ago, or is distrusted. */
  get(key: string): Value | null {
    const entry = this.#entries.get(key);
    if (!entry || this.#now() - entry.at > TRUSTED_MS) return null;
    return entry.value;
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  /** These are over: they count no more, nor does an answer that is on its way; the others count for as long as they did. */
  revoke(isOver: (value: Value) => boolean): void {
    this.#generation += 1;
    for (const [key, { value }] of this.#entries) if (isOver(value)) this.#entries.delete(key);
  }

  /** Somebody's rights or sessions have changed: what was known counts no more. Returns it, to be confirmed anew. */
  distrust(): [key: string, value: Value][] {
    this.#generation += 1;
    const known = this.entries();
    this.#entries.clear();
    return known;
  }

  /** What is trusted now. */
  entries(): [key: string, value: Value][] {
    return [...this.#entries.keys()].flatMap((key): [string, Value][] => {
      const value = this.get(key);
      return value === null ? [] : [[key, value]];
    });
  }
}
