import type { PlainOutput } from './plain-output.ts';
import { Screen, type ScreenImage } from './screen.ts';

/** What comes at once and is taken for a flood, bytes. */
const FLOOD = 2 * 1024;
/** Plain output that waits at the most, bytes: more than all that a screen keeps, but for very long lines. */
const WAITS_MOST = 4 * 1024 * 1024;
/** So little, bytes, is taken when somebody asks for the screen. */
const SMALL = 32 * 1024;
/** Bytes of lines that are told instead of the screen that they make. */
const TOLD_MOST = 128 * 1024;
/** Erases the scrollback and nothing else (xterm's ED 3). */
const ERASE_SCROLLBACK = Buffer.from('\x1b[3J');

/**
 * A screen that does not work off a flood of plain text: it keeps as much of it as will be seen of it, and takes that when somebody
 * asks for the scrollback or when more than text comes.
 */
export class DeferredScreen {
  readonly #screen: Screen;
  #waiting: PlainOutput | null = null;
  /** The screen without what waits. */
  #before: ScreenImage | null = null;

  constructor(size: { columns: number; rows: number }) {
    this.#screen = new Screen(size);
  }

  get title(): string {
    return this.#screen.title;
  }

  write(bytes: Uint8Array): void {
    if (!this.#waiting && bytes.length >= FLOOD) this.#waiting = this.#screen.plainOutput();
    if (!this.#waiting?.add(bytes)) {
      this.#takeAll();
      this.#screen.write(bytes);
    } else if (this.#waiting.size > WAITS_MOST) this.#takeAll();
  }

  resize(columns: number, rows: number): void {
    this.#takeAll();
    this.#screen.resize(columns, rows);
  }

  /** As `Screen.image`. */
  image(limits: { lines: number; most: number }): ScreenImage {
    const told = limits.lines === 0 ? this.#tellWaiting() : null;
    if (told) return told;
    this.#takeAll();
    return this.#screen.image(limits);
  }

  dispose(): void {
    this.#screen.dispose();
  }

  #takeAll(): void {
    const waiting = this.#waiting;
    this.#waiting = this.#before = null;
    if (waiting && waiting.size > 0) this.#screen.write(waiting.all());
  }

  /** The screen of before and the lines that fill it since; null: there are too few, or too long ones. */
  #tellWaiting(): ScreenImage | null {
    if (!this.#waiting || this.#waiting.size < SMALL) return null;
    this.#before ??= this.#screen.image({ lines: 0, most: TOLD_MOST });
    // As many again: those that only fill the screen below the cursor push nothing out of it.
    const last = this.#waiting.last(2 * this.#before.rows, TOLD_MOST);
    if (!last) return null;
    const bytes = [this.#before.bytes, Buffer.from('\r\n'), last.lines, ERASE_SCROLLBACK, last.rest];
    return { ...this.#before, bytes: Buffer.concat(bytes) };
  }
}
