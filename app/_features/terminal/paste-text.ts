/** From this many lines on a paste is shown and asked about first: it may run what nobody read. */
export const CONFIRM_LINES = 5;

/**
 * What may be pasted: text without ESC and the other control characters, so that it can neither leave the brackets
 * of a bracketed paste nor press keys. Tab and the ends of lines stay; `\r\n` becomes `\n`.
 */
export function cleanPaste(text: string): string {
  let clean = '';
  for (const character of text.replaceAll('\r\n', '\n')) {
    const code = character.codePointAt(0) ?? 0;
    const isControl = code < 0x20 || (code >= 0x7f && code < 0xa0);
    if (!isControl || character === '\t' || character === '\n' || character === '\r') clean += character;
  }
  return clean;
}

/** How many lines a shell would see; a newline at the end begins no further one. */
export function countLines(text: string): number {
  return text.replace(/[\r\n]$/, '').split(/[\r\n]/).length;
}
