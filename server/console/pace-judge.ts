/** What a holder lets be under way to one client, bytes (native/protocol/README.md). */
export const HOLDER_WINDOW = 128 * 1024;
/**
 * ms for which a client may hold up a program that others look at: the one who drives sets the pace, and may take nothing at all for so
 * long (a command line that was stopped with Ctrl-Z takes nothing ever); who only looks may be slow for so long.
 */
const PATIENCE_MS = 5000;
/** How often it is looked at in that time. */
const LOOKS = 10;
/** The holder lets less than 16 KiB wait for more. */
const NEARLY_FULL = HOLDER_WINDOW - 16 * 1024;
/** Bytes of a second which is slow where more could be taken. */
const SLOW = 256 * 1024;

export interface PaceOptions {
  /** Whether anybody else looks at the terminal, and whether this client drives it. */
  company?(): { others: boolean; drives: boolean };
  /** Default 5 s. */
  patienceMs?: number;
}

/** Finds out whether a client that gets every byte of a shell is waited for by others, as the shell's program waits for it. */
export class PaceJudge {
  readonly #options: PaceOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #patienceMs: number;
  /** The first offset that was under way, the end of the last, and what of it the client has taken. */
  #begin: number | null = null;
  #sent = 0;
  #taken = 0;
  #takenBefore = 0;
  #takenAt = performance.now();
  /** Looks at which it was slow, less those at which it was not. */
  #slow = 0;

  /** `onHeldUp`: the others have waited for long enough; told once. */
  constructor(options: PaceOptions, onHeldUp: () => void) {
    this.#options = options;
    this.#patienceMs = options.patienceMs ?? PATIENCE_MS;
    this.#timer = setInterval(() => {
      if (!this.#isHoldingUp()) return;
      this.stop();
      onHeldUp();
    }, this.#patienceMs / LOOKS);
  }

  sent(offset: number, length: number): void {
    this.#begin ??= offset;
    this.#sent = offset + length;
  }

  /** All before `offset` was taken. */
  taken(offset: number): void {
    this.#taken = offset;
    this.#takenAt = performance.now();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #isHoldingUp(): boolean {
    const { others, drives } = this.#options.company?.() ?? { others: false, drives: true };
    const isAwaited = others && this.#sent - Math.max(this.#taken, this.#begin ?? 0) >= NEARLY_FULL;
    const quick = (SLOW * this.#patienceMs) / LOOKS / 1000;
    const isSlow = isAwaited && this.#taken - this.#takenBefore < quick;
    this.#takenBefore = this.#taken;
    this.#slow = Math.max(0, this.#slow + (isSlow ? 1 : -1));
    if (!isAwaited) this.#takenAt = performance.now();
    const isStopped = performance.now() - this.#takenAt >= this.#patienceMs;
    return isStopped || (this.#slow >= LOOKS && !drives);
  }
}
