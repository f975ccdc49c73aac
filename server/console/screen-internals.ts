import type { Terminal } from '@xterm/headless';

/** What xterm.js 6.0.0 keeps to itself and a screen needs; its version is pinned, and screen.test.ts sees changes. */
interface Core {
  writeSync(data: Uint8Array): void;
  buffer: { scrollTop: number; scrollBottom: number; savedX: number; savedY: number; ybase: number };
  coreMouseService: { activeEncoding: string };
  coreService: {
    isCursorHidden: boolean;
    decPrivateModes: { cursorStyle?: 'block' | 'underline' | 'bar'; cursorBlink?: boolean };
  };
  _charsetService: { glevel: number; _charsets: (Record<string, string> | undefined)[] };
  _inputHandler: { _parser: { currentState: number } };
}

function coreOf(terminal: Terminal): Core {
  return (terminal as unknown as { _core: Core })._core;
}

/** Take bytes at once: what they do is done when this returns. */
export function writeNow(terminal: Terminal, bytes: Uint8Array): void {
  coreOf(terminal).writeSync(bytes);
}

/** Whether the parser expects text, and no rest of an escape sequence. */
export function isGround(terminal: Terminal): boolean {
  return coreOf(terminal)._inputHandler._parser.currentState === 0;
}

const SHAPES = { block: 2, underline: 4, bar: 6 } as const;

/**
 * The sequences that bring back what the serializer leaves out: saved cursor, scroll region, hidden and shaped cursor, encoding of
 * the mouse, line-drawing characters. They follow its output, and put the cursor where it was when they had to move it.
 */
export function remainingState(terminal: Terminal): string {
  const { buffer, coreMouseService, coreService, _charsetService: charsets } = coreOf(terminal);
  const { active } = terminal.buffer;
  let text = '';
  const hasRegion = buffer.scrollTop !== 0 || buffer.scrollBottom !== terminal.rows - 1;
  const savedRow = Math.max(0, buffer.savedY - buffer.ybase);
  const hasSaved = buffer.savedX !== 0 || savedRow !== 0;
  const { originMode } = terminal.modes;
  if (hasSaved && !originMode) text += `\x1b[${savedRow + 1};${buffer.savedX + 1}H\x1b7`;
  if (hasRegion) text += `\x1b[${buffer.scrollTop + 1};${buffer.scrollBottom + 1}r`;
  if (hasSaved || hasRegion || originMode) {
    const row = active.cursorY - (originMode ? buffer.scrollTop : 0);
    text += `\x1b[${row + 1};${active.cursorX + 1}H`;
  }
  const { cursorStyle, cursorBlink } = coreService.decPrivateModes;
  if (cursorStyle) text += `\x1b[${SHAPES[cursorStyle] - (cursorBlink ? 1 : 0)} q`;
  if (coreService.isCursorHidden) text += '\x1b[?25l';
  if (coreMouseService.activeEncoding === 'SGR') text += '\x1b[?1006h';
  if (coreMouseService.activeEncoding === 'SGR_PIXELS') text += '\x1b[?1016h';
  for (const [index, designator] of ['(', ')'].entries())
    if (charsets._charsets[index]?.q === '─') text += `\x1b${designator}0`;
  if (charsets.glevel === 1) text += '\x0e';
  return text;
}
