import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { FoldingScreen } from './folding-screen.ts';

/** ms without output after which a screen folds up: who types at it again waits for nothing. */
const FOLD_AFTER_MS = 10_000;
const LOOK_MS = 2500;
/** So many that have folded up are worth collecting what they were, while others go on. */
const WORTH = 16;

// A thread that is idle allocates nothing, so V8 would keep what is garbage for good.
setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Folds up the screens of a thread that are silent. One per thread. */
export class ScreenFolder {
  readonly #screens: ReadonlyMap<number, { screen: FoldingScreen }>;
  readonly #onFreed: () => void;
  #timer: NodeJS.Timeout | null = null;
  /** Folded since the last collection. */
  #folded = 0;

  /** `onFreed`: what they were is collected, and malloc has it. */
  constructor(screens: ReadonlyMap<number, { screen: FoldingScreen }>, onFreed: () => void) {
    this.#screens = screens;
    this.#onFreed = onFreed;
  }

  /** Something was written to a screen, or one was made. */
  watch(): void {
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS);
  }

  #look(): void {
    const now = performance.now();
    let open = 0;
    for (const { screen } of this.#screens.values()) {
      if (screen.fold(now, FOLD_AFTER_MS)) this.#folded += 1;
      if (!screen.isFolded) open += 1;
    }
    if (this.#folded >= WORTH || (this.#folded > 0 && open === 0)) {
      this.#folded = 0;
      collect();
      this.#onFreed();
    }
    if (open > 0 || !this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }
}
