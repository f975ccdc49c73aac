import type { ScreenImage } from './screen.ts';

/** What the server says to a thread that keeps screens. `id` numbers the screen within the thread. */
export type ToScreens =
  | { type: 'open'; id: number; columns: number; rows: number }
  /** `end`: offset behind the bytes; it comes back when they are worked off. */
  | { type: 'write'; id: number; bytes: Uint8Array; end: number }
  | { type: 'resize'; id: number; columns: number; rows: number }
  | { type: 'image'; id: number; request: number; lines: number; most: number }
  | { type: 'close'; id: number };

/** What the thread says. */
export type FromScreens =
  | { type: 'shown'; id: number; end: number; title: string }
  /** `end`: the image holds all output before this offset. */
  | { type: 'image'; id: number; request: number; end: number; image: ScreenImage }
  /** Screens that were silent take little memory from now on. */
  | { type: 'freed' };
