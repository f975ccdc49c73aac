/** UTF-16 units that one cell holds: the longest emoji of a family has 11, and whole towers of marks are no text. */
const LONGEST_CELL = 64;
/** In a cell's first number: its characters are in `_combined`. */
const HOLDS_MANY = 0x200000;

/** What a line of xterm.js 6.0.0 knows of cells with more than one character, what is left of earlier ones too; its version is pinned. */
export interface CellLine {
  _data: Uint32Array;
  _combined: Record<number, string | undefined>;
  addCodepointToCell(this: CellLine, at: number, code: number, width: number): void;
}

/** Classes of lines whose cells are bounded already: all terminals have them of one. */
const bounded = new WeakSet<object>();

/**
 * Bound what one cell holds, in the server's screens as in the page's: xterm.js adds each combining character to it, however many come, and
 * draws the cell anew with all of them. `line`: any of a terminal; it holds for all of its class. Text without such characters pays nothing.
 */
export function boundCells(line: object | undefined): void {
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
