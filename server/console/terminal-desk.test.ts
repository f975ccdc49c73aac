import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createDeskFixture } from './desk-fixture.ts';
import { Tag } from './protocol.ts';

vi.setConfig({ testTimeout: 60_000 });
const eventually = (assertion: () => void) => vi.waitFor(assertion, { timeout: 20_000, interval: 10 });

let fixture: Awaited<ReturnType<typeof createDeskFixture>>;
beforeEach(async () => {
  fixture = await createDeskFixture();
});
afterEach(() => fixture[Symbol.asyncDispose]());

const numbered = (from: number, to: number) =>
  Buffer.from(Array.from({ length: to - from }, (_, i) => `n${from + i}\r\n`).join(''));

/** The numbers on a screen and in its scrollback. */
const numbersIn = (text: string) => [...text.matchAll(/n(\d+)/g)].map((match) => Number(match[1]));

function expectRun(numbers: number[], last: number): void {
  expect(numbers.at(-1)).toBe(last);
  expect(numbers, 'every number once, in order').toEqual(numbers.map((_, i) => (numbers[0] ?? 0) + i));
}

describe('a view of a terminal', () => {
  test('gets the screen as it is, then what is new, and nothing twice', async () => {
    const holder = fixture.holder('s1');
    holder.print('\x1b[31mred\x1b[0m\r\n\x1b]2;title\x07prompt# ');
    const browser = fixture.open('s1');
    await eventually(() => expect(browser.text).toContain('prompt#'));
    expect(browser.text).toContain('31mred');
    expect(browser.text).toContain(']2;title');
    holder.print('ls');
    await eventually(() => expect(browser.text).toContain('prompt# ls'));
    expect(browser.screens).toBe(1);
    expect(browser.torn).toEqual([]);
  });

  test('goes on where it was when what is new is at hand, and gets the screen when it is not', async () => {
    const holder = fixture.holder('s1');
    holder.print('one ');
    const first = fixture.open('s1');
    await eventually(() => expect(first.next).toBe(4));
    first.socket.terminate();
    holder.print('two ');
    const second = fixture.open('s1', 4);
    await eventually(() => expect(second.next).toBe(8));
    expect(second.screens).toBe(0);
    second.socket.terminate();
    await holder.printPaced(numbered(0, 60_000));
    const third = fixture.open('s1', 8);
    await eventually(() => expect(third.next).toBe(holder.end));
    expect(third.screens).toBeGreaterThan(0);
    expectRun(numbersIn(third.text), 59_999);
  });

  test('that is far behind a flood jumps over it, holds up nobody, and has its scrollback afterwards', async () => {
    const holder = fixture.holder('s1');
    const quick = fixture.open('s1');
    const slow = fixture.open('s1');
    await eventually(() => expect(slow.screens).toBe(1));
    slow.takes = false;
    // 1.6 MB: the slow one takes nothing of it until the end.
    await holder.printPaced(numbered(0, 200_000));
    holder.print('prompt# ');
    await eventually(() => expect(quick.text).toContain('prompt#'));
    expect(slow.received).toBeLessThan(600_000);
    slow.takes = true;
    slow.acknowledge(slow.next);
    await eventually(() => expect(slow.text).toContain('prompt#'));
    await eventually(() => expectRun(numbersIn(slow.text), 199_999));
    await eventually(() => expectRun(numbersIn(quick.text), 199_999));
    await eventually(() => expect(numbersIn(slow.text).length).toBeGreaterThan(9_900));
    expect(slow.received).toBeLessThan(2_000_000);
    for (const browser of [quick, slow]) expect(browser.torn).toEqual([]);
  });

  test('ends with the exit after the last byte, even when it is behind', async () => {
    const holder = fixture.holder('s1');
    const browser = fixture.open('s1');
    await eventually(() => expect(browser.screens).toBe(1));
    browser.takes = false;
    await holder.printPaced(numbered(0, 50_000));
    holder.end_({ status: 3, signal: null });
    browser.takes = true;
    browser.acknowledge(browser.next);
    expect((await browser.closed).code).toBe(1000);
    expectRun(numbersIn(browser.text), 49_999);
    expect(JSON.parse(browser.payload(Tag.exit).toString())).toEqual({ status: 3, signal: null });
    expect(fixture.exits).toEqual([['s1', { status: 3, signal: null }]]);
  });

  test('of a program that ends while its screen is made shows what it printed last', async () => {
    const holder = fixture.holder('s1');
    holder.print('last words');
    const browser = fixture.open('s1');
    await vi.waitFor(() => expect(holder.connections.size).toBe(1), { timeout: 20_000, interval: 1 });
    holder.end_({ status: 4, signal: null });
    await eventually(() => expect(browser.text).toContain('last words'));
    await expect(browser.closed).resolves.toEqual({ code: 1000, reason: 'ended' });
    await eventually(() => expect(fixture.desk.awake).toEqual({ terminals: 0, threads: 0 }));
  });

  test('of a shell that is not there is refused', async () => {
    expect((await fixture.open('s9').closed).code).toBe(4404);
  });
});

