import type { WebSocket } from 'ws';
import type { RunningRecording } from '../recording/recording-book.ts';
import { parseTerminalRequest, peopleFrame, recordingFrame, sizeFrame, stateFrame } from './frames.ts';
import { messageBytes } from './message-bytes.ts';
import { type Newcomer, People } from './people.ts';
import type { ConsoleControl, ConsoleExit } from './protocol.ts';
import { TerminalRecording } from './terminal-recording.ts';
import { TerminalState, type TerminalStateOptions } from './terminal-state.ts';
import { Viewer } from './viewer.ts';

/** Input that a program has not read, bytes: a paste of a large file, not of a disk. */
const INPUT_MOST = 8 * 1024 * 1024;

interface Window {
  id: number;
  socket: WebSocket;
  /** Null for a command line, which has a connection to the holder of its own and gets every byte. */
  viewer: Viewer | null;
  size: { columns: number; rows: number } | null;
}

export type SharedTerminalOptions = Pick<
  TerminalStateOptions,
  'attach' | 'pool' | 'background' | 'path' | 'log' | 'onAwake'
> & {
  onExit(exit: ConsoleExit): void;
  /** There is nothing to follow any more: its holder was killed, or it ended. */
  onGone(): void;
  /** Its recording ends with it. */
  onRecordingEnd(id: string): void;
  /** Who is in it, or who drives, has changed. */
  onPeople?(): void;
};

export interface JoinOptions {
  socket: WebSocket;
  newcomer: Newcomer;
  /** Offset up to which the window shows everything already; null: it shows nothing. */
  from: number | null;
  /** From now on what the window says is heard. */
  listening(): void;
}

/** A terminal and everybody who looks at it: one connection to its holder, one screen, any number of windows. */
export class SharedTerminal {
  readonly state: TerminalState;
  readonly #options: SharedTerminalOptions;
  readonly #people = new People();
  readonly #windows = new Map<number, Window>();
  #waitingInput = 0;
  /** Those who come, until their window is there. */
  #coming = 0;
  #isReleased = false;
  #exit: ConsoleExit | null = null;
  readonly #recording: TerminalRecording;
  /** When the last window left, performance.now(). */
  #leftAt = performance.now();

