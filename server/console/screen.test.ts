import { expect, test } from 'vitest';
import { Screen } from './screen.ts';

const ALL = { lines: 10_000, most: 8 * 1024 * 1024 };

function screenOf(text: string | Uint8Array, size = { columns: 40, rows: 10 }): Screen {
  const screen = new Screen(size);
  screen.write(Buffer.from(text));
  return screen;
}

/** A second screen made from the image of the first, and both after `more`: they must not differ. */
function expectSameAfter(first: Screen, more: string | Uint8Array): void {
  const image = first.image(ALL);
  const second = new Screen(image);
  second.write(image.bytes);
  expect(text(second)).toBe(text(first));
  for (const screen of [first, second]) screen.write(Buffer.from(more));
  expect(text(second)).toBe(text(first));
}

const text = (screen: Screen) => Buffer.from(screen.image(ALL).bytes).toString();

test.each([
  ['plain text and scrollback', Array.from({ length: 200 }, (_, i) => `line ${i}\r\n`).join(''), 'more'],
  ['colours that go on', '\x1b[1;38;2;1;2;3;48;5;77mred', 'still'],
  [
    'the alternate screen, and the way back',
    'shell$ vi\r\n\x1b[?1049h\x1b[2J\x1b[5;7Hfile',
    '\x1b[?1049lback',
  ],
  ['a scroll region', '\x1b[3;6r\x1b[6;1Hlast', '\r\nscrolled\r\nagain'],
  ['a region with origin mode', '\x1b[3;6r\x1b[?6h\x1b[2;2Hx', '\r\ny\x1b[1;1Hz'],
  ['a saved cursor', 'ab\x1b7\x1b[8;8Hthere', '\x1b8back'],
  ['a hidden cursor of another shape', '\x1b[5 q\x1b[?25l', 'x\x1b[?25h'],
  ['mouse, paste and keypad modes', '\x1b[?1002h\x1b[?1006h\x1b[?2004h\x1b=\x1b[?1h', 'x'],
  ['line-drawing characters', '\x1b(0lqqk', 'mqqj\x1b(Btext'],
  ['the last column, before it wraps', 'x'.repeat(40), 'y'],
  ['wide and combining characters', '漢字 e\u0301 👩‍👩‍👧', ' end'],
  ['a wrapped line', 'w'.repeat(100), '\x1b[A!'],
])('an image makes the same screen: %s', (_what, before, after) => {
  expectSameAfter(screenOf(before), after);
});

test.each([
  ['a character', Buffer.from('漢').subarray(0, 2), Buffer.from('漢').subarray(2)],
  ['four bytes', Buffer.from('a😀').subarray(0, 2), Buffer.from('😀').subarray(1)],
  ['a colour', '\x1b[3', '1mred'],
  ['a title', '\x1b]2;my ti', 'tle\x07text'],
  ['the end of a title', '\x1b]2;title\x1b', '\\text'],
  ['a report', '\x1bP$q', 'm\x1b\\text'],
  ['a colour with line feeds in it', '\x1b[\n3\n', '1mred'],
  ['a colour of one byte with a line feed in it', '\u009b\n3', '1mred'],
  ['a character set behind a line feed', '\x1b\n', '(0q'],
])('an image may be taken in the middle of %s', (_what, before, after) => {
  expectSameAfter(screenOf(before), after);
});

test('an image taken between any two bytes continues the same', () => {
  const all = Buffer.from(
    'a漢\x1b[1;31mb\x1b]2;t\x07\x1b[4hc\x1b(0q\x1b(B\x1b[?1049hx\x1b[?1049l😀\x1b[2;5r\x1b[3Gz',
  );
  for (let at = 1; at < all.length; at++) expectSameAfter(screenOf(all.subarray(0, at)), all.subarray(at));
});

test('a character is whole wherever its bytes are cut, also behind one of 0x80', () => {
  const bytes = Buffer.from('it’s – “so”… 、漢 😀 𐀀|');
  const whole = text(screenOf(bytes));
  expect(whole).toContain('it’s – “so”… 、漢 😀 𐀀|');
  for (let at = 1; at < bytes.length; at++) {
    const screen = screenOf(bytes.subarray(0, at));
    expectSameAfter(screen, bytes.subarray(at));
    expect(text(screen)).toBe(whole);
  }
  const single = screenOf('');
  for (const byte of bytes) single.write(Buffer.of(byte));
  expect(text(single)).toBe(whole);
  // xterm.js cuts by itself what is longer than 128 KiB.
  const long = `${'’'.repeat(50_000)}end`;
  expect(text(screenOf(long)).replaceAll(/[^’]/g, '')).toHaveLength(
    text(screenOf(long)).split('’').length - 1,
  );
  expect([...text(screenOf(long)).matchAll(/’/g)].length).toBe(50_000);
});

test('text before a control of two bytes that has begun is not told twice', () => {
  for (const begin of ['\u009b', '\u009d0;title', '\u0090q'])
    expect(text(screenOf(`hello${begin}`)).match(/hello/g)).toHaveLength(1);
  expectSameAfter(screenOf('hello\u009b'), '31mred');
});

test('a cell holds so many combining characters and no more, and the next text is shown', () => {
  const screen = screenOf(`a${'\u0301'.repeat(500_000)}b e\u0301 👩‍👩‍👧‍👦`);
  expect(screen.image(ALL).bytes.length).toBeLessThan(1000);
  expect(text(screen)).toContain('b e\u0301 👩‍👩‍👧‍👦');
  expectSameAfter(screen, `${'\u0302'.repeat(100)}c`);
  const again = screenOf(`x${'\u0301'.repeat(100)}`);
  again.write(Buffer.from('\ry\u0302'));
  expect(text(again)).toContain('y\u0302');
});

