import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Tag, WINDOW } from '../../../server/console/protocol.ts';
import { type ConnectionState, type SocketLike, TicketRefused } from './connection-state.ts';
import { ACKNOWLEDGE_EVERY, BACK_OFF, HELD_INPUT, TerminalConnection } from './terminal-connection.ts';
import { INPUT_FRAME } from './terminal-frames.ts';

/** The server's end of one socket. */
class FakeSocket implements SocketLike {
  binaryType = 'blob';
  onopen: SocketLike['onopen'] = null;
  onmessage: SocketLike['onmessage'] = null;
  onclose: SocketLike['onclose'] = null;
  sent: Uint8Array[] = [];
  closed = false;
  readonly from: number;

  constructor(from: number) {
    this.from = from;
  }

  send(data: Uint8Array): void {
    this.sent.push(data);
  }

  close(): void {
    this.closed = true;
  }

  json(tag: number, value: unknown): void {
    const text = new TextEncoder().encode(JSON.stringify(value));
    const frame = new Uint8Array(text.length + 1);
    frame[0] = tag;
    frame.set(text, 1);
    this.message(frame.buffer);
  }

  state(start: number, end: number): void {
    this.json(Tag.state, { start, end, columns: 80, rows: 24 });
  }

  output(offset: number, text: string): void {
    const bytes = new TextEncoder().encode(text);
    const frame = new Uint8Array(bytes.length + 9);
    frame[0] = Tag.output;
    new DataView(frame.buffer).setBigUint64(1, BigInt(offset), true);
    frame.set(bytes, 9);
    this.message(frame.buffer);
  }

  screen(offset: number, text: string): void {
    const bytes = new TextEncoder().encode(text);
    const frame = new Uint8Array(bytes.length + 13);
    frame[0] = Tag.screen;
    const view = new DataView(frame.buffer);
    view.setBigUint64(1, BigInt(offset), true);
    view.setUint16(9, 80, true);
    view.setUint16(11, 24, true);
    frame.set(bytes, 13);
    this.message(frame.buffer);
  }

  message(data: ArrayBuffer): void {
    this.onmessage?.({ data } as MessageEvent);
  }

  lose(code = 1006): void {
    this.onclose?.({ code } as CloseEvent);
  }

  sentWith(tag: number): Uint8Array[] {
    return this.sent.filter((frame) => frame[0] === tag);
  }
}

