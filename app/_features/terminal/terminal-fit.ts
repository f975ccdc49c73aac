import { FitAddon } from '@xterm/addon-fit';
import type { Terminal } from '@xterm/xterm';

/** Letters of somebody else's window are never smaller, px: it is scrolled then. */
const SMALLEST = 6;

interface Size {
  columns: number;
  rows: number;
}

/** The size of a terminal: that of its element, or that which somebody else's window gives, in letters as small as that needs. */
export class TerminalFit {
  #terminal: Terminal;
  #host: HTMLElement;
  #measure = new FitAddon();
  #fontSize: number;
  /** The size that somebody else's window gives; null: ours does. */
  #followed: Size | null = null;

  constructor(terminal: Terminal, host: HTMLElement, fontSize: number) {
    this.#terminal = terminal;
    this.#host = host;
    this.#fontSize = fontSize;
    terminal.loadAddon(this.#measure);
  }

  /** Hidden terminals have no size worth telling anybody. */
  get isVisible(): boolean {
    return this.#host.clientWidth > 0;
  }

  /** Follow a size from now on; null: the element's. */
  follow(size: Size | null): void {
    this.#followed = size;
    this.#host.style.overflow = size === null ? '' : 'auto';
    if (size === null) this.#terminal.options.fontSize = this.#fontSize;
    this.adapt();
  }

  /** A screen came in another size: it is that one which is followed, where one is. */
  came(size: Size): void {
    if (this.#followed) this.#followed = size;
    this.adapt();
  }

  setFontSize(size: number): void {
    this.#fontSize = size;
    this.#terminal.options.fontSize = size;
    this.adapt();
  }

  /** Take the size of the element; nothing happens while it is hidden. */
  adapt(): void {
    const { clientWidth, clientHeight } = this.#host;
    if (this.#followed) {
      this.#shrinkTo(this.#followed);
      return;
    }
    const size = clientWidth > 0 && clientHeight > 0 ? this.#measure.proposeDimensions() : undefined;
    if (!size || Number.isNaN(size.cols) || Number.isNaN(size.rows)) return;
    this.#terminal.resize(Math.min(Math.max(size.cols, 2), 1000), Math.min(Math.max(size.rows, 1), 1000));
  }

  #shrinkTo({ columns, rows }: Size): void {
    const terminal = this.#terminal;
    if (terminal.cols !== columns || terminal.rows !== rows) terminal.resize(columns, rows);
    if (!this.isVisible) return;
    terminal.options.fontSize = this.#fontSize;
    const room = this.#measure.proposeDimensions();
    if (!room || Number.isNaN(room.cols) || Number.isNaN(room.rows)) return;
    const scale = Math.min(1, room.cols / columns, room.rows / rows);
    terminal.options.fontSize = Math.max(SMALLEST, Math.floor(this.#fontSize * scale));
  }
}
