import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { WebSocket } from 'ws';
import type { Log } from '../platform.ts';
import type { RunningRecording } from '../recording/recording-book.ts';
import type { RuntimePort } from '../runtime/port.ts';
import { BackgroundPace } from './background-pace.ts';
import { forgetScreen } from './kept-screen.ts';
import type { Newcomer, People } from './people.ts';
import type { ConsoleExit } from './protocol.ts';
import { ScreenPool } from './screen-pool.ts';
import { type JoinOptions, SharedTerminal } from './shared-terminal.ts';

const SLEEP_AFTER_MS = 10_000;
/** So much output in between, bytes, and it stays awake: it would be woken again at once. */
const BUSY = 256 * 1024;
/** Terminals that are taken up at once when the server starts. */
const AT_ONCE = 16;

export type TerminalKey = { session: string } | { guestId: string };

export interface TerminalDeskOptions {
  /** Where the screens of shells are written down. */
  folder: string;
  runtime: Pick<RuntimePort, 'attach' | 'giveBackMemory'>;
  log: Log;
  onSessionExit(session: string, exit: ConsoleExit): void;
  /** A recording ends because its terminal does. */
  onRecordingEnd(id: string): void;
  /** Who is in a terminal now, each person once. */
  onPeople?(key: TerminalKey, seats: People['seats']): void;
  /** ms that a screen which nobody looks at stays in memory; default 10 s. */
  sleepAfterMs?: number;
  /** What all terminals that nobody looks at may print together. */
  background?: BackgroundPace;
}

