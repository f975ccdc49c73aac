import { AppError } from '../errors/app-error.ts';

/** Keys that are remembered at the most; the oldest go first. */
const MOST_KEYS = 10_000;

/** At most so many attempts of one key in a sliding window. */
export class AttemptLimit {
  readonly #most: number;
  readonly #windowMs: number;
  readonly #attempts = new Map<string, number[]>();

  constructor(most: number, windowMs: number) {
    this.#most = most;
    this.#windowMs = windowMs;
  }

  /** Count one. Throws AppError `too_many` that says when to try again; refused ones are not counted. */
  take(key: string, now: number = performance.now()): void {
    const recent = (this.#attempts.get(key) ?? []).filter((at) => now - at < this.#windowMs);
    const first = recent[0];
    if (first !== undefined && recent.length >= this.#most) {
      const seconds = Math.ceil((this.#windowMs - (now - first)) / 1000);
      throw new AppError('too_many', `too many attempts: try again in ${seconds} s`);
    }
    recent.push(now);
    this.#attempts.delete(key);
    this.#attempts.set(key, recent);
    const oldest = this.#attempts.keys().next();
    if (this.#attempts.size > MOST_KEYS && !oldest.done) this.#attempts.delete(oldest.value);
  }

  /** It went well: what was counted is forgotten. */
  forget(key: string): void {
    this.#attempts.delete(key);
  }
}
