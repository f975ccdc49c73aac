import type { Log } from '../platform.ts';
import type { TerminalConnection } from '../runtime/port.ts';
import { Backlog } from './backlog.ts';
import { KeepPace } from './keep-pace.ts';
import {
  forgetScreen,
  KEPT_MOST,
  keepScreen,
  READ_MOST,
  readKeptHead,
  readKeptScreen,
} from './kept-screen.ts';
import { RoomForMore, type RoomOptions } from './room-for-more.ts';
import { SCROLLBACK, type ScreenImage } from './screen.ts';
import type { ScreenHandle, ScreenPool } from './screen-pool.ts';

/** Output that is kept for views that are a little behind, bytes. */
const BACKLOG = 192 * 1024;
/** After so much output, bytes, a screen is brought up to date and written down: the holder's ring has 1 MiB. */
const KEEP_EVERY = 512 * 1024;

export interface TerminalStateOptions extends Pick<RoomOptions, 'background' | 'isWatched'> {
  attach(from: number | 'tail'): Promise<TerminalConnection>;
  pool: ScreenPool;
  /** Where its screen is written down; null: it is not (a guest's console, whose ring has its boot). */
  path: string | null;
  log: Log;
  /** Offsets that are new in the backlog. */
  onOutput(): void;
  onExit(exit: { status: number | null; signal: string | null }): void;
  /** The holder is gone without a word. */
  onLost(): void;
  onDrain(): void;
  /** There is a screen from now on, until sleep or close. */
  onAwake(): void;
  /** Every byte as it comes, for who writes it down; once more when the screen is woken from what was kept of it. */
  onBytes(offset: number, bytes: Uint8Array): void;
}

/**
 * One terminal as the server follows it. *Awake*, its screen is up to date in a thread and its newest output in the
 * backlog. *Asleep*, it costs a connection: output is only counted (it lies in the holder's ring) until there is so much
 * that the ring could lose some. The screen then continues from where it was written down.
 */
export class TerminalState {
  readonly backlog = new Backlog();
  readonly #options: TerminalStateOptions;
  readonly #pace: KeepPace;
  readonly #room: RoomForMore;
  #connection: TerminalConnection | null = null;
  #screen: ScreenHandle | null = null;
  #waking: Promise<void> | null = null;
  /** All output before it came; is worked off by the screen; is in the written screen. */
  #seen = 0;
  #shown = 0;
  #kept = 0;
  #writing: Promise<boolean> | null = null;
  #isClosed = false;
  #heardAt = performance.now();
  #title = '';
  #size = { columns: 80, rows: 24 };
  #waiting: { offset: number; resolve: () => void }[] = [];