/** All terminals that the server follows: every shell for as long as it lives, a guest's console while somebody looks. */
export class TerminalDesk {
  readonly #options: TerminalDeskOptions;
  readonly #pool: ScreenPool;
  readonly #background: BackgroundPace;
  readonly #terminals = new Map<string, SharedTerminal>();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: TerminalDeskOptions) {
    this.#options = options;
    const { log, runtime } = options;
    this.#pool = new ScreenPool(log, {
      // what a thousand screens took is wanted by guests
      onFreed: () =>
        void runtime
          .giveBackMemory()
          .catch((error: unknown) => log.warn('memory is not given back', { error: String(error) })),
    });
    this.#background = options.background ?? new BackgroundPace();
  }

  /** Terminals with a screen in memory, and threads that keep them. */
  get awake(): { terminals: number; threads: number } {
    const awake = [...this.#terminals.values()].filter(({ state }) => state.isAwake);
    return { terminals: awake.length, threads: this.#pool.threads };
  }

  /** Take up the shells that live, and forget the screens of those that do not. */
  async adopt(sessions: readonly string[]): Promise<void> {
    const living = new Set(sessions);
    for (const name of await readdir(this.#options.folder)) {
      const session = /^(.+)\.screen(\.new)?$/.exec(name)?.[1];
      if (session && !living.has(session)) await forgetScreen(this.#pathOf(session));
    }
    const waiting = [...sessions];
    const takeUp = async () => {
      for (let session = waiting.pop(); session; session = waiting.pop()) await this.follow(session);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, takeUp));
  }

  /** Follow a shell from now on. Never rejects: one that cannot be followed has ended, or is tried again by who joins. */
  async follow(session: string): Promise<void> {
    const terminal = this.#terminal({ session });
    await terminal.state.follow().catch(() => this.#drop({ session }, terminal));
  }

  /** Show a terminal to somebody. Throws what the runtime's `attach` throws. */
  async join(key: TerminalKey, window: JoinOptions): Promise<void> {
    const terminal = this.#terminal(key);
    try {
      await terminal.join(window);
    } catch (error) {
      if (terminal.viewers === 0) this.#drop(key, terminal);
      throw error;
    }
  }

  /** A command line's place among those who look at a terminal. */
  seat(key: TerminalKey, socket: WebSocket, newcomer: Newcomer): ReturnType<SharedTerminal['seat']> {
    return this.#terminal(key).seat(socket, newcomer);
  }

  /** Record a terminal from now on. Throws as `SharedTerminal.record`, and what the runtime's `attach` throws. */
  async record(key: TerminalKey, running: RunningRecording, why: string | null = null): Promise<void> {
    const terminal = this.#terminal(key);
    try {
      await terminal.record(running, why);
    } catch (error) {
      if (terminal.viewers === 0 && !terminal.recording) this.#drop(key, terminal);
      throw error;
    }
  }

  /** The recording of a terminal that goes on; null: it is not recorded. */
  recordingOf(key: TerminalKey): string | null {
    return this.#terminals.get(nameOf(key))?.recording ?? null;
  }

  /** What a shell's programs call it, and who looks at it. */
  glance(session: string): { title: string; people: string[] } {
    const terminal = this.#terminals.get(nameOf({ session }));
    return { title: terminal?.state.title ?? '', people: terminal?.people ?? [] };
  }

  /** Say once more who is in a shell: something else of it has changed. */
  tellPeople(session: string): void {
    const terminal = this.#terminals.get(nameOf({ session }));
    if (terminal) this.#options.onPeople?.({ session }, terminal.seats);
  }

  /** For how long nobody has looked at a shell and nothing was typed or printed in it, ms; 0 for one that is not followed. */
  idleFor(session: string, now: number): number {
    return this.#terminals.get(nameOf({ session }))?.idleFor(now) ?? 0;
  }

  /** A shell has ended and is forgotten. */
  async forget(session: string): Promise<void> {
    const terminal = this.#terminals.get(nameOf({ session }));
    this.#terminals.delete(nameOf({ session }));
    this.#options.onPeople?.({ session }, []);
    terminal?.endRecording();
    await terminal?.state.forget();
    await forgetScreen(this.#pathOf(session));
  }

  /** Write down what is awake and let go of everything. */
  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    const all = [...this.#terminals.values()];
    await Promise.all(all.map(({ state }) => state.keep()));
    for (const terminal of all) terminal.close();
    this.#terminals.clear();
    await this.#pool[Symbol.asyncDispose]();
  }

  #terminal(key: TerminalKey): SharedTerminal {
    const name = nameOf(key);
    const known = this.#terminals.get(name);
    if (known) return known;
    const { runtime, log, onSessionExit, onRecordingEnd, onPeople } = this.#options;
    const terminal: SharedTerminal = new SharedTerminal({
      attach: (from) => runtime.attach(key, from),
      pool: this.#pool,
      background: this.#background,
      path: 'session' in key ? this.#pathOf(key.session) : null,
      log,
      onExit: (exit) => {
        if ('session' in key) onSessionExit(key.session, exit);
        this.#drop(key, terminal);
        if ('session' in key) void forgetScreen(this.#pathOf(key.session));
      },
      onGone: () => this.#drop(key, terminal),
      onRecordingEnd,
      // One that another has taken the place of says no more.
      onPeople: () => {
        if (this.#terminals.get(name) === terminal) onPeople?.(key, terminal.seats);
      },
      onAwake: () => {
        const often = (this.#options.sleepAfterMs ?? SLEEP_AFTER_MS) / 5;
        this.#timer ??= setInterval(() => this.#look(), often).unref();
      },
    });
    this.#terminals.set(name, terminal);
    return terminal;
  }

  #drop(key: TerminalKey, terminal: SharedTerminal): void {
    const name = nameOf(key);
    if (this.#terminals.get(name) === terminal) {
      this.#terminals.delete(name);
      this.#options.onPeople?.(key, []);
    }
    terminal.release();
  }

  #look(): void {
    const now = performance.now();
    const sleepAfter = this.#options.sleepAfterMs ?? SLEEP_AFTER_MS;
    let isAnyAwake = false;
    for (const [name, terminal] of this.#terminals) {
      const { state } = terminal;
      isAnyAwake ||= state.isAwake;
      if (!state.isAwake || terminal.unwatchedFor(now) < sleepAfter) continue;
      if (name.startsWith('console:')) {
        if (terminal.recording) continue;
        this.#terminals.delete(name);
        terminal.close();
      } else if (state.unkept < BUSY) void state.sleep(() => terminal.viewers > 0);
      else state.keepSoon();
    }
    if (isAnyAwake || !this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  #pathOf(session: string): string {
    return join(this.#options.folder, `${session}.screen`);
  }
}

function nameOf(key: TerminalKey): string {
  return 'session' in key ? `session:${key.session}` : `console:${key.guestId}`;
}
