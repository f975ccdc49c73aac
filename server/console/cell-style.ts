import type { IBufferCell } from '@xterm/headless';

/** How a cell or the pen looks. xterm.js 6.0.0 keeps it in bits (its common/buffer/Constants.ts), and tells a part of it only. */
export interface Style {
  fg: number;
  bg: number;
  /** Its `_ext` is what its getters hide while the cell is part of a link. */
  extended: { _ext: number; urlId: number };
}

const COLOUR = 0x3ffffff;
const MODE = 0x3000000;
const [PALETTE_16, PALETTE_256, RGB] = [0x1000000, 0x2000000, 0x3000000];
/** Of `bg`: whether `extended` counts. */
export const HAS_EXTENDED = 0x10000000;
const UNDERLINED = 0x10000000;
/** SGR parameters of the bits of `fg` and `bg` (ECMA-48 8.3.117). */
const FG_FLAGS: [bit: number, code: string][] = [
  [0x4000000, '7'],
  [0x8000000, '1'],
  [0x20000000, '5'],
  [0x40000000, '8'],
  [0x80000000, '9'],
];
const BG_FLAGS: [bit: number, code: string][] = [
  [0x4000000, '3'],
  [0x8000000, '2'],
  [0x40000000, '53'],
];
const PROTECTED = 0x20000000;

export const PLAIN: Style = { fg: 0, bg: 0, extended: { _ext: 0, urlId: 0 } };

/** The public type hides it. */
export function styleOf(cell: IBufferCell): Style {
  return cell as unknown as Style;
}

/** Without bits that mean nothing: a colour of the palette leaves some of a former one's. */
function colourOf(bits: number): number {
  const mode = bits & MODE;
  if (mode === 0) return 0;
  return mode === RGB ? bits & COLOUR : mode | (bits & 0xff);
}

/** A colour as SGR 38, 48 or 58; empty for the default. */
function colour(code: 38 | 48 | 58, bits: number): string {
  const value = colourOf(bits);
  const mode = value & MODE;
  const low = value & 0xff;
  if (mode === PALETTE_16) {
    // 58 has no short form; the colour is the same
    if (code === 58) return `;58;5;${low}`;
    return `;${code - 8 + (low & 7) + (low & 8 ? 60 : 0)}`;
  }
  if (mode === PALETTE_256) return `;${code};5;${low}`;
  if (mode === RGB) return `;${code};2;${(value >> 16) & 0xff};${(value >> 8) & 0xff};${low}`;
  return '';
}

/** The link that it is part of; 0: none. */
export function linkOf({ bg, extended }: Style): number {
  return bg & HAS_EXTENDED ? extended.urlId : 0;
}

/** SGR and DECSCA that make the pen of any state this one, but for its link. Two styles look the same when these are equal. */
export function pen({ fg, bg, extended }: Style): string {
  let codes = '';
  for (const [bit, code] of FG_FLAGS) if (fg & bit) codes += `;${code}`;
  for (const [bit, code] of BG_FLAGS) if (bg & bit) codes += `;${code}`;
  codes += colour(38, fg) + colour(48, bg);
  if (fg & UNDERLINED) {
    const style = bg & HAS_EXTENDED ? (extended._ext >> 26) & 7 : 1;
    codes += style > 1 ? `;4:${style}` : ';4';
    if (bg & HAS_EXTENDED) codes += underlineColour(extended);
  }
  return `\x1b[${codes === '' ? '' : `0${codes}`}m${bg & PROTECTED ? '\x1b[1"q' : ''}`;
}

/** SGR of an underline's colour, also where there is no underline yet; empty for the default. */
export function underlineColour({ _ext }: Style['extended']): string {
  return colour(58, _ext & COLOUR);
}

/** Nothing but a background: as erased cells are. */
export function isErased({ fg, bg }: Style): boolean {
  return fg === 0 && (bg & ~COLOUR) === 0;
}

/** A pen with this background alone. */
export function background({ bg }: Style): Style {
  return { ...PLAIN, bg: colourOf(bg) };
}
