import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DeferredScreen } from './deferred-screen.ts';
import { Screen } from './screen.ts';

const ALL = { lines: 10_000, most: 64 * 1024 * 1024 };
const SEEN = { lines: 0, most: 1024 * 1024 };

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
const output = fc.array(fc.oneof(fc.constantFrom(...MODES), line, { arbitrary: flood, weight: 3 }), {
  minLength: 1,
  maxLength: 8,
});

/** What a page sees that is told an image: no scrollback. */
function seen(screen: { image: Screen['image'] }): string {
  const image = screen.image(SEEN);
  const page = new Screen(image);
  page.write(image.bytes);
  const text = Buffer.from(page.image(SEEN).bytes).toString();
  page.dispose();
  return text;
}

test('whatever comes, in whatever modes, what is left out of a flood is what nobody would see', () => {
  fc.assert(
    fc.property(
      output,
      fc.constantFrom(512, 5000, 70_000),
      fc.boolean(),
      fc.constantFrom(20, 1000),
      (pieces, cut, isAsked, columns) => {
        const size = { columns, rows: 5 };
        const [deferred, plain] = [new DeferredScreen(size), new Screen(size)];
        try {
          for (const piece of pieces) {
            const bytes = Buffer.from(piece);
            for (let at = 0; at < bytes.length; at += cut)
              for (const screen of [deferred, plain]) screen.write(bytes.subarray(at, at + cut));
            if (isAsked) expect(seen(deferred)).toBe(seen(plain));
          }
          expect(Buffer.from(deferred.image(ALL).bytes).equals(Buffer.from(plain.image(ALL).bytes))).toBe(
            true,
          );
        } finally {
          deferred.dispose();
          plain.dispose();
        }
      },
    ),
    { numRuns: Number(process.env.BERTH_RANDOM_RUNS ?? 15) },
  );
}, 120_000);
