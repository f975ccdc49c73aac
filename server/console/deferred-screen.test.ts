import { expect, test } from 'vitest';
import { DeferredScreen } from './deferred-screen.ts';
import { Screen } from './screen.ts';
import { seen } from './test-seen.ts';

const ALL = { lines: 10_000, most: 64 * 1024 * 1024 };
const SEEN = { lines: 0, most: 1024 * 1024 };
/** So wide, a screen keeps 3,000 lines of scrollback. */
const WIDE = { columns: 1000, rows: 5 };
const NARROW = { columns: 20, rows: 6 };

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString();
const numbered = (count: number, end = '\r\n') =>
  Array.from({ length: count }, (_, line) => `line ${line}${end}`).join('');

/** Both after the same pieces. */
function both(pieces: readonly (string | Uint8Array)[], size: { columns: number; rows: number }) {
  const [deferred, plain] = [new DeferredScreen(size), new Screen(size)];
  for (const piece of pieces) {
    deferred.write(Buffer.from(piece));
    plain.write(Buffer.from(piece));
  }
  return { deferred, plain };
}

test.each([
  ['at its top', '\x1b[H'],
  ['in its middle', '\x1b[3A'],
  ['at its end', ''],
])('a screen that is told in a flood is the one of all, with the cursor %s before', (_where, move) => {
  const pieces = [
    `${'#'.repeat(19)}\r\n`.repeat(9),
    move,
    ...Array.from({ length: 40 }, () => numbered(900)),
  ];
  const { deferred, plain } = both(pieces, NARROW);
  expect(seen(deferred)).toBe(seen(plain));
});

test('output that comes in the smallest pieces costs its bytes, and what nobody will see is left out of it', () => {
  const { deferred, plain } = both(
    [numbered(400), ...Array.from({ length: 40_000 }, (_, line) => (line % 2 ? '\r\n' : `${line}`))],
    WIDE,
  );
  expect(seen(deferred)).toBe(seen(plain));
  expect(textOf(deferred.image(ALL).bytes)).toBe(textOf(plain.image(ALL).bytes));
});

const FLOOD = Array.from({ length: 60 }, (_, part) => numbered(700).replaceAll('line', `part ${part} line`));

test.each<[string, (string | Uint8Array)[], { columns: number; rows: number }]>([
  ['nothing but a flood', FLOOD, WIDE],
  ['a flood with the pen of before', ['\x1b[1;31m\x1b[?25l$ cat big\r\n', ...FLOOD, '\x1b[0m$ '], WIDE],
  ['lines that wrap, without the others', [`${'x'.repeat(2500)}\r\n`.repeat(800), 'end'], NARROW],
  ['line-drawing characters', ['\x1b(0', ...FLOOD, '\x1b(B$ '], WIDE],
  ['lines of many characters', FLOOD.map((piece) => piece.replaceAll('line', 'zeile-ä漢😀e\u0301')), WIDE],
  ['no carriage return', ['y\n'.repeat(9000), 'z'], NARROW],
  ['one line that goes on', ['x'.repeat(4_300_000), '\r\n$ '], WIDE],
  ['a terminal that does not wrap', ['\x1b[?7l', `${'w'.repeat(300)}\r\n`.repeat(20_000)], NARROW],
  ['tabs, bells and backspaces', [`a\tb\x07c\bd\r\n`.repeat(20_000)], NARROW],
  ['a region that scrolls', ['\x1b[2;4r\x1b[4;1H', ...FLOOD], WIDE],
  ['the alternate screen', ['shell\x1b[?1049h', ...FLOOD, '\x1b[?1049lback'], WIDE],
  ['a flood in the middle of a sequence', ['\x1b]2;', ...FLOOD, '\x07behind'], WIDE],
  [
    'a control character of two bytes, cut',
    [Buffer.of(0xc2), Buffer.concat([Buffer.of(0x9b), Buffer.from(`31m${numbered(900)}`)]), ...FLOOD],
    WIDE,
  ],
  ['control characters of two bytes', ['\u009b31m'.repeat(1000), ...FLOOD, '\u0085'.repeat(3000)], WIDE],
  [
    'a character that is not complete',
    [...FLOOD, Buffer.concat([Buffer.alloc(4000, 'a'), Buffer.of(0xe6, 0xbc)]), Buffer.of(0xa2)],
    WIDE,
  ],
])('it shows and remembers what a screen does that takes everything: %s', (_what, pieces, size) => {
  const { deferred, plain } = both(pieces, size);
  expect(seen(deferred)).toBe(seen(plain));
  expect(textOf(deferred.image(ALL).bytes)).toBe(textOf(plain.image(ALL).bytes));
  expect(deferred.title).toBe(plain.title);
});

test('what is told in the middle of a flood is what is true then, without scrollback', () => {
  const { deferred, plain } = both(['\x1b[32m$ '], NARROW);
  for (const piece of FLOOD) {
    for (const screen of [deferred, plain]) screen.write(Buffer.from(piece));
    expect(seen(deferred)).toBe(seen(plain));
  }
  const image = deferred.image(SEEN);
  const page = new Screen(image);
  page.write(image.bytes);
  expect(textOf(page.image(ALL).bytes)).not.toContain('line 600');
  for (const screen of [deferred, plain]) screen.resize(30, 8);
  expect(textOf(deferred.image(ALL).bytes)).toBe(textOf(plain.image(ALL).bytes));
});

test('a flood costs no more than what is kept of it, and little time', () => {
  const screen = new DeferredScreen({ columns: 100, rows: 30 });
  const piece = Buffer.from(numbered(1000));
  const used = () => process.memoryUsage().heapUsed + process.memoryUsage().external;
  const [before, begun] = [used(), process.cpuUsage()];
  for (let at = 0; at < 5000; at++) screen.write(piece);
  const { user } = process.cpuUsage(begun);
  expect(used() - before).toBeLessThan(48 * 1024 * 1024);
  // 59 MB; xterm.js takes 3 s for them where this was written
  expect(user).toBeLessThan(1_500_000);
  expect(textOf(screen.image(ALL).bytes).match(/line \d+/g)).toHaveLength(10_029);
});
