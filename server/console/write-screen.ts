import headless, { type IBufferCell, type IBufferLine, type Terminal } from '@xterm/headless';
import { background, isErased, PLAIN, pen, type Style, styleOf, underlineColour } from './cell-style.ts';
import {
  type BufferState,
  buffersOf,
  type Charset,
  charsetsOf,
  isJoining,
  penOf,
  pointers,
  writeNow,
} from './screen-internals.ts';
import { CellWriter } from './screen-lines.ts';

/** Columns between the tab stops of a terminal that was just reset. */
const TAB = 8;
const DESIGNATORS = ['(', ')', '*', '+'];
const LEVELS = ['', '\x0e', '\x1bn', '\x1bo'];
/** Final bytes that name a set of characters (ECMA-35; those that xterm.js knows). */
const SETS = ['0', 'A', '4', 'C', '5', 'R', 'Q', 'K', 'Y', 'E', '6', 'Z', 'H', '7', '='];

let known: Map<Charset, string> | null = null;

/** What names a set of characters; B, plain ASCII, is none. */
function nameOfSet(set: Charset): string {
  if (!known) {
    // Its table is not told, but the sets are the same objects for all terminals.
    const terminal = new headless.Terminal({ allowProposedApi: true });
    known = new Map();
    for (const name of SETS) {
      writeNow(terminal, Buffer.from(`\x1b(${name}`));
      known.set(charsetsOf(terminal).sets[0], name);
    }
    terminal.dispose();
  }
  return (set && known.get(set)) ?? 'B';
}

/** Tab stops, saved cursor and scroll region of the buffer that is written; the cursor ends anywhere. */
function ownState(terminal: Terminal, buffer: BufferState, writer: CellWriter): void {
  const { cols, rows } = terminal;
  const stops = Array.from({ length: cols }, (_, column) => column).filter((column) => buffer.tabs[column]);
  const isUsual = stops.every((at) => at % TAB === 0) && stops.length === Math.ceil(cols / TAB);
  if (!isUsual) writer.text += `\x1b[3g${stops.map((at) => `\x1b[${at + 1}G\x1bH`).join('')}`;
  const { fg, bg } = buffer.savedCurAttrData;
  const row = Math.min(Math.max(0, buffer.savedY - buffer.ybase), rows - 1);
  const column = Math.min(buffer.savedX, cols - 1);
  if (row > 0 || column > 0 || fg !== 0 || bg !== 0 || buffer.savedCharset) {
    const set = nameOfSet(buffer.savedCharset);
    writer.use({ ...PLAIN, fg, bg });
    const save = `\x1b[${row + 1};${column + 1}H\x1b7`;
    writer.text += set === 'B' ? save : `\x1b(${set}${save}\x1b(B`;
    writer.use(PLAIN);
  }
  if (buffer.scrollTop !== 0 || buffer.scrollBottom !== rows - 1)
    writer.text += `\x1b[${buffer.scrollTop + 1};${buffer.scrollBottom + 1}r`;
}

/** Modes that matter to nothing which is written here. */
function quietModes(terminal: Terminal): string {
  const { modes, options } = terminal;
  const mouse = { none: '', x10: '9', vt200: '1000', drag: '1002', any: '1003' }[modes.mouseTrackingMode];
  return [
    modes.applicationCursorKeysMode && '\x1b[?1h',
    modes.applicationKeypadMode && '\x1b[?66h',
    modes.bracketedPasteMode && '\x1b[?2004h',
    modes.reverseWraparoundMode && '\x1b[?45h',
    modes.sendFocusMode && '\x1b[?1004h',
    mouse && `\x1b[?${mouse}h`,
    // A reset leaves it.
    options.convertEol ? '\x1b[20h' : '\x1b[20l',
  ]
    .filter(Boolean)
    .join('');
}

/** Whether the cursor is the last thing that has to be written: a sequence ends what a character may be joined by. */
function nothingFollows(terminal: Terminal): boolean {
  const { wraparoundMode, insertMode } = terminal.modes;
  const { level, sets } = charsetsOf(terminal);
  return wraparoundMode && !insertMode && level === 0 && sets.every((set) => nameOfSet(set) === 'B');
}

function isErasedCell(cell: IBufferCell): boolean {
  return cell.getChars() === '' && isErased(styleOf(cell));
}

/** Erased at once, so of one background. */
function isErasedRow(line: IBufferLine | undefined): boolean {
  const cells = Array.from({ length: line?.length ?? 0 }, (_, column) => line?.getCell(column));
  const [first] = cells;
  return cells.every(
    (cell) =>
      cell && first && isErasedCell(cell) && background(styleOf(cell)).bg === background(styleOf(first)).bg,
  );
}

/** The cursor with its pen. It stands behind the last column, and is joined by a combining character, only after a character. */
function cursor(terminal: Terminal, writer: CellWriter): void {
  const { active } = terminal.buffer;
  const { active: state } = buffersOf(terminal);
  const { originMode } = terminal.modes;
  const style = penOf(terminal);
  const y = active.cursorY - (originMode ? state.scrollTop : 0);
  const line = active.getLine(active.baseY + active.cursorY);
  let at = state.x - 1;
  while (at > 0 && line?.getCell(at)?.getWidth() === 0 && line.getCell(at)?.getChars() === '') at -= 1;
  const before = at >= 0 ? line?.getCell(at) : undefined;
  const isBehind = state.x >= terminal.cols;
  const isJoined = isJoining(terminal) && nothingFollows(terminal) && before?.getChars() !== '';
  const moveTo = (column: number) => {
    writer.text += `\x1b[${y + 1};${column + 1}H`;
  };
  if (before && (isBehind || (isJoined && before.getWidth() > 0))) {
    writer.use(styleOf(before));
    moveTo(at);
    writer.cell(before);
    // Behind the last column of a row that was erased meanwhile, from its begin to its end.
    if (isErasedCell(before)) {
      writer.use(background(styleOf(before)));
      writer.text += isErasedRow(line) ? '\x1b[2K' : '';
    }
  } else moveTo(state.x);
  takePen(writer, style);
}

/** With the colour that an underline would have, which no cell tells. */
function takePen(writer: CellWriter, style: Style): void {
  writer.use(style);
  const colour = underlineColour(style.extended);
  if (colour !== '' && !pen(style).includes(colour)) writer.text += `\x1b[${colour.slice(1)}m`;
}

/** What makes a terminal of the same size that was just reset show and remember the same, with this many lines of scrollback. */
export function writeScreen(terminal: Terminal, lines: number): string {
  const writer = new CellWriter(terminal);
  const { normal, alternate, active } = terminal.buffer;
  const buffers = buffersOf(terminal);
  writer.rows(normal, Math.max(0, normal.baseY - lines));
  ownState(terminal, buffers.normal, writer);
  if (active.type === 'alternate') {
    writer.text += '\x1b[?47h\x1b[H';
    writer.rows(alternate, 0);
    ownState(terminal, buffers.alt, writer);
  }
  const { originMode, wraparoundMode, insertMode } = terminal.modes;
  writer.text += quietModes(terminal) + pointers(terminal) + (originMode ? '\x1b[?6h' : '');
  cursor(terminal, writer);
  if (!wraparoundMode) writer.text += '\x1b[?7l';
  if (insertMode) writer.text += '\x1b[4h';
  const { level, sets } = charsetsOf(terminal);
  for (const [index, designator] of DESIGNATORS.entries()) {
    const name = nameOfSet(sets[index]);
    if (name !== 'B') writer.text += `\x1b${designator}${name}`;
  }
  writer.text += LEVELS[level] ?? '';
  return writer.text;
}
