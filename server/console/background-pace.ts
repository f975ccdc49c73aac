/** Output of all terminals that nobody looks at together, bytes a second: more than programs print, less than a flood would have. */
const RATE = 16 * 1024 * 1024;
/** So much of it, bytes, is taken without waiting after a rest. */
const BURST = 4 * 1024 * 1024;
/** Timers are not called more often than this, ms. */
const LEAST_WAIT_MS = 5;

/**
 * What nobody looks at may not take the processor from what somebody does: a hundred floods in the background get this much together, in turn,
 * and their programs wait for the rest as they would for a slow terminal. One that prints less than its holder's window never waits.
 */
export class BackgroundPace {
  readonly #rate: number;
  readonly #burst: number;
  #left: number;
  #filledAt = performance.now();
  readonly #waiting = new Map<object, { bytes: number; go: () => void }>();
  #timer: NodeJS.Timeout | null = null;

  constructor({ rate = RATE, burst = BURST }: { rate?: number; burst?: number } = {}) {
    this.#rate = rate;
    this.#burst = this.#left = burst;
  }

  /** Call `go` when these bytes of this terminal may be let through: at once or in its turn, then for all that it has spent. */
  spend(terminal: object, bytes: number, go: () => void): void {
    this.#fill();
    if (this.#waiting.size === 0 && this.#left > 0) {
      this.#left -= bytes;
      go();
      return;
    }
    const before = this.#waiting.get(terminal)?.bytes ?? 0;
    this.#waiting.set(terminal, { bytes: before + bytes, go });
    this.#wait();
  }

  /** Somebody looks at it now. */
  hurry(terminal: object): void {
    const waiting = this.#waiting.get(terminal);
    this.#waiting.delete(terminal);
    waiting?.go();
  }

  /** It is gone. */
  forget(terminal: object): void {
    this.#waiting.delete(terminal);
  }

  #fill(): void {
    const now = performance.now();
    this.#left = Math.min(this.#burst, this.#left + ((now - this.#filledAt) * this.#rate) / 1000);
    this.#filledAt = now;
  }

  #wait(): void {
    const ms = Math.max(LEAST_WAIT_MS, (-this.#left / this.#rate) * 1000);
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#fill();
      for (const [terminal, { bytes, go }] of this.#waiting) {
        if (this.#left <= 0) break;
        this.#waiting.delete(terminal);
        this.#left -= bytes;
        go();
      }
      if (this.#waiting.size > 0) this.#wait();
    }, ms).unref();
  }
}
