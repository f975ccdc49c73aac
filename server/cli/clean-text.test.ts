import { expect, test } from 'vitest';
import { harmless, safeJson, safeLines } from './clean-text.ts';

/** What a guest may write wherever it may write: each steers a terminal, asks it for an answer, or hides how a text reads. */
const HOSTILE: Record<string, string> = {
  'an OSC title': '\u001b]0;owned\u0007',
  'an OSC 52 clipboard': '\u001b]52;c;cm0gLXJm\u001b\\',
  'an OSC 8 link': '\u001b]8;;javascript:alert(1)\u0007click\u001b]8;;\u0007',
  'an OSC 50 font question': '\u001b]50;?\u0007',
  'a DECRQSS question': '\u001bP$q"p\u001b\\',
  'a title report': '\u001b[21t',
  'a device report': '\u001b[c',
  ENQ: '\u0005',
  'an 8-bit CSI': '\u009b2J',
  'an 8-bit OSC': '\u009d0;owned\u009c',
  'a cleared screen': '\u001b[2J\u001b[H',
  'a carriage return': 'good\rbad',
  'a backspace': 'ab\b\bcd',
  'a direction override': 'a\u202egnp.exe',
  'an isolate': '\u2067abc\u2069',
  'a zero width space': 'ro\u200bot',
  'a line separator': 'a\u2028b',
  'a tag': 'a\u{e0041}',
  DEL: 'a\u007f',
  'half a pair': 'a\ud83d',
};
const STEERS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

test.each(Object.entries(HOSTILE))('%s does not reach the terminal', (_what, text) => {
  expect(text.isWellFormed() && !STEERS.test(text)).toBe(false);
  expect(harmless(`a${text}b`)).not.toMatch(STEERS);
  expect(safeLines(`a${text}b`)).not.toMatch(STEERS);
  const json = safeJson({ [text]: [text] });
  expect(json).not.toMatch(STEERS);
  expect(JSON.parse(json)).toEqual({ [text]: [text] });
});

test('colours, lines and tabs of our own stay, and so does every language', () => {
  const text = 'a\t\u001b[31mgrün\u001b[39m\n日本 ✓ עברית';
  expect(safeLines(text)).toBe(text);
  expect(JSON.parse(safeJson({ text }, 2))).toEqual({ text });
});