test('the title comes along, cut and clean', () => {
  const image = screenOf(`\x1b]2;web-1: /srv\u202e\x07`).image(ALL);
  expect(image.title).toBe('web-1: /srv');
  expect(screenOf(image.bytes).title).toBe('web-1: /srv');
  expect(screenOf(`\x1b]2;${'x'.repeat(5000)}\x07`).title).toHaveLength(256);
});

test('scrollback is 10,000 lines', () => {
  const screen = screenOf(Array.from({ length: 10_100 }, (_, i) => `n${i}\r\n`).join(''));
  const lines = text(screen).match(/n\d+/g) ?? [];
  expect(lines.at(-1)).toBe('n10099');
  expect(lines).toHaveLength(10_000 + 9);
});

test('what stands in the last row of a full buffer stays there, whatever the first one is', () => {
  const screen = screenOf(`${'w'.repeat(400)}\r\n`.repeat(1100));
  screen.write(Buffer.from('end'));
  expectSameAfter(screen, '!');
  expect(text(screen)).not.toContain('\x1b[A');
});

test.each([
  ['the end of a full row', 'x'.repeat(40)],
  ['no tab stops', '\x1b[3g'],
  ['a scroll region', '\x1b[3;6r'],
  ['a cursor saved at the end of a row', `${'x'.repeat(40)}\x1b7\x1b[H`],
])('room for more scrollback changes nothing else: %s', (_what, before) => {
  const [grown, small] = [screenOf(before), screenOf(before)] as const;
  // Bytes that do nothing make room, as it cannot be told what they do.
  grown.write(Buffer.from('\x07'.repeat(2000)));
  for (const screen of [grown, small]) screen.write(Buffer.from('\tafter\x1b8end'));
  expect(text(grown)).toBe(text(small));
});

test('scrollback loses nothing while there comes to be room for it', () => {
  const screen = new Screen({ columns: 40, rows: 10 });
  for (let line = 0; line < 3000; line++) screen.write(Buffer.from(`n${line}\r\n`));
  screen.resize(5, 10);
  screen.write(Buffer.from('z\x1b[20'));
  screen.write(Buffer.from('000b\r\n'));
  const lines = text(screen).match(/n\d+/g) ?? [];
  expect(lines[0]).toBe('n0');
  expect(lines).toHaveLength(3000);
  expect(text(screen).match(/z/g)).toHaveLength(20_001);
});

test('an image is bounded in bytes: the newest lines stay', () => {
  const screen = screenOf(Array.from({ length: 3000 }, (_, i) => `line ${i} ${'x'.repeat(20)}\r\n`).join(''));
  const image = screen.image({ lines: 10_000, most: 20_000 });
  expect(image.bytes.length).toBeLessThan(20_000);
  expect(Buffer.from(image.bytes).toString()).toContain('line 2999 ');
});

test('a sequence without an end is not kept for ever', () => {
  const screen = screenOf('\x1b]2;');
  for (let i = 0; i < 100; i++) screen.write(Buffer.alloc(16_384, 0x61));
  expect(screen.image(ALL).bytes.length).toBeLessThan(70_000);
  // What is left of it is still no text.
  const second = new Screen({ columns: 40, rows: 10 });
  second.write(screen.image(ALL).bytes);
  second.write(Buffer.from('aaa\x07text'));
  expect(JSON.stringify(text(second))).toMatch(/^"\\u001bc\\u001b\]2;a+\\u0007text\\u001b\[20l/);
});

test('a string of any length costs no more than its first bytes, and what comes behind it is shown', () => {
  const screen = screenOf('before\r\n\x1b]2;');
  const piece = Buffer.alloc(64 * 1024, 0x61);
  // Of this thread alone: others are at work in the process.
  const used = () => {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = used();
  let most = 0;
  // as much as the parser would keep of one, which as single characters is 320 MiB
  for (let i = 0; i < 160; i++) {
    screen.write(piece);
    most = Math.max(most, used());
  }
  expect(most - before).toBeLessThan(64 * 1024 * 1024);
  screen.write(Buffer.from('\x07behind'));
  expect(text(screen)).toContain('before');
  expect(text(screen)).toContain('behind');
});

test('of a string that is too long nothing is done, and of the next one all', () => {
  const screen = screenOf(`\x1b]2;kept\x07\x1b]2;${'x'.repeat(70_000)}\x07`);
  expect(screen.title).toBe('kept');
  screen.write(Buffer.from(`\x1bP$q${'m'.repeat(70_000)}\x1b\\\x1b]2;next\x07`));
  expect(screen.title).toBe('next');
});

test('as many columns as allowed do not cost more than they may', () => {
  const screen = new Screen({ columns: 1000, rows: 5 });
  screen.write(Buffer.from('y\r\n'.repeat(3200)));
  expect(text(screen).match(/y/g)?.length).toBe(3004);
});

test.each(['\x1b[999;999H\x1b[1J', '\x1b[?1049h\x1b[99;99H\x1b[?1J', `\x1b[10;1H${'x'.repeat(40)}\x1b[1J`])(
  'erasing up to the last cell is survived: %j',
  (bytes) => {
    const screen = screenOf(`above\r\n${bytes}`);
    screen.write(Buffer.from('\x1b[Hbelow'));
    expect(text(screen)).toContain('below');
    screen.write(Buffer.from('\x1b[?1049l after'));
    expect(text(screen)).toContain('after');
  },
);
