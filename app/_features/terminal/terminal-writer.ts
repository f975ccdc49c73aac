import type { Terminal } from '@xterm/xterm';
import { partOfCharacter } from '../../../server/console/protocol.ts';
import type { ScreenFrame } from './connection-state.ts';

/** Writes into a terminal in order, whole screens included: they need a size of their own first. */
export class TerminalWriter {
  #terminal: Terminal;
  #came: (screen: ScreenFrame) => void;
  /** What has to wait for the screen that is about to be shown; null: none is. */
  #waiting: (() => void)[] | null = null;
  /** The begin of a character whose rest is still to come. */
  #part: Uint8Array = new Uint8Array();

  /** `came` is told of each screen once it is shown, in the size that it came with. */
  constructor(terminal: Terminal, came: (screen: ScreenFrame) => void) {
    this.#terminal = terminal;
    this.#came = came;
  }

  write(data: string | Uint8Array, shown?: () => void): void {
    if (this.#waiting) this.#waiting.push(() => this.#put(data, shown));
    else this.#put(data, shown);
  }

  /** Bytes as whole characters: what is still to come of the last one is waited for. */
  #put(data: string | Uint8Array, shown?: () => void): void {
    if (typeof data === 'string') {
      this.#terminal.write(data, shown);
      return;
    }
    const all = new Uint8Array(this.#part.length + data.length);
    all.set(this.#part);
    all.set(data, this.#part.length);
    const end = all.length - partOfCharacter(all);
    this.#part = all.slice(end);
    this.#terminal.write(all.subarray(0, end), shown);
  }

  /** Put a whole screen in place of what is shown. Who reads further up stays there, as far as it is still there. */
  showScreen(screen: ScreenFrame, shown: () => void): void {
    if (this.#waiting) {
      this.#waiting.push(() => this.showScreen(screen, shown));
      return;
    }
    const terminal = this.#terminal;
    this.#waiting = [];
    // What was written before belongs to the size of before, and what comes after to the screen.
    terminal.write('', () => {
      const { baseY, viewportY } = terminal.buffer.active;
      const up = baseY - viewportY;
      const { cols, rows } = terminal;
      if (cols !== screen.columns || rows !== screen.rows) terminal.resize(screen.columns, screen.rows);
      this.#part = new Uint8Array();
      this.#put(screen.bytes, () => {
        if (up > 0) terminal.scrollLines(-up);
        this.#came(screen);
        shown();
      });
      this.#goOn();
    });
  }

  #goOn(): void {
    const jobs = this.#waiting ?? [];
    this.#waiting = null;
    for (const [index, job] of jobs.entries()) {
      // Another screen: the rest waits for that.
      if (this.#waiting !== null) {
        this.#waiting = jobs.slice(index);
        return;
      }
      job();
    }
  }
}
