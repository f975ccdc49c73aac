import type { ConsoleControl, ConsoleExit, ConsoleState } from '../../../server/console/protocol.ts';
import {
  type ConnectionOptions,
  type ConnectionState,
  type EndReason,
  type SocketLike,
  TicketRefused,
} from './connection-state.ts';
import {
  decodeFrame,
  encodeAcknowledge,
  encodeControl,
  encodeInput,
  encodeResize,
  inputBytes,
  type ServerFrame,
} from './terminal-frames.ts';

/** Acknowledge each time this much more has been shown. An eighth of the server's window, so that it never stalls. */
export const ACKNOWLEDGE_EVERY = 16 * 1024;
/** Keys typed while the connection is away are kept up to this many bytes, then refused. */
export const HELD_INPUT = 4 * 1024;
/** Pauses before each try, ms; the last one repeats. */
export const BACK_OFF = [100, 250, 500, 1000, 2000, 4000] as const;
/** A socket that opens but says nothing for this long is given up, ms. */
const SILENCE = 10_000;

/**
 * One terminal of the server, kept open: asks a ticket, connects, verifies offsets, acknowledges what is shown, comes
 * back with growing pauses and continues at the byte where it stopped. It knows neither React nor xterm.js.
 */
export class TerminalConnection {
  #options: ConnectionOptions;
  #state: ConnectionState = { status: 'connecting' };
  #socket: SocketLike | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  /** Counts tries: answers that belong to an earlier one are ignored. */
  #turn = 0;
  /** Offset of the next byte to show. */
  #next = 0;
  #shown = 0;
  #acknowledged = 0;
  #hasShown = false;
  #startedOver = false;
  /** Input not yet sent, and how much of it there is in bytes. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #flushing = false;
  #size: { columns: number; rows: number } | null = null;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get offset(): number {
    return this.#next;
  }

  /** Connect. Also brings an ended connection back, from the first byte the far side still has. */
  start(): void {
    if (this.#state.status === 'ended') this.#forget();
    this.#attempt = 0;
    this.#set({ status: 'connecting' });
    void this.#connect();
  }

  /** Try at once instead of at the end of the pause: the network is back, or the page is looked at again. */
  retryNow(): void {
    if (this.#state.status !== 'reconnecting' || this.#timer === undefined) return;
    clearTimeout(this.#timer);
    void this.#connect();
  }

  /** Leave; the shell runs on. Nothing is reported any more. */
  dispose(): void {
    this.#drop();
    this.#turn += 1;
  }

  /** Returns false when it was refused: the connection is away and the buffer for keys is full. */
  input(data: string, binary = false): boolean {
    if (this.#state.status === 'ended') return false;
    const bytes = inputBytes(data, binary);
    if (this.#state.status !== 'open' && this.#heldBytes + bytes.length > HELD_INPUT) return false;
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    if (!this.#flushing) {
      this.#flushing = true;
      queueMicrotask(() => this.#flush());
    }
    return true;
  }

  resize(columns: number, rows: number): void {
    if (this.#size?.columns === columns && this.#size.rows === rows) return;
    this.#size = { columns, rows };
    if (this.#state.status === 'open') this.#socket?.send(encodeResize(columns, rows));
  }

  /** Ask for control, take it or give it; nothing happens while the line is away. */
  control(control: ConsoleControl): void {
    if (this.#state.status === 'open') this.#socket?.send(encodeControl(control));
  }

  async #connect(): Promise<void> {
    this.#drop();
    this.#turn += 1;
    const turn = this.#turn;
    try {
      const ticket = await this.#options.askTicket();
      if (turn !== this.#turn) return;
      this.#listen(this.#options.openSocket(ticket, this.#next), turn);
    } catch (error) {
      if (turn !== this.#turn) return;
      if (error instanceof TicketRefused) this.#end(error.reason, null, error.message);
      else this.#retry();
    }
  }

  #listen(socket: SocketLike, turn: number): void {
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    this.#timer = setTimeout(() => this.#retry(), SILENCE);
    socket.onmessage = (event) => {
      if (turn !== this.#turn) return;
      try {
        this.#receive(event.data);
      } catch {
        this.#retry();
      }
    };
    socket.onclose = (event) => {
      if (turn === this.#turn) this.#closed(event.code);
    };
  }

  #receive(message: unknown): void {
    if (!(message instanceof ArrayBuffer)) throw new Error('a terminal speaks in binary messages');
    const frame = decodeFrame(message);
    if (frame.type === 'state') this.#opened(frame.state);
    else if (frame.type === 'exit') this.#end('exit', frame.exit, null);
    else if (frame.type === 'screen') this.#showScreen(frame);
    else if (frame.type === 'size') this.#options.sized(frame);
    else if (frame.type === 'people') this.#options.people(frame.people);
    else if (frame.type === 'recording') this.#options.recording(frame.mark);
    else this.#show(frame.offset, frame.bytes);
  }

  #opened(state: ConsoleState): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // Offsets never shrink: this is another terminal under the same name (a guest that was started again), or, empty,
    // one that is only there to tell its exit. What is shown is thrown away when output tells it is the former.
    this.#startedOver = state.end < this.#next;
    if (this.#startedOver && state.end > 0) {
      this.#startOver();
      return;
    }
    this.#attempt = 0;
    this.#set({ status: 'open' });
    if (this.#size) this.#socket?.send(encodeResize(this.#size.columns, this.#size.rows));
    this.#flush();
  }

  #startOver(): void {
    this.#forget();
    void this.#connect();
  }

  #show(offset: number, bytes: Uint8Array): void {
    if (this.#startedOver) {
      this.#startOver();
      return;
    }
    this.#skipTo(offset);
    const fresh = bytes.subarray(this.#next - offset);
    if (fresh.length === 0) return;
    this.#next += fresh.length;
    this.#hasShown = true;
    const end = this.#next;
    const turn = this.#turn;
    this.#options.write(fresh, () => {
      // After a reconnect the offsets go on, so late reports of the socket before still count; after a reset they do not.
      if (end > this.#next) return;
      this.#shown = Math.max(this.#shown, end);
      if (turn === this.#turn) this.#acknowledge();
    });
  }

  /** The server's screen in place of ours: what is between is not missed, it is in there as far as it can still be seen. */
  #showScreen(frame: Extract<ServerFrame, { type: 'screen' }>): void {
    this.#startedOver = false;
    this.#hasShown = true;
    this.#next = this.#shown = this.#acknowledged = frame.offset;
    const turn = this.#turn;
    this.#options.screen(frame, () => {
      if (turn === this.#turn) this.#socket?.send(encodeAcknowledge(frame.offset));
    });
  }

  #acknowledge(): void {
    if (this.#shown - this.#acknowledged < ACKNOWLEDGE_EVERY || this.#state.status !== 'open') return;
    this.#acknowledged = this.#shown;
    this.#socket?.send(encodeAcknowledge(this.#shown));
  }

  /** Moves on to `offset` when it is ahead, and says how much is missing; nothing was missed before the first byte. */
  #skipTo(offset: number): void {
    if (offset <= this.#next) return;
    if (this.#hasShown) this.#options.gap(offset - this.#next);
    this.#next = offset;
    this.#shown = offset;
    this.#acknowledged = offset;
  }

  #closed(code: number): void {
    this.#socket = null;
    // A server that has just come back may still be looking for the shells it left.
    const isComingBack = this.#hasShown && this.#attempt > 0 && this.#attempt < BACK_OFF.length;
    if (code === 1000) this.#end('exit', null, null);
    else if (isComingBack) this.#retry();
    else if (code === 4404) this.#end('gone', null, null);
    else if (code === 4409) this.#end('not-running', null, null);
    else this.#retry();
  }

  #retry(): void {
    this.#drop();
    this.#turn += 1;
    this.#options.people(null);
    this.#options.recording(null);
    this.#set({ status: 'reconnecting', attempt: this.#attempt + 1 });
    const pause = BACK_OFF[Math.min(this.#attempt, BACK_OFF.length - 1)];
    this.#attempt += 1;
    this.#timer = setTimeout(() => void this.#connect(), pause);
  }

  #end(reason: EndReason, exit: ConsoleExit | null, message: string | null): void {
    this.#drop();
    this.#turn += 1;
    this.#held = [];
    this.#heldBytes = 0;
    this.#options.recording(null);
    this.#set({ status: 'ended', reason, exit, message });
  }

  #flush(): void {
    this.#flushing = false;
    if (this.#state.status !== 'open' || this.#socket === null || this.#heldBytes === 0) return;
    const all = new Uint8Array(this.#heldBytes);
    let at = 0;
    for (const part of this.#held) {
      all.set(part, at);
      at += part.length;
    }
    this.#held = [];
    this.#heldBytes = 0;
    for (const frame of encodeInput(all)) this.#socket.send(frame);
  }

  #forget(): void {
    this.#next = 0;
    this.#shown = 0;
    this.#acknowledged = 0;
    this.#hasShown = false;
    this.#startedOver = false;
    this.#options.reset();
  }

  #drop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.onopen = null;
    socket.close();
  }

  #set(state: ConnectionState): void {
    this.#state = state;
    this.#options.changed(state);
  }
}
