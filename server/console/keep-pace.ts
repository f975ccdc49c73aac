/** A screen is not written down more often than this, ms: a flood would spend its time with it. */
const PAUSE_MS = 3000;
/** How often it is seen whether it may be, ms; where so much came meanwhile, bytes, it would be too old at once. */
const LOOK_MS = 500;
const FLOOD = 512 * 1024;
/** Then it is written down so often, ms. */
const FLOOD_MS = 30_000;

/** Says when a terminal's screen is written down: soon, but not where that would be for nothing. */
export class KeepPace {
  readonly #of: { seen(): number; keep(): void };
  #keptAt = 0;
  #timer: NodeJS.Timeout | null = null;

  /** `seen`: the offset behind all output so far; `keep` writes it down, where there is something new. */
  constructor(of: { seen(): number; keep(): void }) {
    this.#of = of;
  }

  /** It is being written down now, or as good as that. */
  began(): void {
    this.#keptAt = performance.now();
  }

  /** Write it down as soon as it is not too old at once. */
  soon(): void {
    this.#timer ??= this.#look();
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }

  #look(): NodeJS.Timeout {
    const before = this.#of.seen();
    const look = () => {
      const since = performance.now() - this.#keptAt;
      const isFlood = this.#of.seen() - before > FLOOD;
      const isTooSoon = since < (isFlood ? FLOOD_MS : PAUSE_MS);
      this.#timer = isTooSoon ? this.#look() : null;
      if (!isTooSoon) this.#of.keep();
    };
    return setTimeout(look, LOOK_MS).unref();
  }
}
