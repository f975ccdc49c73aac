import { stripVTControlCharacters } from 'node:util';

// What steers a terminal or hides how a text reads: control characters (C0, C1, DEL), format characters (directions, zero width,
// tags) and the separators of lines and paragraphs.
const STEERING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
// such a character alone, or one with what would make it a colour (ECMA-48, SGR)
const PIECES = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}](?:\[[\d;]*m)?/gu;

/** What a stranger wrote (a guest's last message, a path) without anything that steers the terminal. Pure. */
export function harmless(text: string): string {
  return stripVTControlCharacters(text.toWellFormed()).replace(STEERING, '');
}

/** A text of ours as it may go to a terminal, whatever a stranger's part of it says: lines, tabs and colours stay. Pure. */
export function safeLines(text: string): string {
  return text.toWellFormed().replace(PIECES, (piece) => {
    const [first = ''] = piece;
    if (first === '\n' || first === '\t' || (first === '\u001b' && piece.length > 1)) return piece;
    return piece.slice(first.length);
  });
}

/** JSON in which whatever steers a terminal is escaped, not only what JSON itself wants escaped: it parses to the same. Pure. */
export function safeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(STEERING, (letter) =>
    letter === '\n'
      ? letter
      : letter.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}
