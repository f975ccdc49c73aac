import { describe, expect, test, vi } from 'vitest';
import { formatClock, parseCast } from './cast.ts';
import { CastPlayer, type PlayerScreen } from './cast-player.ts';
import { searchCast, textOf } from './cast-search.ts';

const HEAD = '{"version":2,"width":80,"height":24}';
const castOf = (...events: [number, string, string][]) =>
  parseCast([HEAD, ...events.map((event) => JSON.stringify(event)), '[9, "o", "cut o'].join('\n'));

/** A screen that keeps what was written since the last reset. */
class FakeScreen implements PlayerScreen {
  text = '';
  written = 0;
  readonly sizes: string[] = [];

  write(text: string, done: () => void): void {
    this.text += text;
    this.written += text.length;
    queueMicrotask(done);
  }
  reset(): void {
    this.text = '';
  }
  resize({ columns, rows }: { columns: number; rows: number }): void {
    this.sizes.push(`${columns}x${rows}`);
  }
  picture(): string {
    return this.text;
  }
}

test('a cast is read without its cut last line, and nonsense is refused', () => {
  const cast = castOf([0.5, 'o', 'a'], [2, 'r', '100x30']);
  expect(cast).toMatchObject({ columns: 80, rows: 24, duration: 2 });
  expect(cast.events).toHaveLength(2);
  for (const text of ['', 'x', '{"version":1}', '{"version":2,"width":1e9,"height":2}'])
    expect(() => parseCast(text)).toThrow();
  expect([formatClock(7.9), formatClock(723), formatClock(3600)]).toEqual(['0:07', '12:03', '1:00:00']);
});

describe('search', () => {
  test('finds text over events and through colours, at the time when its last letter came', () => {
    const cast = castOf(
      [1, 'o', '\x1b[31mer\x1b'],
      [2, 'i', 'error'],
      [3, 'o', '[0mror: no\r\nspace'],
      [4, 'o', '\x1b]2;error in a title\x07 Error'],
    );
    expect(searchCast(textOf(cast), 'ERROR')).toEqual([
      { at: 0, time: 3, line: 'error: no' },
      { at: 16, time: 4, line: 'space Error' },
    ]);
    expect(searchCast(textOf(cast), ' ')).toEqual([]);
  });

  test('stops at 200 results', () => {
    expect(searchCast(textOf(castOf([1, 'o', 'x'.repeat(1000)])), 'x')).toHaveLength(200);
  });
});

describe('the player', () => {
  const cast = castOf(
    [1, 'o', 'one '],
    [2, 'r', '100x30'],
    [3, 'o', 'two '],
    [4, 'm', 'mark'],
    [5, 'o', 'three'],
  );

  test('shows any moment, forward and back, with its size', async () => {
    const screen = new FakeScreen();
    const player = new CastPlayer(cast, screen, () => undefined);
    await player.seek(3);
    expect([screen.text, screen.sizes.at(-1)]).toEqual(['one two ', '100x30']);
    await player.seek(1.5);
    expect([screen.text, screen.sizes.at(-1)]).toEqual(['one ', '80x24']);
    await player.seek(99);
    expect(screen.text).toBe('one two three');
    expect(player.state.time).toBe(5);
  });

  test('of many seeks at once the last is what is seen', async () => {
    const screen = new FakeScreen();
    const player = new CastPlayer(cast, screen, () => undefined);
    await Promise.all([5, 1, 3, 0].map((time) => player.seek(time)));
    expect(screen.text).toBe('');
  });

  test('goes back in a long one from the nearest picture, not from its beginning', async () => {
    const part = 'y'.repeat(200_000);
    const long = castOf(
      ...Array.from({ length: 40 }, (_, i): [number, string, string] => [i + 1, 'o', part]),
    );
    const screen = new FakeScreen();
    const picture = vi.spyOn(screen, 'picture');
    const player = new CastPlayer(long, screen, () => undefined);
    await player.seek(40);
    expect(screen.written).toBe(40 * part.length);
    const reset = vi.spyOn(screen, 'reset');
    await player.seek(38);
    expect(reset).toHaveBeenCalledTimes(1);
    expect(screen.text).toHaveLength(38 * part.length);
    // The fake's picture is its whole text: it was written as one, and only what came after it piece by piece.
    expect(picture.mock.results.some(({ value }) => value.length > 30 * part.length)).toBe(true);
  });

  test('plays by the clock at its speed, and skips pauses', async () => {
    const frames: FrameRequestCallback[] = [];
    vi.stubGlobal('requestAnimationFrame', (frame: FrameRequestCallback) => frames.push(frame));
    vi.stubGlobal('cancelAnimationFrame', () => undefined);
    const screen = new FakeScreen();
    const player = new CastPlayer(castOf([0, 'o', 'a'], [100, 'o', 'b']), screen, () => undefined);
    player.setSpeed(2);
    await player.seek(0);
    const begun = performance.now() + 50;
    await player.play();
    const run = async (ms: number) => {
      frames.shift()?.(begun + ms);
      await new Promise((resolve) => setTimeout(resolve, 1));
    };
    await run(100);
    // The pause of 100 s is one of 1 s; at double speed it takes half of that.
    expect(player.state.time).toBe(99);
    await run(400);
    expect(player.state.time).toBeCloseTo(99.6, 1);
    expect(screen.text).toBe('a');
    await run(700);
    expect(screen.text).toBe('ab');
    expect(player.state).toMatchObject({ isPlaying: false, time: 100 });
    vi.unstubAllGlobals();
  });
});