  constructor(options: TerminalStateOptions) {
    this.#options = options;
    this.#room = new RoomForMore({ ...options, acknowledge: (end) => this.#connection?.acknowledge(end) });
    this.#pace = new KeepPace({
      seen: () => this.#seen,
      keep: () => {
        if (this.unkept > 0) void this.keep();
      },
    });
  }

  /** When output came last, performance.now(). */
  get heardAt(): number {
    return this.#heardAt;
  }

  get isAwake(): boolean {
    return this.#screen !== null;
  }

  get size(): { columns: number; rows: number } {
    return this.#size;
  }

  get title(): string {
    return this.#title;
  }

  /** How much came since the screen was written down, bytes. */
  get unkept(): number {
    return this.#seen - this.#kept;
  }

  /** The bounds of what can be had. */
  get bounds(): { start: number; end: number; columns: number; rows: number } {
    return { start: this.backlog.start, end: this.backlog.end, ...this.#size };
  }

  /** Follow it without a screen. Throws what `attach` throws. */
  async follow(): Promise<void> {
    if (this.#connection || this.#waking) return;
    const head = this.#options.path ? await readKeptHead(this.#options.path) : null;
    const connection = await this.#options.attach('tail');
    if (this.#isClosed || this.#connection || this.#waking) return connection.close();
    const { end, columns, rows } = connection.state;
    this.#kept = head && head.end <= end ? head.end : 0;
    this.#title = head?.title ?? '';
    this.#seen = end;
    this.#room.restart(end);
    this.#size = { columns, rows };
    this.#listen(connection);
    if (this.unkept >= KEEP_EVERY) await this.wake();
  }

  /** Bring the screen up to date with all that was printed before now. Throws what `attach` throws. */
  wake(): Promise<void> {
    if (this.#screen && !this.#waking) return Promise.resolve();
    this.#waking ??= this.#wake().finally(() => {
      this.#waking = null;
    });
    return this.#waking;
  }

  async #wake(): Promise<void> {
    const { attach, path, pool } = this.#options;
    const found = path ? await readKeptScreen(path) : null;
    const connection = await attach(found?.end ?? 0);
    if (this.#isClosed) {
      connection.close();
      return;
    }
    const { start, end, columns, rows } = connection.state;
    // Offsets never shrink: what was written down is another terminal's.
    const kept = found && found.end <= end ? found : null;
    this.#connection?.close();
    const first = Math.max(start, kept?.end ?? 0);
    this.#kept = this.#shown = this.#seen = first;
    this.#room.restart(first);
    this.#size = { columns, rows };
    this.backlog.restart(first);
    const screen = pool.open(kept ?? this.#size, {
      onShown: (to, title) => this.#onShown(to, title),
      onLost: () => this.#onScreenLost(),
    });
    this.#screen = screen;
    // what comes now is in the ring
    this.#pace.began();
    this.#options.onAwake();
    if (kept) {
      screen.write(kept.bytes, kept.end);
      if (kept.end < start) screen.write(gapNote(start - kept.end), start);
    }
    screen.resize(columns, rows);
    this.#listen(connection);
    await this.#shownUpTo(end);
  }

  /** Write the screen down and let go of it, unless `mayStay` says so when that is done. */
  async sleep(mayStay: () => boolean): Promise<void> {
    const screen = this.#screen;
    if (!screen || this.#waking || this.#writing) return;
    if (!(await this.keep()) || mayStay() || this.#screen !== screen) return;
    screen.close();
    this.#screen = null;
    this.backlog.restart(this.#seen);
    this.#count();
  }

  /** Write the screen down, once more where that is going on. False: that is not possible now. */
  async keep(): Promise<boolean> {
    while (this.#writing) await this.#writing;
    this.#writing = this.#keep().finally(() => {
      this.#writing = null;
    });
    return this.#writing;
  }

  async #keep(): Promise<boolean> {
    const { path, log } = this.#options;
    if (!path || !this.#screen) return false;
    this.#pace.began();
    try {
      const taken = await this.image({ lines: SCROLLBACK, most: KEPT_MOST });
      if (!taken || taken.image.bytes.length > READ_MOST) return false;
      await keepScreen(path, taken.end, taken.image);
      this.#kept = taken.end;
      return true;
    } catch (error) {
      log.warn('the screen of a terminal cannot be written down', { path, error: String(error) });
      return false;
    }
  }

  /** Write it down as soon as it is not too old at once. */
  keepSoon(): void {
    this.#pace.soon();
  }

  image(limits: { lines: number; most: number }): Promise<{ image: ScreenImage; end: number } | null> {
    return this.#screen?.image(limits) ?? Promise.resolve(null);
  }

  /** Input. False: the holder is behind with it. */
  write(bytes: Uint8Array): boolean {
    return this.#connection?.write(bytes) ?? true;
  }

  resize(columns: number, rows: number): void {
    if (columns === this.#size.columns && rows === this.#size.rows) return;
    this.#size = { columns, rows };
    this.#connection?.resize(columns, rows);
    this.#screen?.resize(columns, rows);
  }

  /** Somebody looks at it from now on: what waited for its turn does not any more. */
  hurry(): void {
    this.#room.hurry();
  }

  /** Let go; the terminal goes on. */
  close(): void {
    this.#isClosed = true;
    this.#room.forget();
    this.#pace.stop();
    this.#connection?.close();
    this.#connection = null;
    this.#screen?.close();
    this.#screen = null;
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  /** It is over: nothing of it is kept any more. */
  async forget(): Promise<void> {
    this.close();
    if (this.#options.path) await forgetScreen(this.#options.path);
  }

  #listen(connection: TerminalConnection): void {
    this.#connection = connection;
    const isCurrent = () => this.#connection === connection;
    connection.onOutput((offset, bytes) => {
      if (isCurrent()) this.#take(offset, bytes);
    });
    connection.onDrain(() => isCurrent() && this.#options.onDrain());
    connection.onExit((exit) => {
      if (isCurrent()) void this.#shownUpTo(this.#seen).then(() => this.#options.onExit(exit));
    });
    connection.onLost(() => isCurrent() && !this.#isClosed && this.#options.onLost());
  }

  #take(offset: number, bytes: Uint8Array): void {
    const end = offset + bytes.length;
    const gap = offset - this.#seen;
    this.#seen = end;
    this.#heardAt = performance.now();
    if (this.#screen) {
      if (gap > 0) this.#screen.write(gapNote(gap), offset);
      this.backlog.add(offset, bytes);
      this.#screen.write(bytes, end);
      this.#options.onBytes(offset, bytes);
      this.#options.onOutput();
      return;
    }
    this.#options.onBytes(offset, bytes);
    this.#count();
  }

  /** Asleep: the ring has what came. Once it has to be worked off, the program waits for that. */
  #count(): void {
    if (this.unkept < KEEP_EVERY) this.#room.upTo(this.#seen);
    else void this.wake().catch(() => this.#options.onLost());
  }

  #onShown(end: number, title: string): void {
    this.#shown = Math.max(this.#shown, end);
    this.#title = title;
    this.#room.upTo(end);
    this.backlog.trim(end, BACKLOG);
    this.#waiting = this.#waiting.filter(({ offset, resolve }) => {
      if (offset > end) return true;
      resolve();
      return false;
    });
    if (this.unkept >= KEEP_EVERY) this.keepSoon();
  }

  #shownUpTo(offset: number): Promise<void> {
    if (!this.#screen || this.#shown >= offset) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ offset, resolve }));
  }

  #onScreenLost(): void {
    this.#screen = null;
    for (const { resolve } of this.#waiting.splice(0)) resolve();
    void this.wake().then(this.#options.onOutput, this.#options.onLost);
  }
}

/** Ends what a sequence may have begun, and says on a line of its own what is missing. */
function gapNote(bytes: number): Uint8Array {
  return Buffer.from(
    `\x18\r\n\x1b[0;7m ${bytes} bytes of output did not fit the buffer and are lost \x1b[0m\r\n`,
  );
}
