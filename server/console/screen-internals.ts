import type { IBufferLine, Terminal } from '@xterm/headless';
import { boundCells, type CellLine } from './cell-limit-schema.ts';
import type { Style } from './cell-style.ts';

export type Charset = Record<string, string> | undefined;

/** A buffer's state beside its cells. Rows count from the first of its scrollback. */
export interface BufferState {
  tabs: Record<number, boolean | undefined>;
  scrollTop: number;
  scrollBottom: number;
  savedX: number;
  savedY: number;
  savedCurAttrData: { fg: number; bg: number };
  savedCharset: Charset;
  ybase: number;
  x: number;
  y: number;
  lines: { length: number; get(row: number): CellLine | undefined };
}

/** Collects what comes in a string of OSC or DCS. */
interface StringParser {
  put(data: Uint32Array, start: number, end: number): void;
  /** Forget what came of it, and heed no more of it. */
  reset(): void;
}

/** Characters of a string of OSC or DCS that are taken: a longer one does nothing. */
const LONGEST_STRING = 64 * 1024;

/** What xterm.js 6.0.0 keeps to itself and a screen needs; its version is pinned, and screen.test.ts sees changes. */
interface Core {
  writeSync(data: Uint8Array): void;
  buffers: { normal: BufferState; alt: BufferState; active: BufferState };
  coreMouseService: { activeEncoding: string };
  coreService: {
    isCursorHidden: boolean;
    decPrivateModes: { cursorStyle?: 'block' | 'underline' | 'bar'; cursorBlink?: boolean };
  };
  _charsetService: { glevel: number; _charsets: Charset[] };
  _oscLinkService: { getLinkData(id: number): { id?: string; uri: string } | undefined };
  _inputHandler: {
    _parser: {
      currentState: number;
      precedingJoinState: number;
      _oscParser: StringParser & { start(): void };
      _dcsParser: StringParser & { hook(ident: number, params: unknown): void };
    };
    _curAttrData: Style;
    eraseInDisplay(params: { params: number[] }, respectProtect: boolean): boolean;
  };
  _writeBuffer: {
    _isSyncWriting: boolean;
    _syncCalls: number;
    _writeBuffer: unknown[];
    _callbacks: unknown[];
  };
}

function coreOf(terminal: Terminal): Core {
  return (terminal as unknown as { _core: Core })._core;
}

/** Take bytes at once: what they do is done when this returns. Throws what xterm.js throws at bytes that it cannot take. */
export function writeNow(terminal: Terminal, bytes: Uint8Array): void {
  const core = coreOf(terminal);
  try {
    core.writeSync(bytes);
  } catch (error) {
    // It would take no more, ever.
    Object.assign(core._writeBuffer, {
      _isSyncWriting: false,
      _syncCalls: 0,
      _writeBuffer: [],
      _callbacks: [],
    });
    throw error;
  }
}

/**
 * Erase from the begin of the screen to its last cell as what it is, the whole screen: xterm.js 6.0.0 looks there for a row
 * below the last one and throws (ED 1 of ECMA-48, DECSED).
 */
export function guardErase(terminal: Terminal): void {
  const { _inputHandler: handler, buffers } = coreOf(terminal);
  for (const prefix of ['', '?']) {
    terminal.parser.registerCsiHandler({ prefix, final: 'J' }, ([what]) => {
      const { x, y, lines } = buffers.active;
      if (what !== 1 || x + 1 < terminal.cols || y + 1 < lines.length) return false;
      return handler.eraseInDisplay({ params: [2] }, prefix !== '');
    });
  }
}

/**
 * Bound the strings of a terminal. xterm.js 6.0.0 keeps 10,000,000 characters of each and puts them together one by one, which makes
 * V8 keep 32 bytes for each until the string ends: a guest's string without an end cost 320 MiB.
 */
