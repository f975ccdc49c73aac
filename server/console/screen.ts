import headless from '@xterm/headless';
import { PlainOutput } from './plain-output.ts';
import { partOfCharacter } from './protocol.ts';
import {
  guardErase,
  isGround,
  isScrolledWhole,
  limitCells,
  limitStrings,
  setScrollback,
  writeNow,
} from './screen-internals.ts';
import { unfinished } from './unfinished.ts';
import { writeScreen } from './write-screen.ts';

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

/** Lines that there is room for at first: xterm.js sets aside what a list of all could hold, and most shells print little. */
const FIRST_ROOM = 200;
/** What xterm.js takes apart at once, bytes: longer pieces it cuts by itself, wherever that is. */
const MOST_AT_ONCE = 128 * 1024;
/** Repeats a character, which may fill many lines at once (REP of ECMA-48). */
const REPEAT = /\d\d[\d;:]*b/;

/** What a terminal shows and remembers: xterm.js without a display. It answers nobody; the browser that drives does. */
export class Screen {
  readonly #terminal: headless.Terminal;
  #title = '';
  /** Lines that may scroll before there has to be more room. */
  #room = FIRST_ROOM;
  #rest: Uint8Array = new Uint8Array();
  /** The begin of a character that is not complete yet. */
  #part: Uint8Array = new Uint8Array();

  constructor(size: { columns: number; rows: number }) {
    const { columns, rows } = size;
    this.#terminal = new headless.Terminal({
      cols: columns,
      rows,
      scrollback: Math.min(FIRST_ROOM, scrollbackFor(columns)),
      allowProposedApi: true,
      logLevel: 'off',
    });
    guardErase(this.#terminal);
    limitStrings(this.#terminal);
    limitCells(this.#terminal);
    this.#terminal.onTitleChange((title) => {
      this.#title = cleanTitle(title);
    });
  }

  get title(): string {
    return this.#title;
  }

  /** Show bytes; all of them are worked off when this returns. */
  write(bytes: Uint8Array): void {
    const all = this.#part.length > 0 ? Buffer.concat([this.#part, bytes]) : bytes;
    const end = all.length - partOfCharacter(all);
    this.#part = all.slice(end);
    for (let at = 0; at < end; ) {
      const piece = all.subarray(at, Math.min(end, at + MOST_AT_ONCE));
      const whole = piece.subarray(0, piece.length - partOfCharacter(piece));
      // What is no character at all is not waited for.
      const taken = whole.length > 0 ? whole : piece;
      this.#take(taken);
      at += taken.length;
    }
  }

  /** Whole characters: xterm.js loses one that is cut behind a byte of 0x80, as those of dashes and quotation marks may be. */
  #take(bytes: Uint8Array): void {
    this.#makeRoom(bytes);
    try {
      writeNow(this.#terminal, bytes);
    } catch {
      // Bytes that xterm.js stumbles over cost their own terminal what came with them, and not all of a thread theirs.
    }
    this.#rest = unfinished(this.#rest, bytes, isGround(this.#terminal));
  }

  /** Where plain output may wait instead of being written; null: this screen would do more with it than to scroll. */
  plainOutput(): PlainOutput | null {
    const { cols, rows, modes } = this.#terminal;
    if (
      this.#rest.length + this.#part.length > 0 ||
      !isGround(this.#terminal) ||
      !isScrolledWhole(this.#terminal)
    )
      return null;
    // A backspace goes up to the line before then.
    if (modes.reverseWraparoundMode) return null;
    // Wherever the cursor is now: the first lines fill the screen below it before anything scrolls.
    const columns = modes.wraparoundMode ? cols : Number.POSITIVE_INFINITY;
    return new PlainOutput(columns, scrollbackFor(cols) + 2 * rows);
  }

  resize(columns: number, rows: number): void {
    const { cols, buffer } = this.#terminal;
    const most = scrollbackFor(columns);
    // Narrower, what is there takes more lines.
    const needed = buffer.normal.length * Math.ceil(cols / columns);
    this.#setRoom(Math.min(most, Math.max(this.#room, needed)));
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
    const bytes = Buffer.concat([Buffer.from(text), this.#rest, this.#part]);
    return { bytes, columns: this.#terminal.cols, rows: this.#terminal.rows, title: this.#title };
  }

  dispose(): void {
    this.#terminal.dispose();
  }

  /** No byte scrolls more than one line, but for those that repeat. */
  #makeRoom(bytes: Uint8Array): void {
    const most = scrollbackFor(this.#terminal.cols);
    if (this.#room >= most) return;
    const needed = this.#terminal.buffer.normal.baseY + bytes.length;
    if (needed > this.#room) this.#setRoom(Math.min(most, needed * 2));
    else if (REPEAT.test(Buffer.concat([this.#rest, bytes]).toString('latin1'))) this.#setRoom(most);
  }

  #setRoom(lines: number): void {
    this.#room = lines;
    setScrollback(this.#terminal, lines);
  }

  #serialize(lines: number): string {
    const title = this.#title === '' ? '' : `\x1b]2;${this.#title}\x07`;
    return `\x1bc${title}${writeScreen(this.#terminal, lines)}`;
  }
}
