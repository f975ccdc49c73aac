import type { Terminal } from '@xterm/xterm';

/** UTF-16 units that one cell holds, as in the server's screens: the longest emoji of a family has 11, and whole towers of marks are no text. */
const LONGEST_CELL = 64;
/** In a cell's first number: its characters are in `_combined`. */
const HOLDS_MANY = 0x200000;

/** What a line of xterm.js 6.0.0 knows of cells with more than one character; its version is pinned. */
interface CellLine {
  _data: Uint32Array;
  _combined: Record<number, string | undefined>;
  addCodepointToCell(this: CellLine, at: number, code: number, width: number): void;
}

/** Lines whose cells are bounded already: all terminals have them of one class. */
const bounded = new WeakSet<object>();

/**
 * Bound what one cell holds: xterm.js adds each combining character to it, however many come, and draws the cell anew with all of them.
 * Nothing is done for text without such characters.
 */
export function limitCells(terminal: Terminal): void {
  const core = (
    terminal as unknown as {
      _core: { buffers: { normal: { lines: { get(row: number): object | undefined } } } };
    }
  )._core;
  const line = core.buffers.normal.lines.get(0);
  const lines = line && (Object.getPrototypeOf(line) as CellLine);
  if (!lines || bounded.has(lines)) return;
  bounded.add(lines);
  const add = lines.addCodepointToCell;
  lines.addCodepointToCell = function (at, code, width) {
    // What an earlier character left there counts no more.
    const isMany = ((this._data[at * 3] ?? 0) & HOLDS_MANY) !== 0;
    const length = isMany ? (this._combined[at]?.length ?? 0) : 0;
    if (length < LONGEST_CELL) add.call(this, at, code, width);
  };
}
