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
    __benchScrolls?: boolean;
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
          else {
            // It comes once the frame that has them is drawn.
            const drawn = new MessageChannel();
            drawn.port1.onmessage = () => resolve(performance.now());
            drawn.port2.postMessage(null);
          }
        };
        look();
      }),
    ROW,
  );
  return within(LOAD_MS, 'the rows of guests', seen);
}

/** Scroll the list by a wheel, as the browser itself does it: so many pixels a second. */
export async function scrollFrames(page: Page, pixels: number, seconds: number): Promise<Frames> {
  const box = await page.locator('table[aria-rowcount]').boundingBox();
  if (!box) throw new Error('there is no list to scroll');
  const scrolling = page.evaluate(countFrames, ROW);
  const cdp = await page.context().newCDPSession(page);
  const gesture = cdp.send('Input.synthesizeScrollGesture', {
    ...{ x: box.x + 300, y: 450, yDistance: -pixels * seconds, speed: pixels },
    ...{ gestureSourceType: 'mouse', preventFling: true },
  });
  await within(LOAD_MS + seconds * 1000, 'the end of the scrolling', gesture);
  await page.evaluate(() => {
    window.__benchScrolls = false;
  });
  const frames = await within(LOAD_MS, 'the frames', scrolling);
  await cdp.detach();
  return frames;
}

/** In the page: from the first movement of the list on, until it is told to end. */
function countFrames(row: string): Promise<Frames> {
  let scroller = document.querySelector<HTMLElement>(row)?.parentElement ?? null;
  while (scroller && scroller.scrollHeight <= scroller.clientHeight) scroller = scroller.parentElement;
  const box = scroller;
  if (!box) return Promise.reject(new Error('nothing scrolls'));
  window.__benchScrolls = true;
  const rows = Number(box.querySelector('table')?.getAttribute('aria-rowcount')) - 1;
  const rowHeight = box.scrollHeight / Math.max(1, rows);
  const seen = Math.ceil(box.clientHeight / rowHeight);
  const start = box.scrollTop;
  const intervals: number[] = [];
  let gaps = 0;
  let last: number | null = null;
  const hasGap = () => {
    const from = Math.floor(box.scrollTop / rowHeight);
    return [...box.querySelectorAll('tbody > tr:not([data-index])')].some((place) => {
      const index = Number(place.getAttribute('aria-rowindex')) - 2;
      return index >= from && index <= from + seen;
    });
  };
  return new Promise((resolve) => {
    const frame = (now: number) => {
      if (window.__benchScrolls === false) {
        resolve({ intervals, gaps });
        return;
      }
      if (last !== null) intervals.push(now - last);
      if (last !== null || box.scrollTop !== start) last = now;
      if (last !== null && hasGap()) gaps += 1;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
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
      else {
        const drawn = new MessageChannel();
        drawn.port1.onmessage = () => {
          state.drawn = performance.now();
        };
        drawn.port2.postMessage(null);
      }
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
