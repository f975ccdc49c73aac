import serialize from '@xterm/addon-serialize';
import headless from '@xterm/headless';
import { isGround, remainingState, writeNow } from './screen-internals.ts';
import { unfinished } from './unfinished.ts';

/** Lines of scrollback that a terminal remembers, as many as the browser's. */
export const SCROLLBACK = 10_000;
/** Cells of one terminal at the most (12 bytes each): a guest may not make us keep 10,000 lines of 1,000 columns. */
const MOST_CELLS = 3_000_000;
/** Characters of a window title that are kept. */
const LONGEST_TITLE = 256;

/** A terminal's state as bytes that make another terminal of the same size look the same. */
export interface ScreenImage {
  bytes: Uint8Array;
  columns: number;
  rows: number;
  title: string;
}

function scrollbackFor(columns: number): number {
  return Math.min(SCROLLBACK, Math.floor(MOST_CELLS / columns));
}

/** Without characters that could end the sequence which carries it. */
function cleanTitle(title: string): string {
  return title.replaceAll(/\p{C}/gu, '').slice(0, LONGEST_TITLE);
}

/** What a terminal shows and remembers: xterm.js without a display. It answers nobody; the browser that drives does. */
export class Screen {
  readonly #terminal: headless.Terminal;
  readonly #serializer = new serialize.SerializeAddon();
  #title = '';
  #rest: Uint8Array = new Uint8Array();

  constructor(size: { columns: number; rows: number }) {
    const { columns, rows } = size;
    this.#terminal = new headless.Terminal({
      cols: columns,
      rows,
      scrollback: scrollbackFor(columns),
      allowProposedApi: true,
      logLevel: 'off',
    });
    this.#terminal.loadAddon(this.#serializer);
    this.#terminal.onTitleChange((title) => {
      this.#title = cleanTitle(title);
    });
  }

  get title(): string {
    return this.#title;
  }

  /** Show bytes; all of them are worked off when this returns. */
  write(bytes: Uint8Array): void {
    writeNow(this.#terminal, bytes);
    this.#rest = unfinished(this.#rest, bytes, isGround(this.#terminal));
  }

  resize(columns: number, rows: number): void {
    this.#terminal.options.scrollback = scrollbackFor(columns);
    this.#terminal.resize(columns, rows);
  }

  /**
   * The state as bytes: a reset, then everything. `lines` of scrollback at the most, fewer where it would be more than
   * `most` bytes.
   */
  image(limits: { lines: number; most: number }): ScreenImage {
    let { lines } = limits;
    let text = this.#serialize(lines);
    while (lines > 0 && Buffer.byteLength(text) > limits.most) {
      lines = Math.floor(Math.min(lines, this.#terminal.buffer.normal.baseY) / 2);
      text = this.#serialize(lines);
    }
    const bytes = Buffer.concat([Buffer.from(text), this.#rest]);
    return { bytes, columns: this.#terminal.cols, rows: this.#terminal.rows, title: this.#title };
  }

  dispose(): void {
    this.#terminal.dispose();
  }

  #serialize(lines: number): string {
    const title = this.#title === '' ? '' : `\x1b]2;${this.#title}\x07`;
    const state = this.#serializer.serialize({ scrollback: lines });
    return `\x1bc${title}${state}${remainingState(this.#terminal)}`;
  }
}
