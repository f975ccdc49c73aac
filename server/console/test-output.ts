import fc from 'fast-check';

/** Modes that change what a line feed, a backspace or the end of a line does: LNM, reverse wrap, no wrap, insert, origin, a region. */
const MODES = [
  ...['\x1b[20h', '\x1b[20l', '\x1b[?45h', '\x1b[?45l', '\x1b[?7l', '\x1b[?7h', '\x1b[4h', '\x1b[4l'],
  ...['\x1b[?6h', '\x1b[?6l', '\x1b[2;3r', '\x1b[r', '\x1b[?1049h', '\x1b[?1049l', '\x1b[H', '\x1b[99;99H'],
  ...['\x1b[2J', '\x1b[3J', '\x1b[A', '\x1bM', '\x1b[3g', '\x1bH', '\x1b(0', '\x1b(B', '\x0e', '\x0f'],
];
/** What plain output is made of, and what is near it. */
const PIECES = [
  ...['\n', '\r\n', '\r', '\b', '\b\b\b\b\b\b\b\b\b\b\b\b', '\t', '\x07', '\x0b', '\x0c', '\x7f', '\x00'],
  ...['a', 'word ', 'x'.repeat(19), 'x'.repeat(20), 'x'.repeat(21), 'x'.repeat(45), ' '.repeat(20)],
  ...[
    '\u0301',
    'e\u0301',
    '漢',
    '漢字漢字漢字漢字漢字漢',
    '👩‍👩‍👧',
    '\u200b',
    '\u00ad',
    '\u0085',
    '\u009b',
    '\u00a0',
  ],
];

const line = fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((pieces) => pieces.join(''));
/** A few lines again and again: more than is kept, or less. */
const flood = fc
  .tuple(fc.array(line, { minLength: 1, maxLength: 6 }), fc.constantFrom('\n', '\r\n', '\b\n', ''), fc.nat(4))
  .map(([lines, end, size]) =>
    lines
      .map((one) => one + end)
      .join('')
      .repeat(20 * 6 ** size)
      .slice(0, 60_000),
  );
/** Anything that a program may print, in pieces. */
export const anyOutput = fc.array(
  fc.oneof(fc.constantFrom(...MODES), line, { arbitrary: flood, weight: 3 }),
  {
    minLength: 1,
    maxLength: 8,
  },
);
