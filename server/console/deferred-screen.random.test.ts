import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DeferredScreen } from './deferred-screen.ts';
import { Screen } from './screen.ts';
import { anyOutput } from './test-output.ts';
import { seen } from './test-seen.ts';

const ALL = { lines: 10_000, most: 64 * 1024 * 1024 };

test('whatever comes, in whatever modes, what is left out of a flood is what nobody would see', () => {
  fc.assert(
    fc.property(
      anyOutput,
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
