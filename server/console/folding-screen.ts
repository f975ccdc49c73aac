import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { DeferredScreen } from './deferred-screen.ts';
import { KEPT_MOST } from './kept-screen.ts';
import { SCROLLBACK, type ScreenImage } from './screen.ts';

/**
 * A screen that folds up when it is told to, until it is written to: then it is no more than the bytes that make it, a few
 * hundred instead of some 200 KiB of cells and what xterm.js has beside them.
 */
export class FoldingScreen {
  /** Null: it is folded up. */
  #screen: DeferredScreen | null;
  /** Its image, packed; its title is in it. */
  #folded: (Omit<ScreenImage, 'bytes'> & { packed: Uint8Array; length: number }) | null = null;
  /** When it was last written to, or asked for what had to be made of it; performance.now(). */
  #touchedAt = performance.now();
  /** It is too large as it is now. */
  #isLarge = false;

  constructor(size: { columns: number; rows: number }) {
    this.#screen = new DeferredScreen(size);
  }

  get title(): string {
    return this.#screen?.title ?? this.#folded?.title ?? '';
  }

  /** Bytes that it keeps while it is folded; 0 while it is not. */
  get keptBytes(): number {
    return this.#folded?.packed.buffer.byteLength ?? 0;
  }

  get isFolded(): boolean {
    return this.#screen === null;
  }

  write(bytes: Uint8Array): void {
    this.#unfold().write(bytes);
  }

  resize(columns: number, rows: number): void {
    const folded = this.#folded;
    if (folded?.columns === columns && folded.rows === rows) return;
    this.#unfold().resize(columns, rows);
  }

  /** As `Screen.image`; with all its scrollback it stays folded. */
  image(limits: { lines: number; most: number }): ScreenImage {
    const folded = this.#folded;
    if (folded && limits.lines >= SCROLLBACK && folded.length <= limits.most) {
      const { columns, rows, title, packed } = folded;
      // A copy: zlib answers with a part of a buffer of 16 KiB.
      return { bytes: new Uint8Array(inflateRawSync(packed)), columns, rows, title };
    }
    return this.#unfold().image(limits);
  }

  /** Fold up, unless something was done with it within so many ms or it is too large for it. Whether it did. */
  fold(now: number, after: number): boolean {
    if (!this.#screen || this.#isLarge || now - this.#touchedAt < after) return false;
    // Nothing of it may be lost: what is longer than what is kept of a screen stays as it is.
    const image = this.#screen.image({ lines: SCROLLBACK, most: Number.POSITIVE_INFINITY });
    const { bytes, ...rest } = image;
    this.#isLarge = bytes.length > KEPT_MOST;
    if (this.#isLarge) return false;
    const packed = new Uint8Array(deflateRawSync(bytes, { level: 1 }));
    this.#folded = { ...rest, packed, length: bytes.length };
    this.#screen.dispose();
    this.#screen = null;
    return true;
  }

  dispose(): void {
    this.#screen?.dispose();
    this.#screen = null;
    this.#folded = null;
  }

  #unfold(): DeferredScreen {
    this.#touchedAt = performance.now();
    this.#isLarge = false;
    if (this.#screen) return this.#screen;
    const folded = this.#folded;
    this.#folded = null;
    const screen = new DeferredScreen(folded ?? { columns: 80, rows: 24 });
    if (folded) screen.write(inflateRawSync(folded.packed));
    this.#screen = screen;
    return screen;
  }
}