describe('the screen of a shell outlives its server', () => {
  for (const how of ['ordered', 'killed'] as const) {
    test(`${how}: a window that stayed goes on, a new one shows all of it`, async () => {
      const holder = fixture.holder('s1');
      const before = fixture.open('s1');
      await holder.printPaced(numbered(0, 40_000));
      await eventually(() => expect(before.next).toBe(holder.end));
      await fixture.restart(how);
      holder.print(numbered(40_000, 41_000));
      const again = fixture.open('s1', before.next);
      const fresh = fixture.open('s1');
      for (const browser of [again, fresh]) {
        await eventually(() => expect(browser.next).toBe(holder.end));
        expect(browser.torn).toEqual([]);
      }
      if (again.screens === 0)
        expect(numbersIn(again.text)).toEqual(numbersIn(numbered(40_000, 41_000).toString()));
      expectRun(numbersIn(fresh.text), 40_999);
      expect(numbersIn(fresh.text).length).toBeGreaterThan(9_900);
    });
  }

  test('the alternate screen and a long-gone scrollback come back when nobody looked for longer than the ring holds', async () => {
    const holder = fixture.holder('s1');
    await fixture.desk.follow('s1');
    holder.print('first line\r\n\x1b[?1049h\x1b[2J\x1b[3;3Hin vi');
    // Redraws in place: over two rings of bytes, no line of scrollback.
    for (let i = 0; i < 60; i++) {
      await holder.printPaced(Buffer.from(`\x1b[5;1H${`${i} `.repeat(10_000)}`.slice(0, 40_000)));
    }
    await eventually(() => expect(holder.connections.size).toBe(1));
    await fixture.restart('ordered');
    const browser = fixture.open('s1');
    await eventually(() => expect(browser.text.slice(0, 300)).toContain('\x1b[?47h'));
    holder.print('\x1b[?1049lout of vi');
    await eventually(() => expect(browser.text).toContain('out of vi'));
    expect(browser.text).toContain('first line');
  });

  test('nothing of it is left when the shell is forgotten, nor of shells that ended while no server was there', async () => {
    const holder = fixture.holder('s1');
    const browser = fixture.open('s1');
    await holder.printPaced(numbered(0, 1000));
    await eventually(() => expect(browser.next).toBe(holder.end));
    await fixture.desk.stop();
    expect(await readdir(fixture.folder)).toContain('s1.screen');
    await fixture.desk.adopt([]);
    expect(await readdir(fixture.folder)).not.toContain('s1.screen');
  });
});

describe('several people', () => {
  const ann = { account: 'ann', name: 'ann', mayDrive: true };
  const bob = { account: 'bob', name: 'bob', mayDrive: true };

  test('one drives and gives the size, the other watches, asks and is given control', async () => {
    const holder = fixture.holder('s1');
    const first = fixture.open('s1');
    await eventually(() => expect(first.people).toBeDefined());
    fixture.newcomer = bob;
    const second = fixture.open('s1');
    await eventually(() => expect(second.people).toMatchObject({ driver: 1, you: 2 }));
    first.resize(100, 30);
    await eventually(() => expect(holder.sizes).toEqual([[100, 30]]));
    await eventually(() => expect(second.payload(Tag.size)).toEqual(Buffer.from([100, 0, 30, 0])));
    second.resize(50, 20);
    second.send(Tag.input, 'not heard');
    second.control({ do: 'ask' });
    await eventually(() =>
      expect(first.people).toMatchObject({ people: [{}, { name: 'bob', isAsking: true }] }),
    );
    expect(holder.sizes).toHaveLength(1);
    first.control({ do: 'give', to: 2 });
    await eventually(() => expect(first.people).toMatchObject({ driver: 2 }));
    expect(holder.sizes.at(-1)).toEqual([50, 20]);
    second.send(Tag.input, 'heard');
    first.send(Tag.input, 'not heard');
    await eventually(() => expect(Buffer.concat(holder.written).toString()).toBe('heard'));
    first.control({ do: 'take' });
    await eventually(() => expect(second.people).toMatchObject({ driver: 1 }));
    expect(holder.sizes.at(-1)).toEqual([100, 30]);
    first.socket.close();
    await eventually(() => expect(second.people).toMatchObject({ driver: 2, people: [{ id: 2 }] }));
  });

  test('who may only watch is not heard', async () => {
    const holder = fixture.holder('s1');
    fixture.newcomer = { ...ann, mayDrive: false };
    const browser = fixture.open('s1');
    await eventually(() => expect(browser.people).toMatchObject({ driver: null }));
    browser.send(Tag.input, 'rm -rf /');
    browser.resize(10, 10);
    browser.control({ do: 'take' });
    browser.control({ do: 'ask' });
    holder.print('seen');
    await eventually(() => expect(browser.text).toContain('seen'));
    expect(browser.people).toMatchObject({ driver: null });
    expect(holder.written).toEqual([]);
    expect(holder.sizes).toEqual([]);
  });
});

test('a terminal that nobody looks at has no screen in memory, and threads end with the last one', async () => {
  const holder = fixture.holder('s1');
  const browser = fixture.open('s1');
  holder.print(numbered(0, 100));
  await eventually(() => expect(browser.next).toBe(holder.end));
  expect(fixture.desk.awake).toEqual({ terminals: 1, threads: 1 });
  browser.socket.close();
  await eventually(() => expect(fixture.desk.awake).toEqual({ terminals: 0, threads: 0 }));
  // It is followed all the same.
  expect(holder.connections.size).toBe(1);
  holder.print(numbered(100, 200));
  const again = fixture.open('s1');
  await eventually(() => expectRun(numbersIn(again.text), 199));
  expect(numbersIn(again.text)[0]).toBe(0);
});
