import type { IBuffer, IBufferCell, Terminal } from '@xterm/headless';
import { background, HAS_EXTENDED, isErased, linkOf, PLAIN, pen, type Style, styleOf } from './cell-style.ts';
import { linkTarget, usedLength } from './screen-internals.ts';

/** Bytes of links' addresses in one image at the most: each cell of a screen may have its own, of any length. */
const MOST_LINK_BYTES = 256 * 1024;

/** Bits of no style. */
const NOTHING = { fg: -1, bg: -1, ext: 0, link: 0 };

/** Writes cells as the bytes that make them, and remembers the pen. It starts on a terminal that was just reset. */
export class CellWriter {
  readonly #terminal: Terminal;
  #pen = pen(PLAIN);
  /** The bits of the style that was taken last; most cells look like the one before. */
  #last = NOTHING;
  #link = 0;
  #linkBytes = 0;
  /** Erased cells that are not written yet, all of one background. */
  #blanks = 0;
  #blank: Style = PLAIN;
  text = '';

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Take a style for what is written next. */
  use(style: Style): void {
    const { fg, bg } = style;
    const { _ext: ext, urlId } = style.extended;
    const last = this.#last;
    const isPlain = (bg & HAS_EXTENDED) === 0;
    if (fg === last.fg && bg === last.bg && (isPlain || (ext === last.ext && urlId === last.link))) return;
    this.#last = { fg, bg, ext, link: urlId };
    const wanted = pen(style);
    if (wanted !== this.#pen) {
      this.text += wanted;
      this.#pen = wanted;
    }
    const link = linkOf(style);
    if (link === this.#link) return;
    this.#link = link;
    const target = link === 0 ? null : linkTarget(this.#terminal, link);
    const length = target ? target.uri.length + (target.id?.length ?? 0) : 0;
    this.#linkBytes += length;
    this.text +=
      target && this.#linkBytes <= MOST_LINK_BYTES
        ? `\x1b]8;${target.id === undefined ? '' : `id=${target.id}`};${target.uri}\x1b\\`
        : '\x1b]8;;\x1b\\';
  }

  /** All rows from `first` on. The cursor ends in the last one that is written. */
  rows(buffer: IBuffer, first: number): void {
    const last = lastRow(buffer, first);
    for (let row = first; row <= last; row++) {
      if (row > first && !buffer.getLine(row)?.isWrapped) {
        // a line that scrolls in has the background of the pen
        this.use(PLAIN);
        this.text += '\r\n';
      }
      this.#row(buffer, row, row > first);
    }
    this.use(PLAIN);
  }

  #row(buffer: IBuffer, row: number, mayWrap: boolean): void {
    const line = buffer.getLine(row);
    if (!line) return;
    const cell = buffer.getNullCell();
    // Behind the last row of a full buffer xterm.js answers with the first.
    const next = row + 1 < buffer.length ? buffer.getLine(row + 1) : undefined;
    const doesWrap = next?.isWrapped ?? false;
    const isNextWide = doesWrap && next?.getCell(0, cell)?.getWidth() === 2;
    // A row that was wrapped into has the background of what wrapped.
    const isClean = !(line.isWrapped && mayWrap) || this.#wrap(line.getCell(0, cell));
    const used = usedLength(line);
    // What is behind a wide character is its own, whatever xterm.js has left there.
    for (let column = 0; column < used; column += Math.max(1, cell.getWidth())) {
      line.getCell(column, cell);
      if (isHalf(cell)) continue;
      if (isBlank(cell)) {
        this.#addBlanks(background(styleOf(cell)), 1, isClean);
        continue;
      }
      this.#flushBlanks(isClean);
      // What a wide character left when it found no room and wrapped; it does so again.
      const isLeft = isNextWide && column === line.length - 1 && cell.getChars() === '';
      if (!isLeft) this.cell(cell);
    }
    if (used < line.length) this.#addBlanks(PLAIN, line.length - used, isClean);
    if (this.#blanks > 0 && doesWrap && this.#terminal.rows > 1) this.#fillAndErase(line.length);
    else this.#flushBlanks(isClean, true);
  }

  #addBlanks(style: Style, count: number, isClean: boolean): void {
    if (this.#blank.bg !== style.bg) this.#flushBlanks(isClean);
    this.#blank = style;
    this.#blanks += count;
  }

  /** The erased cells before the next one, or up to the end of the row. */
  #flushBlanks(isClean: boolean, isEnd = false): void {
    if (this.#blanks === 0) return;
    if (this.#blank.bg !== 0 || !isClean) {
      this.use(this.#blank);
      this.text += `\x1b[${this.#blanks}X`;
    }
    if (!isEnd) this.text += `\x1b[${this.#blanks}C`;
    this.#blanks = 0;
  }

  /** One cell's characters, or the blank that stands for an erased cell with more than a background. */
  cell(cell: IBufferCell): void {
    const chars = cell.getChars();
    // A combining character that stands alone joins nothing only after a sequence.
    if (cell.getWidth() === 0) {
      this.text += pen(PLAIN);
      this.#pen = pen(PLAIN);
      this.#last = NOTHING;
    }
    this.use(styleOf(cell));
    this.text += chars === '' ? ' ' : chars;
  }

  /** Let the cursor, behind the last column, wrap into this row, and stand at its begin. Whether the row is as a reset makes it. */
  #wrap(first: IBufferCell | undefined): boolean {
    // A character wraps by itself; else one that is written over does.
    if (first && first.getChars() !== '' && first.getWidth() > 0) return styleOf(first).bg === 0;
    this.use(PLAIN);
    this.text += ' \r\x1b[X';
    return true;
  }

  /** Blanks up to the end of a row that wraps: only a character leads behind the last column. It is erased from the next row. */
  #fillAndErase(columns: number): void {
    const blanks = this.#blanks;
    this.#blanks = 0;
    this.use(PLAIN);
    if (blanks > 1) this.text += `\x1b[${blanks - 1}C`;
    this.text += ' ';
    this.text += ` \x1b[A\x1b[${columns - blanks + 1}G`;
    this.use(this.#blank);
    this.text += `\x1b[${blanks}X`;
    this.use(PLAIN);
    // back behind the end of the wrapped row's begin: what follows writes over it
    this.text += '\x1b[B\r\x1b[X';
  }
}

/** The second half of a wide character. */
function isHalf(cell: IBufferCell): boolean {
  return cell.getWidth() === 0 && cell.getChars() === '';
}

function isBlank(cell: IBufferCell): boolean {
  return cell.getChars() === '' && isErased(styleOf(cell));
}

/** The last row that has to be written: those below it are as a reset makes them. */
function lastRow(buffer: IBuffer, first: number): number {
  let last = buffer.length - 1;
  // what has scrolled needs every row to scroll again
  if (buffer.baseY > first) return last;
  const isUntouched = (row: number) => {
    const line = buffer.getLine(row);
    return line !== undefined && !line.isWrapped && usedLength(line) === 0;
  };
  while (last > first && isUntouched(last)) last -= 1;
  return last;
}
