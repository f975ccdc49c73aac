import { AppError } from '../errors/app-error.ts';
import type { Recorder } from '../recording/recorder.ts';
import type { RunningRecording } from '../recording/recording-book.ts';
import type { RecordingMark } from '../recording/schema.ts';
import type { TerminalState } from './terminal-state.ts';

/** Of the screen that a recording begins with: lines of scrollback, and bytes. */
const SCREEN = { lines: 1000, most: 256 * 1024 };

export interface TerminalRecordingOptions {
  state: Pick<TerminalState, 'wake' | 'image'>;
  /** To everybody in the terminal; null: it is recorded no more. */
  tell(mark: RecordingMark | null): void;
  /** The terminal ended, and the recording of this id with it. */
  onEnd(id: string): void;
}

/** The recording of a terminal while there is one. */
export class TerminalRecording {
  readonly #options: TerminalRecordingOptions;
  #running: RunningRecording | null = null;

  constructor(options: TerminalRecordingOptions) {
    this.#options = options;
  }

  get mark(): RecordingMark | null {
    return this.#running?.mark ?? null;
  }

  /** Where it is written to. */
  get recorder(): Recorder | null {
    return this.#running?.recorder ?? null;
  }

  /**
   * Write down from now on what the terminal shows, as it is now first. `why` marks where a recording that goes on was interrupted.
   * Throws `busy` when it is recorded already, and what `attach` throws.
   */
  async start(running: RunningRecording, why: string | null): Promise<void> {
    if (this.#running) throw new AppError('busy', 'this terminal is recorded already');
    const { state } = this.#options;
    this.#running = running;
    running.onOver(() => this.#change(running, null));
    try {
      await state.wake();
      const taken = await state.image(SCREEN);
      if (!taken) throw new AppError('unavailable', 'the screen of the terminal was lost: try again');
      running.recorder.begin(taken.image, taken.end, why);
    } catch (error) {
      this.#change(running, null);
      throw error;
    }
    this.#change(running, running);
  }

  /** The terminal is over. */
  end(): void {
    const running = this.#running;
    if (!running) return;
    this.#change(running, null);
    this.#options.onEnd(running.mark.id);
  }

  /** Nothing happens when it is another's turn already. */
  #change(from: RunningRecording, to: RunningRecording | null): void {
    if (this.#running !== from) return;
    this.#running = to;
    this.#options.tell(this.mark);
  }
}
