import type { WebSocket } from 'ws';
import type { Backlog } from './backlog.ts';
import { exitFrame, outputFrame, screenFrame } from './frames.ts';
import { KEPT_MOST } from './kept-screen.ts';
import { type ConsoleExit, VIEW_WINDOW } from './protocol.ts';
import type { ScreenImage } from './screen.ts';
import { SCROLLBACK } from './screen.ts';

/** Output of one frame, bytes. */
const CHUNK = 32 * 1024;
/** How long output waits for more, ms, while the browser has some that it has not shown. */
const GATHER_MS = 4;
/** So far behind, bytes, nobody could have read it: the screen comes instead. */
const JUMP = 128 * 1024;
/** A jump waits until so little is still under way, bytes. */
const NEARLY_TAKEN = VIEW_WINDOW / 4;
/** How often a view is shown the screen of a flood, ms: more than anybody sees would only keep the browser at work. */
const JUMP_EVERY_MS = 33;
/** How often a view that lacks scrollback looks whether the flood is over, ms, and what counts as over, bytes in that time. */
const SETTLE_MS = 100;
const SETTLED = 32 * 1024;

export interface ViewerSource {
  backlog: Backlog;
  /** The screen as of now, or null when it is lost. */
  image(limits: { lines: number; most: number }): Promise<{ image: ScreenImage; end: number } | null>;
}

/**
 * One browser's view of a terminal. It is sent what is new, a window ahead of what it has shown; one that falls behind gets
 * the screen instead of the backlog, without scrollback while the flood lasts and with it once it is over. So a view
 * costs a window, whatever is printed and however slow it is, and shows what is true now.
 */
export class Viewer {
  readonly #socket: WebSocket;
  readonly #source: ViewerSource;
  #sent: number;
  #acknowledged: number;
  #asked = 0;
  #flushed: number;
  /** A screen is on its way: it counts as half a window until it is shown. */
  #screenUntil: number | null = null;
  #isAsking = false;
  #sentAt = 0;
  #gathering: NodeJS.Timeout | null = null;
  #settling: NodeJS.Timeout | null = null;
  #jumpedAt = Number.NEGATIVE_INFINITY;
  #resting: NodeJS.Timeout | null = null;
  #exit: ConsoleExit | null = null;

  constructor(socket: WebSocket, source: ViewerSource) {
    this.#socket = socket;
    this.#source = source;
    this.#sent = this.#acknowledged = this.#flushed = source.backlog.end;
    socket.once('close', () => {
      this.#stopSettling();
      if (this.#gathering) clearTimeout(this.#gathering);
      if (this.#resting) clearTimeout(this.#resting);
    });
  }

  /** Begin with the whole screen, or with what is new since `from` where that is at hand. */
  async start(from: number | null): Promise<void> {
    const { backlog } = this.#source;
    if (from !== null && from >= backlog.start && from <= backlog.end) {
      this.#sent = this.#acknowledged = this.#flushed = from;
      this.pump();
    } else await this.#jump(SCROLLBACK);
  }

  /** All output before `offset` is shown. */
  acknowledge(offset: number): void {
    this.#asked = Math.max(this.#asked, offset);
    this.#settle();
    this.pump();
  }

  /** The program ended: told when all is sent. */
  end(exit: ConsoleExit): void {
    this.#exit = exit;
    this.pump();
  }

  /** Send what may be sent. */
  pump(): void {
    const { backlog } = this.#source;
    while (!this.#isAsking && this.#isOpen) {
      const behind = backlog.end - this.#sent;
      if (behind === 0) {
        this.#tellExit();
        return;
      }
      if (this.#isLeftBehind(behind)) return;
      if (behind < CHUNK && this.#underWay > 0 && !this.#exit && this.#gathers()) return;
      const room = VIEW_WINDOW - this.#underWay;
      const bytes = room > 0 ? backlog.read(this.#sent, Math.min(room, CHUNK)) : null;
      if (!bytes) return;
      const offset = this.#sent;
      this.#sent += bytes.length;
      this.#sentAt = performance.now();
      this.#send(outputFrame(offset, bytes), this.#sent);
    }
  }

  /** Whether output waits for more to go with it: a frame costs a browser more than its bytes do. */
  #gathers(): boolean {
    if (this.#gathering) return true;
    if (performance.now() - this.#sentAt >= GATHER_MS) return false;
    this.#gathering = setTimeout(() => {
      this.#gathering = null;
      this.#sentAt = 0;
      this.pump();
    }, GATHER_MS);
    return true;
  }

  /** Whether the screen is what comes next, now or later. */
  #isLeftBehind(behind: number): boolean {
    if (this.#settling && this.#rests()) return true;
    if (behind <= (this.#settling ? CHUNK : JUMP) && this.#sent >= this.#source.backlog.start) return false;
    if (this.#underWay <= NEARLY_TAKEN) void this.#jump(0);
    return true;
  }

  /** Whether a flood's last screen is still the newest that has to be shown. */
  #rests(): boolean {
    const left = this.#jumpedAt + JUMP_EVERY_MS - performance.now();
    if (left <= 0 || this.#exit) return false;
    this.#resting ??= setTimeout(() => {
      this.#resting = null;
      this.pump();
    }, left);
    return true;
  }

  get #isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  get #underWay(): number {
    return this.#sent - this.#acknowledged + (this.#screenUntil === null ? 0 : VIEW_WINDOW / 2);
  }

  /** What the kernel has taken counts as well: who acknowledges without reading costs no memory either. */
  #send(frame: Buffer, end: number): void {
    this.#socket.send(frame, (error) => {
      if (error) return;
      this.#flushed = Math.max(this.#flushed, end);
      this.#settle();
      this.pump();
    });
  }

  #settle(): void {
    const taken = Math.min(this.#asked, this.#flushed);
    this.#acknowledged = Math.max(this.#acknowledged, taken);
    if (this.#screenUntil !== null && taken >= this.#screenUntil) this.#screenUntil = null;
  }

  async #jump(lines: number): Promise<void> {
    this.#isAsking = true;
    this.#jumpedAt = performance.now();
    const taken = await this.#source.image({ lines, most: KEPT_MOST });
    this.#isAsking = false;
    if (!this.#isOpen) return;
    if (!taken) return this.#socket.close(1012, 'the screen was lost');
    this.#sent = this.#acknowledged = this.#screenUntil = taken.end;
    this.#send(screenFrame(taken.end, taken.image), taken.end);
    if (lines > 0) this.#stopSettling();
    else this.#settling ??= this.#watchFlood();
    this.pump();
  }

  /** Until it is over, and the scrollback can be had for good. */
  #watchFlood(): NodeJS.Timeout {
    let before = this.#source.backlog.end;
    return setInterval(() => {
      const { end } = this.#source.backlog;
      const isOver = end - before < SETTLED && this.#sent === end && this.#underWay <= NEARLY_TAKEN;
      before = end;
      if (isOver && !this.#isAsking) void this.#jump(SCROLLBACK);
    }, SETTLE_MS);
  }

  #stopSettling(): void {
    if (this.#settling) clearInterval(this.#settling);
    this.#settling = null;
  }

  #tellExit(): void {
    if (!this.#exit) return;
    // Its scrollback comes before the end, or never.
    if (this.#settling) {
      this.#stopSettling();
      void this.#jump(SCROLLBACK);
      return;
    }
    this.#socket.send(exitFrame(this.#exit));
    this.#socket.close(1000, 'ended');
  }
}
