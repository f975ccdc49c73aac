/** ms until what has failed is tried again: each time is an operation, and an alarm. */
const AGAIN_MS = 900_000;

/** What the server does to guests by itself, and what of it has failed: that waits, while the rest is looked at each minute. */
export class RetryLater {
  /** By the guest's id, performance.now(). */
  readonly #until = new Map<string, number>();

  /** Whether it may be tried. */
  may(id: string): boolean {
    return (this.#until.get(id) ?? 0) <= performance.now();
  }

  failed(id: string): void {
    this.#until.set(id, performance.now() + AGAIN_MS);
  }

  done(id: string): void {
    this.#until.delete(id);
  }
}