  constructor(options: SharedTerminalOptions) {
    this.#options = options;
    this.state = new TerminalState({
      ...options,
      isWatched: () => this.viewers > 0,
      onOutput: () => this.#pump(),
      onExit: (exit) => this.#end(exit),
      onLost: () => this.#lose(),
      onDrain: () => {
        this.#waitingInput = 0;
      },
      onBytes: (offset, bytes) => this.#recording.recorder?.output(offset, bytes),
    });
    this.#recording = new TerminalRecording({
      state: this.state,
      tell: (mark) => {
        for (const { socket } of this.#windows.values())
          if (socket.readyState === socket.OPEN) socket.send(recordingFrame(mark));
      },
      onEnd: (id) => options.onRecordingEnd(id),
    });
  }

  /** Windows, and those that are about to be. */
  get viewers(): number {
    return this.#windows.size + this.#coming;
  }

  /** The recording that goes on. */
  get recording(): string | null {
    return this.#recording.mark?.id ?? null;
  }

  /** Names of those who look. */
  get people(): string[] {
    return this.#people.names;
  }

  /** Each person in it once, until it ends. */
  get seats(): People['seats'] {
    return this.#exit ? [] : this.#people.seats;
  }

  /** For how long nobody has looked and nothing was typed or printed, ms. */
  idleFor(now: number): number {
    return this.#windows.size > 0 ? 0 : now - Math.max(this.#leftAt, this.state.heardAt);
  }

  /** For how long nobody has looked, ms. */
  unwatchedFor(now: number): number {
    return this.#windows.size > 0 ? 0 : now - this.#leftAt;
  }

  /** Somebody's window: shows it the terminal until either goes away. Throws what the runtime's `attach` throws. */
  async join({ socket, newcomer, from, listening }: JoinOptions): Promise<void> {
    // A program may end while its screen is brought up to date: who waits for that still sees it.
    this.#coming += 1;
    this.state.hurry();
    try {
      await this.state.wake();
    } finally {
      this.#coming -= 1;
    }
    if (socket.readyState !== socket.OPEN) {
      if (this.#isReleased) this.release();
      return;
    }
    const viewer = new Viewer(socket, this.state);
    const window = this.#enter(socket, newcomer, viewer);
    socket.on('message', (data, isBinary) => {
      // A closing socket has no say any more: its login may have been revoked.
      if (socket.readyState !== socket.OPEN) return;
      if (!isBinary || !this.#hear(window, messageBytes(data)))
        socket.close(1008, 'not a frame of this protocol');
    });
    socket.send(stateFrame(this.state.bounds));
    if (this.#recording.mark) socket.send(recordingFrame(this.#recording.mark));
    this.#driverChanged();
    listening();
    await viewer.start(from);
    if (this.#exit) viewer.end(this.#exit);
  }

  /** Somebody's command line, which reads and writes the terminal by itself: it drives when it comes and when it types. */
  seat(
    socket: WebSocket,
    newcomer: Newcomer,
  ): {
    typed(bytes: Uint8Array): void;
    resized(columns: number, rows: number): void;
    company(): { others: boolean; drives: boolean };
  } {
    const window = this.#enter(socket, newcomer, null);
    if (this.#recording.mark) socket.send(recordingFrame(this.#recording.mark));
    const drive = () => {
      if (this.#people.driver === window.id || !this.#people.take(window.id)) return;
      this.#driverChanged();
    };
    drive();
    this.#tellPeople();
    return {
      company: () => ({ others: this.viewers > 1, drives: this.#people.driver === window.id }),
      typed: (bytes) => {
        drive();
        this.#recording.recorder?.input(bytes);
      },
      resized: (columns, rows) => {
        window.size = { columns, rows };
        if (this.#people.driver === window.id) this.#resize(window);
      },
    };
  }

  /** Record it from now on (terminal-recording.ts). */
  record(running: RunningRecording, why: string | null): Promise<void> {
    return this.#recording.start(running, why);
  }

  /** The terminal is over, and its recording with it. */
  endRecording(): void {
    this.#recording.end();
  }

  /** Nobody joins any more: it ends with its last window. */
  release(): void {
    this.#isReleased = true;
    if (this.viewers === 0) this.state.close();
  }

  /** Everybody is let go; the terminal goes on. */
  close(): void {
    this.state.close();
    for (const { socket } of this.#windows.values()) socket.close(1012, 'the terminal was lost');
  }

  #enter(socket: WebSocket, newcomer: Newcomer, viewer: Viewer | null): Window {
    const window = { id: this.#people.join(newcomer), socket, viewer, size: null };
    this.#windows.set(window.id, window);
    this.state.hurry();
    socket.on('close', () => this.#leave(window));
    return window;
  }

  #hear(window: Window, frame: Buffer): boolean {
    const request = parseTerminalRequest(frame);
    if (request?.type === 'input') this.#input(window, request.bytes);
    else if (request?.type === 'acknowledge') window.viewer?.acknowledge(request.offset);
    else if (request?.type === 'resize') {
      window.size = request;
      if (this.#people.driver === window.id) this.#resize(window);
    } else if (request?.type === 'control') this.#control(window.id, request.control);
    return request !== null;
  }

  #input(window: Window, bytes: Uint8Array): void {
    const driver = this.#people.driver;
    if (!this.#people.mayType(window.id)) return;
    if (this.#people.driver !== driver) this.#driverChanged();
    this.#recording.recorder?.input(bytes);
    // Not reading the client would keep its acknowledgements from us too: so what waits is counted, and too much of it
    // ends the connection.
    this.#waitingInput += bytes.length;
    if (this.state.write(bytes)) this.#waitingInput = 0;
    else if (this.#waitingInput > INPUT_MOST) window.socket.close(1013, 'the program reads no more input');
  }

  #control(id: number, control: ConsoleControl): void {
    const before = this.#people.driver;
    if (control.do === 'give') this.#people.give(id, control.to);
    else this.#people[control.do](id);
    if (this.#people.driver !== before) this.#driverChanged();
    else this.#tellPeople();
  }

  #leave(window: Window): void {
    const before = this.#people.driver;
    this.#windows.delete(window.id);
    this.#people.leave(window.id);
    if (this.#windows.size === 0) this.#leftAt = performance.now();
    if (this.#isReleased) this.release();
    if (this.#people.driver !== before) this.#driverChanged();
    else this.#tellPeople();
  }

  #driverChanged(): void {
    const driver = this.#windows.get(this.#people.driver ?? -1);
    if (driver) this.#resize(driver);
    const [name] = this.#people.names;
    if (driver && name) this.#recording.recorder?.mark(`${name} drives`);
    this.#tellPeople();
  }

  /** The one who drives gives the size. */
  #resize({ id, size }: Window): void {
    if (!size) return;
    const { columns, rows } = this.state.size;
    if (size.columns === columns && size.rows === rows) return;
    this.state.resize(size.columns, size.rows);
    this.#recording.recorder?.resize(size.columns, size.rows);
    for (const other of this.#windows.values()) if (other.id !== id) send(other, sizeFrame(size));
  }

  #tellPeople(): void {
    for (const window of this.#windows.values()) send(window, peopleFrame(this.#people.view(window.id)));
    this.#options.onPeople?.();
  }

  #pump(): void {
    for (const { viewer } of this.#windows.values()) viewer?.pump();
  }

  #end(exit: ConsoleExit): void {
    this.#exit = exit;
    for (const { viewer } of this.#windows.values()) viewer?.end(exit);
    this.endRecording();
    this.#options.onExit(exit);
  }

  /** Nothing is said of an end: the client comes back and asks for what there is. */
  #lose(): void {
    this.endRecording();
    this.close();
    this.#options.onGone();
  }
}

/** To a browser; a command line asks for nothing but output. */
function send({ socket, viewer }: Window, frame: Buffer): void {
  if (viewer && socket.readyState === socket.OPEN) socket.send(frame);
}