export function limitStrings(terminal: Terminal): void {
  const { _oscParser: osc, _dcsParser: dcs } = coreOf(terminal)._inputHandler._parser;
  let left = 0;
  for (const parser of [osc, dcs]) {
    const put = parser.put.bind(parser);
    parser.put = (data, start, end) => {
      if (left <= 0) return;
      left -= end - start;
      if (left > 0) put(data, start, end);
      else parser.reset();
    };
  }
  const [start, hook] = [osc.start.bind(osc), dcs.hook.bind(dcs)];
  osc.start = () => {
    left = LONGEST_STRING;
    start();
  };
  dcs.hook = (ident, params) => {
    left = LONGEST_STRING;
    hook(ident, params);
  };
}

/** Bound what one cell holds (cell-limit-schema.ts). */
export function limitCells(terminal: Terminal): void {
  boundCells(coreOf(terminal).buffers.normal.lines.get(0));
}

/**
 * Keep another number of lines that have scrolled out. To xterm.js that is another size: it takes a cursor off the end of its row, and
 * tab stops and a scroll region back to what a reset makes them.
 */
export function setScrollback(terminal: Terminal, lines: number): void {
  const { normal, alt } = coreOf(terminal).buffers;
  const before = [normal, alt].map(({ x, savedX, scrollTop, scrollBottom, tabs }) => ({
    ...{ x, savedX, scrollTop, scrollBottom },
    tabs: { ...tabs },
  }));
  terminal.options.scrollback = lines;
  for (const [index, buffer] of [normal, alt].entries()) Object.assign(buffer, before[index]);
}

/** Whether the parser expects text, and no rest of an escape sequence. */
export function isGround(terminal: Terminal): boolean {
  return coreOf(terminal)._inputHandler._parser.currentState === 0;
}

/** Whether a line feed in the last row moves all of the screen up, into its scrollback. */
export function isScrolledWhole(terminal: Terminal): boolean {
  const { active, normal } = coreOf(terminal).buffers;
  return active === normal && normal.scrollTop === 0 && normal.scrollBottom === terminal.rows - 1;
}

/** A buffer's own state, and the other one's. */
export function buffersOf(terminal: Terminal): Core['buffers'] {
  return coreOf(terminal).buffers;
}

/** How the next character will look. */
export function penOf(terminal: Terminal): Style {
  return coreOf(terminal)._inputHandler._curAttrData;
}

/** Whether a combining character that came now would join the one before the cursor. */
export function isJoining(terminal: Terminal): boolean {
  return coreOf(terminal)._inputHandler._parser.precedingJoinState !== 0;
}

/** How many cells of a row there are up to the last that is not as a reset makes it. */
export function usedLength(line: IBufferLine): number {
  const { _data: data } = (line as unknown as { _line: { _data: Uint32Array } })._line;
  let used = line.length;
  // three numbers for each: what it holds and how wide it is, colours, colours
  for (let at = used * 3 - 3; used > 0; at -= 3, used--)
    if (data[at] !== EMPTY || data[at + 1] !== 0 || data[at + 2] !== 0) return used;
  return 0;
}

/** Where a link of OSC 8 leads. */
export function linkTarget(terminal: Terminal, link: number): { id?: string; uri: string } | null {
  return coreOf(terminal)._oscLinkService.getLinkData(link) ?? null;
}

export function charsetsOf(terminal: Terminal): { level: number; sets: Charset[] } {
  const { glevel, _charsets } = coreOf(terminal)._charsetService;
  return { level: glevel, sets: _charsets };
}

/** No character, one column wide. */
const EMPTY = 0x400000;

const SHAPES = { block: 2, underline: 4, bar: 6 } as const;

/** Shape of the cursor, whether it is hidden, and how the mouse is told. */
export function pointers(terminal: Terminal): string {
  const { coreMouseService, coreService } = coreOf(terminal);
  const { cursorStyle, cursorBlink } = coreService.decPrivateModes;
  let text = '';
  if (cursorStyle) text += `\x1b[${SHAPES[cursorStyle] - (cursorBlink ? 1 : 0)} q`;
  if (coreService.isCursorHidden) text += '\x1b[?25l';
  if (coreMouseService.activeEncoding === 'SGR') text += '\x1b[?1006h';
  if (coreMouseService.activeEncoding === 'SGR_PIXELS') text += '\x1b[?1016h';
  return text;
}