function setUp(options: { tickets?: () => Promise<string> } = {}) {
  const sockets: FakeSocket[] = [];
  const states: ConnectionState[] = [];
  const unshown: (() => void)[] = [];
  const sizes: [number, number][] = [];
  const page = {
    text: '',
    gaps: [] as number[],
    resets: 0,
    screens: 0,
    holdWrites: false,
    people: [] as unknown[],
  };
  const askTicket = vi.fn(options.tickets ?? (async () => 't'));
  const connection = new TerminalConnection({
    askTicket,
    openSocket: (_ticket, from) => {
      const socket = new FakeSocket(from);
      sockets.push(socket);
      return socket;
    },
    write: (bytes, shown) => {
      page.text += new TextDecoder().decode(bytes);
      if (page.holdWrites) unshown.push(shown);
      else shown();
    },
    gap: (lost) => page.gaps.push(lost),
    reset: () => {
      page.resets += 1;
      page.text = '';
    },
    screen: ({ bytes }, shown) => {
      page.screens += 1;
      page.text = new TextDecoder().decode(bytes);
      if (page.holdWrites) unshown.push(shown);
      else shown();
    },
    sized: ({ columns, rows }) => sizes.push([columns, rows]),
    people: (people) => page.people.push(people),
    recording: () => undefined,
    changed: (state) => states.push(state),
  });
  const socket = (index = sockets.length - 1): FakeSocket => {
    const found = sockets[index];
    if (!found) throw new Error(`no socket ${index}`);
    return found;
  };
  const settle = () => vi.advanceTimersByTimeAsync(0);
  return { connection, sockets, socket, states, page, unshown, sizes, askTicket, settle };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('output', () => {
  it('shows each byte once, in order, across an overlap', async () => {
    const t = setUp();
    t.connection.start();
    await t.settle();
    t.socket().state(0, 5);
    t.socket().output(0, 'hello');
    t.socket().output(3, 'lo world');
    t.socket().output(2, 'llo');
    expect(t.page.text).toBe('hello world');
    expect(t.page.gaps).toEqual([]);
  });

  it('marks a gap with the number of lost bytes', async () => {
    const t = setUp();
    t.connection.start();
    await t.settle();
    t.socket().state(0, 0);
    t.socket().output(0, 'abc');
    t.socket().output(103, 'def');
    expect(t.page.gaps).toEqual([100]);
    expect(t.connection.offset).toBe(106);
  });

  it('calls nothing lost when a fresh page starts in the middle of the ring', async () => {
    const t = setUp();
    t.connection.start();
    await t.settle();
    t.socket().state(5000, 5003);
    t.socket().output(5000, 'abc');
    expect(t.page).toMatchObject({ text: 'abc', gaps: [] });
  });
});

describe('a screen', () => {
  it('takes the place of what is shown, is acknowledged when it is, and output goes on behind it', async () => {
    const t = setUp();
    t.connection.start();
    await t.settle();
    t.socket().state(0, 0);
    t.socket().output(0, 'flood');
    t.page.holdWrites = true;
    t.socket().screen(5_000_000, 'prompt#');
    expect(t.socket().sentWith(Tag.acknowledge)).toHaveLength(0);
    for (const shown of t.unshown) shown();
    const [frame] = t.socket().sentWith(Tag.acknowledge);
    expect(frame && new DataView(frame.buffer).getBigUint64(1, true)).toBe(5_000_000n);
    t.socket().output(5_000_000, ' ls');
    expect(t.page).toMatchObject({ text: 'prompt# ls', gaps: [], screens: 1 });
    t.socket().lose();
    await vi.advanceTimersByTimeAsync(BACK_OFF[0]);
    expect(t.socket().from).toBe(5_000_003);
  });

  it('comes with its size, and who is there is told and forgotten while the line is away', async () => {
    const t = setUp();
    t.connection.start();
    await t.settle();
    t.socket().state(0, 0);
    const people = { you: 2, driver: 1, people: [{ id: 1, name: 'ann', mayDrive: true, isAsking: false }] };
    t.socket().json(Tag.people, people);
    t.socket().message(new Uint8Array([Tag.size, 100, 0, 30, 0]).buffer);
    expect(t.sizes).toEqual([[100, 30]]);
    t.connection.control({ do: 'take' });
    const [frame] = t.socket().sentWith(Tag.control);
    expect(new TextDecoder().decode(frame?.subarray(1))).toBe('{"do":"take"}');
    t.socket().lose();
    expect(t.page.people).toEqual([people, null]);
  });
});

describe('reconnecting', () => {
  it('asks a new ticket and continues at the byte where it stopped', async () => {
    const t = setUp();
    t.connection.start();
    await t.settle();
    t.socket().state(0, 0);
    t.socket().output(0, 'one');
    t.socket().lose();
    expect(t.connection.state).toEqual({ status: 'reconnecting', attempt: 1 });
    await vi.advanceTimersByTimeAsync(BACK_OFF[0]);
    expect(t.askTicket).toHaveBeenCalledTimes(2);
    expect(t.socket().from).toBe(3);
    t.socket().state(0, 6);
    t.socket().output(3, 'two');
    expect(t.page.text).toBe('onetwo');
    expect(t.connection.state.status).toBe('open');
  });

  it('marks what the ring lost while it was away', async () => {
    const t = setUp();
    t.connection.start();
    await t.settle();
    t.socket().state(0, 0);
    t.socket().output(0, 'one');
    t.socket().lose();
    await vi.advanceTimersByTimeAsync(BACK_OFF[0]);
    t.socket().state(1003, 1006);
    t.socket().output(1003, 'two');
    expect(t.page.gaps).toEqual([1000]);
  });

  it('waits longer each time, up to the last pause, and starts short again after a success', async () => {
    let fail = true;
    const t = setUp({
      tickets: async () => {
        if (fail) throw new Error('network');
        return 't';
      },
    });
    t.connection.start();
    await t.settle();
    for (const [index, pause] of [...BACK_OFF, BACK_OFF[BACK_OFF.length - 1] ?? 0].entries()) {
      await vi.advanceTimersByTimeAsync(pause - 1);
      expect(t.askTicket).toHaveBeenCalledTimes(index + 1);
      await vi.advanceTimersByTimeAsync(1);
      expect(t.askTicket).toHaveBeenCalledTimes(index + 2);
    }
    fail = false;
    await vi.advanceTimersByTimeAsync(BACK_OFF[BACK_OFF.length - 1] ?? 0);
    t.socket().state(0, 0);
    t.socket().lose();
    expect(t.connection.state).toEqual({ status: 'reconnecting', attempt: 1 });
  });

  it('tries at once when told that the network is back', async () => {
    const t = setUp();
    t.connection.start();
    await t.settle();
    t.socket().lose();
    t.connection.retryNow();
    await t.settle();
    expect(t.sockets).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(BACK_OFF[0]);
    expect(t.sockets).toHaveLength(2);
  });

  it('asks another ticket when one came too late', async () => {
    const t = setUp();
    t.connection.start();
    await t.settle();
    t.socket().lose(4401);
    await vi.advanceTimersByTimeAsync(BACK_OFF[0]);
    expect(t.sockets).toHaveLength(2);
  });

  it('gives up a socket that opens and stays silent, and one that speaks nonsense', async () => {
    const t = setUp();
    t.connection.start();
    await t.settle();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(t.socket(0).closed).toBe(true);
    expect(t.connection.state.status).toBe('reconnecting');
    await vi.advanceTimersByTimeAsync(BACK_OFF[0]);
    t.socket().message(new Uint8Array([1, 2, 3]).buffer);
    expect(t.connection.state.status).toBe('reconnecting');
  });

  it('starts over when the far side did', async () => {
    const t = setUp();
    t.connection.start();
    await t.settle();
    t.socket().state(0, 0);
    t.socket().output(0, 'first boot');
    t.socket().lose();
    await vi.advanceTimersByTimeAsync(BACK_OFF[0]);
    t.socket().state(0, 4);
    await t.settle();
    expect(t.page.resets).toBe(1);
    expect(t.socket().from).toBe(0);
    t.socket().state(0, 4);
    t.socket().output(0, 'boot');
    expect(t.page.text).toBe('boot');
  });
});

describe('a terminal that ended while the page was away', () => {
  it('keeps what is shown and tells the exit', async () => {
    const t = setUp();
    t.connection.start();
    await t.settle();
    t.socket().state(0, 0);
    t.socket().output(0, 'last words');
    t.socket().lose();
    await vi.advanceTimersByTimeAsync(BACK_OFF[0]);
    t.socket().state(0, 0);
    t.socket().json(Tag.exit, { status: 0, signal: null });
    expect(t.page).toMatchObject({ text: 'last words', resets: 0 });
    expect(t.connection.state).toMatchObject({ status: 'ended', reason: 'exit' });
  });

  it('starts over when the empty terminal begins to print after all', async () => {
    const t = setUp();
    t.connection.start();
    await t.settle();
    t.socket().state(0, 0);
    t.socket().output(0, 'first boot');
    t.socket().lose();
    await vi.advanceTimersByTimeAsync(BACK_OFF[0]);
    t.socket().state(0, 0);
    t.socket().output(0, 'again');
    await t.settle();
    t.socket().state(0, 5);
    t.socket().output(0, 'again');
    expect(t.page).toMatchObject({ text: 'again', resets: 1 });
  });
});

describe('acknowledgement', () => {
  it('waits for the terminal, not for the socket', async () => {
    const t = setUp();
    t.page.holdWrites = true;
    t.connection.start();
    await t.settle();
    t.socket().state(0, 0);
    t.socket().output(0, 'x'.repeat(ACKNOWLEDGE_EVERY));
    expect(t.socket().sentWith(Tag.acknowledge)).toHaveLength(0);
    for (const shown of t.unshown) shown();
    const [frame] = t.socket().sentWith(Tag.acknowledge);
    expect(frame && new DataView(frame.buffer).getBigUint64(1, true)).toBe(BigInt(ACKNOWLEDGE_EVERY));
  });

  it('is not sent for each small echo, and comes well before the window is full', async () => {
    const t = setUp();
    t.connection.start();
    await t.settle();
    t.socket().state(0, 0);
    for (let at = 0; at < WINDOW; at += 1024) t.socket().output(at, 'x'.repeat(1024));
    expect(t.socket().sentWith(Tag.acknowledge)).toHaveLength(WINDOW / ACKNOWLEDGE_EVERY);
    expect(ACKNOWLEDGE_EVERY).toBeLessThanOrEqual(WINDOW / 2);
  });
});

describe('input', () => {
  it('joins what is typed in one turn and splits what is long', async () => {
    const t = setUp();
    t.connection.start();
    await t.settle();
    t.socket().state(0, 0);
    t.connection.input('l');
    t.connection.input('s');
    t.connection.input('é');
    await t.settle();
    expect(t.socket().sentWith(Tag.input)).toEqual([Uint8Array.from([Tag.input, 0x6c, 0x73, 0xc3, 0xa9])]);
    t.connection.input('x'.repeat(INPUT_FRAME + 1));
    await t.settle();
    expect(
      t
        .socket()
        .sentWith(Tag.input)
        .map((frame) => frame.length - 1),
    ).toEqual([4, INPUT_FRAME, 1]);
  });

  it('keeps keys typed while away, sends them after, and refuses more than it can hold', async () => {
    const t = setUp();
    t.connection.start();
    expect(t.connection.input('ls\r')).toBe(true);
    expect(t.connection.input('x'.repeat(HELD_INPUT))).toBe(false);
    await t.settle();
    expect(t.socket().sent).toHaveLength(0);
    t.socket().state(0, 0);
    expect(t.socket().sentWith(Tag.input)).toHaveLength(1);
  });

  it('passes binary reports byte by byte', async () => {
    const t = setUp();
    t.connection.start();
    await t.settle();
    t.socket().state(0, 0);
    t.connection.input('\x1b[M\xff', true);
    await t.settle();
    expect(t.socket().sentWith(Tag.input)).toEqual([Uint8Array.from([Tag.input, 0x1b, 0x5b, 0x4d, 0xff])]);
  });

  it('sends the size on every attach, and no size twice', async () => {
    const t = setUp();
    t.connection.resize(100, 30);
    t.connection.start();
    await t.settle();
    t.socket().state(0, 0);
    t.connection.resize(100, 30);
    t.connection.resize(101, 30);
    expect(t.socket().sentWith(Tag.resize)).toEqual([
      Uint8Array.from([Tag.resize, 100, 0, 30, 0]),
      Uint8Array.from([Tag.resize, 101, 0, 30, 0]),
    ]);
    t.socket().lose();
    await vi.advanceTimersByTimeAsync(BACK_OFF[0]);
    t.socket().state(0, 0);
    expect(t.socket().sentWith(Tag.resize)).toEqual([Uint8Array.from([Tag.resize, 101, 0, 30, 0])]);
  });
});

describe('the end', () => {
  it('tells the exit status and does not come back by itself', async () => {
    const t = setUp();
    t.connection.start();
    await t.settle();
    t.socket().state(0, 0);
    t.socket().json(Tag.exit, { status: 3, signal: null });
    t.socket(0).lose(1000);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(t.sockets).toHaveLength(1);
    expect(t.connection.state).toEqual({
      status: 'ended',
      reason: 'exit',
      exit: { status: 3, signal: null },
      message: null,
    });
    expect(t.connection.input('x')).toBe(false);
  });

  it.each([
    [4404, 'gone'],
    [4409, 'not-running'],
  ])('takes close code %i as %s', async (code, reason) => {
    const t = setUp();
    t.connection.start();
    await t.settle();
    t.socket().lose(code);
    expect(t.connection.state).toMatchObject({ status: 'ended', reason });
  });

  it('gives a server that comes back the time to find its shells, but not for ever', async () => {
    const t = setUp();
    t.connection.start();
    await t.settle();
    t.socket().state(0, 0);
    t.socket().output(0, 'x');
    t.socket().lose(1006);
    for (const pause of BACK_OFF.slice(0, -1)) {
      await vi.advanceTimersByTimeAsync(pause);
      expect(t.connection.state.status).toBe('reconnecting');
      t.socket().lose(4404);
    }
    await vi.advanceTimersByTimeAsync(BACK_OFF.at(-1) ?? 0);
    t.socket().lose(4404);
    expect(t.connection.state).toMatchObject({ status: 'ended', reason: 'gone' });
  });

  it('ends when a ticket is refused for good, and starts over when asked', async () => {
    let refuse = true;
    const t = setUp({
      tickets: async () => {
        if (refuse) throw new TicketRefused('not-running', 'guest a is stopped');
        return 't';
      },
    });
    t.connection.start();
    await t.settle();
    expect(t.connection.state).toMatchObject({ status: 'ended', message: 'guest a is stopped' });
    refuse = false;
    t.connection.start();
    await t.settle();
    expect(t.socket().from).toBe(0);
    expect(t.page.resets).toBe(1);
  });

  it('says nothing more after it was left', async () => {
    const t = setUp();
    t.connection.start();
    await t.settle();
    t.socket().state(0, 0);
    const before = t.states.length;
    const { onclose } = t.socket();
    t.connection.dispose();
    onclose?.({ code: 1006 } as CloseEvent);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(t.states).toHaveLength(before);
    expect(t.socket(0).closed).toBe(true);
  });
});
