/** From this many lines on a paste is shown and asked about first: it may run what nobody read. */
const CONFIRM_LINES = 2;

/** A paste, made harmless, and what was taken from it. */
export interface PreparedPaste {
  /** Without control characters, and without the ends of lines behind the last one: pasting presses no Enter. */
  text: string;
  lines: number;
  /** How many control characters were taken out. */
  controls: number;
  /** Whether line ends behind the last line were taken off. */
  hadEnd: boolean;
}

/**
 * What may be pasted: text without ESC and the other control characters, so that it can neither leave the brackets
 * of a bracketed paste nor press keys. Tab and the ends of lines stay; `\r\n` and `\r` become `\n`. Ends of lines at the end go: the
 * last line waits for the person's own Enter.
 */
export function preparePaste(raw: string): PreparedPaste {
  let clean = '';
  let controls = 0;
  for (const character of raw.replaceAll(/\r\n?/g, '\n')) {
    const code = character.codePointAt(0) ?? 0;
    const isControl = code < 0x20 || (code >= 0x7f && code < 0xa0);
    if (!isControl || character === '\t' || character === '\n') clean += character;
    else controls += 1;
  }
  const text = clean.replace(/\n+$/, '');
  return { text, lines: text.split('\n').length, controls, hadEnd: text !== clean };
}

/** Whether a paste is shown before the shell gets it. */
export function mustAsk({ lines }: PreparedPaste): boolean {
  return lines >= CONFIRM_LINES;
}
