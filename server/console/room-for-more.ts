import type { BackgroundPace } from './background-pace.ts';

export interface RoomOptions {
  background: BackgroundPace;
  isWatched(): boolean;
  /** Tell the holder that all output before this offset is taken. */
  acknowledge(end: number): void;
}

/** How far a terminal's holder may go on: at once while somebody looks, in its turn while nobody does. */
export class RoomForMore {
  readonly #of: RoomOptions;
  #end = 0;

  constructor(options: RoomOptions) {
    this.#of = options;
  }

  /** A connection that begins at this offset. */
  restart(offset: number): void {
    this.#of.background.forget(this);
    this.#end = offset;
  }

  /** All output before `end` is taken. */
  upTo(end: number): void {
    const bytes = end - this.#end;
    if (bytes <= 0) return;
    this.#end = end;
    const go = () => this.#of.acknowledge(this.#end);
    if (this.#of.isWatched()) go();
    else this.#of.background.spend(this, bytes, go);
  }

  /** Somebody looks from now on: what waited for its turn does not any more. */
  hurry(): void {
    this.#of.background.hurry(this);
  }

  forget(): void {
    this.#of.background.forget(this);
  }
}
