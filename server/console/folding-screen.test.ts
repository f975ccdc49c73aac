import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DeferredScreen } from './deferred-screen.ts';
import { FoldingScreen } from './folding-screen.ts';
import { anyOutput } from './test-output.ts';
import { seen } from './test-seen.ts';

const ALL = { lines: 10_000, most: 64 * 1024 * 1024 };
/**
 * What an image does not tell wholly: a character without width that stands alone or comes after it, and a set of characters that a
 * restored cursor has put off.
 */
const UNTOLD = ['\u0301', '\u200b', '\u200d', '\u00ad', '\x1b(0'];
const SIZE = { columns: 20, rows: 5 };
const imageOf = (screen: { image: DeferredScreen['image'] }) =>
  Buffer.from(screen.image(ALL).bytes).toString();
const soon = () => performance.now() + 60_000;

test('folds when nothing was written for a while, tells its image as it is, and unfolds for what comes', () => {
  const screen = new FoldingScreen(SIZE);
  screen.write(Buffer.from('\x1b]2;build\x07\x1b[31mred\x1b[0m\r\n'));
  const before = imageOf(screen);
  expect(screen.fold(performance.now(), 10_000)).toBe(false);
  expect(screen.fold(soon(), 10_000)).toBe(true);
  expect(screen).toMatchObject({ isFolded: true, title: 'build' });
  expect(screen.keptBytes).toBeLessThan(1024);
  expect(imageOf(screen)).toBe(before);
  screen.resize(SIZE.columns, SIZE.rows);
  expect(screen.isFolded).toBe(true);
  screen.write(Buffer.from('more'));
  expect(screen).toMatchObject({ isFolded: false, title: 'build' });
  expect(imageOf(screen)).toContain('more');
  // It counts as touched from now on.
  expect(screen.fold(performance.now(), 10_000)).toBe(false);
});

test('one of whose scrollback something would be lost stays as it is', () => {
  const screen = new FoldingScreen({ columns: 200, rows: 5 });
  screen.write(Buffer.from(`${'x'.repeat(190)}\r\n`.repeat(9000)));
  expect(screen.fold(soon(), 10_000)).toBe(false);
  expect(imageOf(screen).length).toBeGreaterThan(1024 * 1024);
  screen.write(Buffer.from('\x1b[3J'));
  expect(screen.fold(soon(), 10_000)).toBe(true);
});

test('whatever comes, a screen that was folded in between is the one that was not', () => {
  fc.assert(
    fc.property(anyOutput, fc.boolean(), (pieces, isAsked) => {
      const [folding, plain] = [new FoldingScreen(SIZE), new DeferredScreen(SIZE)];
      try {
        for (const piece of pieces) {
          const bytes = Buffer.from(UNTOLD.reduce((text, one) => text.replaceAll(one, ''), piece));
          for (const screen of [folding, plain]) screen.write(bytes);
          folding.fold(soon(), 10_000);
          if (isAsked) expect(seen(folding)).toBe(seen(plain));
        }
        expect(imageOf(folding)).toBe(imageOf(plain));
      } finally {
        folding.dispose();
        plain.dispose();
      }
    }),
    { numRuns: Number(process.env.BERTH_RANDOM_RUNS ?? 15) },
  );
}, 120_000);
