import { type Cast, sizeIn } from './cast.ts';

/** Characters that are written at once. */
const PIECE = 128 * 1024;
/** After so many characters of output a picture of the screen is kept, to seek from. */
const PICTURE_EVERY = 1024 * 1024;
/** A pause that is longer, seconds, is cut to this when pauses are skipped. */
const LONGEST_PAUSE = 1;

/** The terminal that it plays on. */
export interface PlayerScreen {
  write(text: string, done: () => void): void;
  reset(): void;
  resize(size: { columns: number; rows: number }): void;
  /** What makes an empty terminal of the same size look the same. */
  picture(): string;
}

export interface PlayerState {
  /** Seconds. */
  time: number;
  isPlaying: boolean;
  speed: number;
  skipsPauses: boolean;
}

interface Picture {
  index: number;
  time: number;
  size: { columns: number; rows: number };
  text: string;
}

/** Plays an asciicast: forward as time goes, and to any moment by what was kept of those before it. */
export class CastPlayer {
  readonly #cast: Cast;
  readonly #screen: PlayerScreen;
  readonly #changed: (state: PlayerState) => void;
  #state: PlayerState = { time: 0, isPlaying: false, speed: 1, skipsPauses: true };
  /** The event that comes next. */
  #index = 0;
  #size: { columns: number; rows: number };
  #pictures: Picture[] = [];
  #sincePicture = 0;
  /** Counts seeks: one that was overtaken by another stops. */
  #turn = 0;
  #working: Promise<void> = Promise.resolve();
  #isBusy = false;
  #frame: number | null = null;
  #tickedAt = 0;

  constructor(cast: Cast, screen: PlayerScreen, changed: (state: PlayerState) => void) {
    this.#cast = cast;
    this.#screen = screen;
    this.#changed = changed;
    this.#size = { columns: cast.columns, rows: cast.rows };
    this.#screen.resize(this.#size);
    this.#pictures.push({ index: 0, time: 0, size: this.#size, text: '' });
  }

  get state(): PlayerState {
    return this.#state;
  }

  toggle(): void {
    if (this.#state.isPlaying) this.pause();
    else void this.play();
  }

  async play(): Promise<void> {
    if (this.#state.time >= this.#cast.duration) await this.seek(0);
    this.#set({ isPlaying: true });
    this.#tickedAt = performance.now();
    this.#frame ??= requestAnimationFrame((now) => this.#tick(now));
  }

  pause(): void {
    this.#set({ isPlaying: false });
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#frame = null;
  }

  setSpeed(speed: number): void {
    this.#set({ speed });
  }

  setSkipsPauses(skipsPauses: boolean): void {
    this.#set({ skipsPauses });
  }

  /** Show the moment `time`, seconds. */
  seek(time: number): Promise<void> {
    const wanted = Math.min(Math.max(0, time), this.#cast.duration);
    const turn = ++this.#turn;
    this.#set({ time: wanted });
    this.#working = this.#working.then(() => this.#show(wanted, turn));
    return this.#working;
  }

  dispose(): void {
    this.#turn++;
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#frame = null;
  }

  async #show(time: number, turn: number): Promise<void> {
    if (turn !== this.#turn) return;
    this.#isBusy = true;
    const shown = this.#cast.events[this.#index - 1]?.time ?? 0;
    const picture = this.#pictures.findLast((one) => one.time <= time) ?? this.#pictures[0];
    if (picture && (time < shown || picture.index > this.#index)) {
      this.#screen.reset();
      this.#size = picture.size;
      this.#screen.resize(picture.size);
      await this.#write(picture.text);
      this.#index = picture.index;
      this.#sincePicture = 0;
    }
    await this.#advance(time, turn);
    this.#isBusy = false;
  }

  /** Everything up to `time`, in pieces. */
  async #advance(time: number, turn: number): Promise<void> {
    const { events } = this.#cast;
    while (turn === this.#turn) {
      const event = events[this.#index];
      if (!event || event.time > time) return;
      if (event.code === 'r') {
        this.#index++;
        const size = sizeIn(event.data);
        if (size) {
          this.#size = size;
          this.#screen.resize(size);
        }
        continue;
      }
      let text = '';
      for (
        let next = events[this.#index];
        next && next.time <= time && next.code !== 'r' && text.length < PIECE;
        next = events[this.#index]
      ) {
        if (next.code === 'o') text += next.data;
        this.#index++;
      }
      if (text !== '') await this.#write(text);
      this.#sincePicture += text.length;
      if (this.#sincePicture >= PICTURE_EVERY) this.#takePicture();
    }
  }

  #takePicture(): void {
    this.#sincePicture = 0;
    const last = this.#pictures.at(-1);
    if (last && last.index >= this.#index) return;
    const time = this.#cast.events[this.#index - 1]?.time ?? 0;
    this.#pictures.push({ index: this.#index, time, size: this.#size, text: this.#screen.picture() });
  }

  #write(text: string): Promise<void> {
    return text === '' ? Promise.resolve() : new Promise((done) => this.#screen.write(text, done));
  }

  #tick(now: number): void {
    this.#frame = null;
    if (!this.#state.isPlaying) return;
    const passed = Math.max(0, now - this.#tickedAt) / 1000;
    this.#tickedAt = now;
    if (!this.#isBusy) {
      const { speed, skipsPauses } = this.#state;
      let time = this.#state.time + passed * speed;
      const next = this.#cast.events[this.#index]?.time;
      if (skipsPauses && next !== undefined && next - time > LONGEST_PAUSE) time = next - LONGEST_PAUSE;
      const isOver = time >= this.#cast.duration;
      void this.seek(time);
      if (isOver) {
        this.pause();
        return;
      }
    }
    this.#frame = requestAnimationFrame((later) => this.#tick(later));
  }

  #set(over: Partial<PlayerState>): void {
    this.#state = { ...this.#state, ...over };
    this.#changed(this.#state);
  }
}
