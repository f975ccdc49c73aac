import { type CastCode, CastText, castEvent, castHeader } from './asciicast.ts';
import type { CastFile } from './cast-file.ts';

/** A terminal's screen as bytes that make it; what a recording begins with. */
export interface RecordedScreen {
  columns: number;
  rows: number;
  bytes: Uint8Array;
}

type Early = { bytes: Uint8Array; offset: number } | { columns: number; rows: number };

/**
 * Writes what a terminal shows as an asciicast. It hears the terminal from the moment at which somebody asked for its screen; once that
 * is there it begins with the screen, and goes on with the bytes behind it. Offsets tell what it has already: a terminal that is read
 * again (a screen that is woken) is recorded once.
 */
export class Recorder {
  readonly #file: CastFile;
  readonly #startedAt: Date;
  readonly #title: string;
  readonly #hasInput: boolean;
  readonly #output = new CastText();
  readonly #input = new CastText();
  /** Null: it has begun. */
  #early: Early[] | null = [];
  /** Offset of the next byte. */
  #next = 0;
  /** The last event, seconds. */
  #seconds: number;

  constructor(options: {
    file: CastFile;
    startedAt: Date;
    title: string;
    hasInput: boolean;
    /** The time of the last event of a recording that goes on, seconds; 0 for a new one. */
    seconds: number;
  }) {
    const { file, startedAt, title, hasInput, seconds } = options;
    this.#file = file;
    this.#startedAt = startedAt;
    this.#title = title;
    this.#hasInput = hasInput;
    this.#seconds = seconds;
  }

  /** Seconds that it plays. */
  get seconds(): number {
    return this.#seconds;
  }

  get size(): number {
    return this.#file.size;
  }

  get hasInput(): boolean {
    return this.#hasInput;
  }

  /** The screen as of an offset. In a file that goes on, `why` marks where it was interrupted. */
  begin(screen: RecordedScreen, end: number, why: string | null): void {
    const early = this.#early ?? [];
    this.#early = null;
    this.#next = end;
    const { columns, rows } = screen;
    const isNew = this.#file.size === 0;
    if (isNew) {
      const header = { columns, rows, startedAt: this.#startedAt, title: this.#title };
      this.#file.add(castHeader(header));
    } else {
      if (why) this.#event('m', why);
      this.#event('r', `${columns}x${rows}`);
    }
    const text = this.#output.add(screen.bytes);
    // What a player shows at its very beginning.
    if (isNew) this.#file.add(castEvent(0, 'o', text));
    else this.#event('o', text);
    for (const one of early) {
      if ('bytes' in one) this.output(one.offset, one.bytes);
      else if (one.columns !== columns || one.rows !== rows) this.resize(one.columns, one.rows);
    }
  }

  /** Bytes that the terminal printed at an offset; nothing of what came before. */
  output(offset: number, bytes: Uint8Array): void {
    if (this.#early) {
      this.#early.push({ offset, bytes });
      return;
    }
    const end = offset + bytes.length;
    if (end <= this.#next) return;
    if (offset > this.#next) this.#event('m', `${offset - this.#next} bytes of output are missing here`);
    const text = this.#output.add(offset < this.#next ? bytes.subarray(this.#next - offset) : bytes);
    this.#next = end;
    if (text !== '') this.#event('o', text);
  }

  /** What the one who drives typed; kept only where that was asked for. */
  input(bytes: Uint8Array): void {
    if (!this.#hasInput || this.#early) return;
    const text = this.#input.add(bytes);
    if (text !== '') this.#event('i', text);
  }

  resize(columns: number, rows: number): void {
    if (this.#early) this.#early.push({ columns, rows });
    else this.#event('r', `${columns}x${rows}`);
  }

  mark(text: string): void {
    if (!this.#early) this.#event('m', text);
  }

  /** Nothing follows. Never rejects. */
  async close(): Promise<void> {
    const rest = this.#output.end();
    if (rest !== '' && !this.#early) this.#event('o', rest);
    await this.#file.close();
  }

  /** Times never go back, whatever the clock does. */
  #event(code: CastCode, data: string): void {
    const now = (Date.now() - this.#startedAt.getTime()) / 1000;
    this.#seconds = Math.max(this.#seconds, now);
    this.#file.add(castEvent(this.#seconds, code, data));
  }
}
