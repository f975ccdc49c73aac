const [BELL, BACKSPACE, TAB, LF, CR] = [0x07, 0x08, 0x09, 0x0a, 0x0d];
/** The first byte of a UTF-8 character that is no control character (U+0080 to U+009F are), and the one behind the last. */
const [FIRST_OF_MANY, LAST_OF_MANY] = [0xc3, 0xf8];
/** How many times what a terminal keeps there is before lines are left out: each time costs looking at some bytes again. */
const SLACK = 1.25;

/**
 * By how many rows at least this output scrolls a terminal that is `columns` wide; null for output that does anything but to write
 * text and go on to the next line. Characters other than ASCII, which may have no width, are not counted.
 */
export function rowsOf(bytes: Uint8Array, columns: number): number | null {
  let rows = 0;
  // Letters since the begin of the line, but for those from `run` on.
  let letters = 0;
  let run = 0;
  const fill = (at: number) => {
    letters += at - run;
    if (letters <= columns) return;
    const full = Math.ceil(letters / columns) - 1;
    rows += full;
    letters -= full * columns;
  };
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x20 && byte < 0x7f) continue;
    fill(at);
    run = at + 1;
    if (byte === LF) {
      rows += 1;
      // Where it is also a CR, no letter is before the next.
      letters = 0;
    } else if (byte === CR || byte === BACKSPACE) letters = 0;
    else if (byte !== TAB && byte !== BELL && !isPart(byte)) return null;
  }
  fill(bytes.length);
  return rows;
}

/** Whether a byte can only be a part of a character: not one that begins a control character of two bytes, or none at all. */
function isPart(byte: number): boolean {
  return (byte >= FIRST_OF_MANY && byte < LAST_OF_MANY) || (byte >= 0x80 && byte < 0xc0);
}

/** Where a line of its own begins, behind the first CR LF; -1: nowhere. */
export function lineAfter(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1))
    if (at > 0 && bytes[at - 1] === CR) return at + 1;
  return -1;
}

interface Part {
  bytes: Uint8Array;
  rows: number;
}

/** Parts that are together no longer than this, bytes, are one: each costs more than its bytes. */
const SMALL = 8 * 1024;
const NOTHING = new Uint8Array();

/**
 * Plain output that a terminal has still to take, without the lines of which nothing would be left once it had taken all: those
 * that the later ones push out of its scrollback.
 */
export class PlainOutput {
  readonly #columns: number;
  readonly #kept: number;
  /** Ends the line that the cursor is in; null: nothing is left out yet. */
  #head: Uint8Array | null = null;
  readonly #parts: Part[] = [];
  #rows = 0;
  #size = 0;

  /** `kept`: rows that the terminal keeps, scrollback included; `columns`: infinitely many where it does not wrap. */
  constructor(columns: number, kept: number) {
    this.#columns = columns;
    this.#kept = kept;
  }

  /** Bytes. */
  get size(): number {
    return this.#size;
  }

  /** Add output behind it. False: it is not plain, and not added. */
  add(bytes: Uint8Array): boolean {
    const rows = rowsOf(bytes, this.#columns);
    if (rows === null) return false;
    const before = this.#parts.at(-1);
    if (before && before.bytes.length + bytes.length <= SMALL) {
      before.bytes = Buffer.concat([before.bytes, bytes]);
      before.rows += rows;
    } else this.#parts.push({ bytes, rows });
    this.#rows += rows;
    this.#size += bytes.length;
    if (this.#rows > this.#kept * SLACK) this.#leaveOut();
    return true;
  }

  /** All that the terminal has to take. */
  all(): Uint8Array {
    return Buffer.concat([this.#head ?? NOTHING, ...this.#parts.map(({ bytes }) => bytes)]);
  }

  /** Lines of their own that fill a screen of so many rows, and the one behind them; null: they are not among the last `most` bytes. */
  last(rows: number, most: number): { lines: Uint8Array; rest: Uint8Array } | null {
    let [found, first] = [0, this.#parts.length];
    while (found < most && first > 0) found += this.#parts[--first]?.bytes.length ?? 0;
    const bytes = Buffer.concat(this.#parts.slice(first).map((part) => part.bytes)).subarray(-most);
    const rest = lastLine(bytes, bytes.length);
    let begin = rest;
    for (let line = 0; line < rows && begin >= 0; line++) begin = lastLine(bytes, begin - 2);
    return begin < 0 ? null : { lines: bytes.subarray(begin, rest), rest: bytes.subarray(rest) };
  }

  /** Where it is cut, a line begins: the cursor is then in the first column, wherever it was before. */
  #leaveOut(): void {
    let [left, behind] = [this.#rows, 0];
    for (const { rows } of this.#parts) {
      if (left - rows < this.#kept) break;
      left -= rows;
      behind += 1;
    }
    const first = this.#parts[0];
    const cut = this.#parts[behind - 1];
    const at = cut ? lineAfter(cut.bytes) : -1;
    const end = first ? lineAfter(first.bytes) : -1;
    if (!first || !cut || at < 0 || (!this.#head && end < 0)) return;
    this.#head ??= first.bytes.slice(0, end);
    const bytes = cut.bytes.subarray(at);
    const kept = { bytes, rows: rowsOf(bytes, this.#columns) ?? 0 };
    this.#parts.splice(0, behind, kept);
    this.#rows = left + kept.rows;
    this.#size = this.#parts.reduce((sum, part) => sum + part.bytes.length, this.#head.length);
  }
}

/** Where the last line of its own begins before `end`; -1: nowhere. */
function lastLine(bytes: Buffer, end: number): number {
  const at = end < 2 ? -1 : bytes.lastIndexOf('\r\n', end - 2);
  return at < 0 ? -1 : at + 2;
}
