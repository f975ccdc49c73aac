import type { Page } from '@playwright/test';
import { within } from '../measure.ts';

const LOAD_MS = 30_000;
/** A row that has its guest. */
const ROW = 'table [data-index]';

/** ms between drawn frames while the list scrolls, and how often something that was not read yet was to be seen. */
export interface Frames {
  intervals: number[];
  /** Frames with a place in which no guest stood. */
  gaps: number;
}

declare global {
  interface Window {
    __benchKey?: { at: number | null; rows: number; drawn: number | null };
  }
}

/** From the beginning of a navigation to the frame after which rows of guests are on the screen, ms. */
export async function firstRows(page: Page, address: string): Promise<number> {
  await page.goto('about:blank');
  await page.goto(address, { waitUntil: 'commit' });
  const seen = page.evaluate(
    (row) =>
      new Promise<number>((resolve) => {
        const look = () => {
          if (document.querySelector(row) === null) requestAnimationFrame(look);
          // The frame that has them is drawn before the next one begins.
          else requestAnimationFrame(() => resolve(performance.now()));
        };
        look();
      }),
    ROW,
  );
  return within(LOAD_MS, 'the rows of guests', seen);
}

/** Scroll the list by so many pixels in each frame. */
export function scrollFrames(page: Page, pixels: number, seconds: number): Promise<Frames> {
  const run = page.evaluate(
    ([row, step, ms]) =>
      new Promise<Frames>((resolve, reject) => {
        let scroller = document.querySelector<HTMLElement>(row)?.parentElement ?? null;
        while (scroller && scroller.scrollHeight <= scroller.clientHeight) scroller = scroller.parentElement;
        if (!scroller) {
          reject(new Error('nothing scrolls'));
          return;
        }
        const box = scroller;
        box.scrollTop = 0;
        const intervals: number[] = [];
        let gaps = 0;
        let direction = 1;
        let first: number | null = null;
        let last = 0;
        const hasGap = () => {
          const { top, height } = box.getBoundingClientRect();
          const middle = document.elementFromPoint(box.getBoundingClientRect().left + 200, top + height / 2);
          return middle?.closest(row) === null;
        };
        const frame = (now: number) => {
          if (first === null) first = now;
          else intervals.push(now - last);
          last = now;
          if (now - first >= ms) {
            resolve({ intervals, gaps });
            return;
          }
          if (hasGap()) gaps += 1;
          if (box.scrollTop + box.clientHeight >= box.scrollHeight - 1) direction = -1;
          if (box.scrollTop <= 0) direction = 1;
          box.scrollTop += step * direction;
          requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
      }),
    [ROW, pixels, seconds * 1000] as const,
  );
  return within(LOAD_MS + seconds * 1000, 'the end of the scrolling', run);
}

/** From the next key on wait until the table has so many rows, and they are drawn. */
export function armKey(page: Page, rows: number): Promise<void> {
  return page.evaluate((wanted) => {
    const state: NonNullable<Window['__benchKey']> = { at: null, rows: wanted, drawn: null };
    window.__benchKey = state;
    window.addEventListener(
      'keydown',
      (event) => {
        state.at ??= event.timeStamp;
      },
      { once: true, capture: true },
    );
    const look = () => {
      const grid = document.querySelector('table[aria-rowcount]');
      const has = Number(grid?.getAttribute('aria-rowcount')) - 1;
      if (window.__benchKey !== state) return;
      if (has !== state.rows || grid?.querySelector('[data-index]') === null) requestAnimationFrame(look);
      else
        requestAnimationFrame(() => {
          state.drawn = performance.now();
        });
    };
    requestAnimationFrame(look);
  }, rows);
}

/** ms from the key to the drawn rows; null: they were there before the key. */
export async function keyDrawn(page: Page, patience: number): Promise<number | null> {
  await page.waitForFunction(() => typeof window.__benchKey?.drawn === 'number', undefined, {
    timeout: patience,
    polling: 'raf',
  });
  return page.evaluate(() => {
    const { at = null, drawn = null } = window.__benchKey ?? {};
    return at === null || drawn === null || drawn < at ? null : drawn - at;
  });
}
