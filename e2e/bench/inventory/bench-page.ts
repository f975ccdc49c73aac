import type { Browser, BrowserContext, Page } from '@playwright/test';
import { stopSignal } from '../measure.ts';
import { armKey, type Frames, firstRows, keyDrawn, scrollFrames } from './page-clock.ts';

/** The table's scroller, rows and filter in the page. */
const GRID = { role: 'grid', name: 'Guests' } as const;
const WORDS = ['web-12', 'tag:env=test', 'db-77', 'shop', 'state:failed', 'mail-9', 'cache', '8888'];
/** Pixels a second, of a wheel. */
const SPEEDS = [
  ['as one looks for something (1,200 px a second)', 1200],
  ['fast (3,000 px a second)', 3000],
  ['flying past (20,000 px a second)', 20_000],
] as const;
const PATIENCE_MS = 15_000;

export interface PageAmounts {
  loads: number;
  /** Seconds of each kind of scrolling. */
  seconds: number;
  words: number;
}

export interface PageResult {
  loads: { cold: number[]; warm: number[] };
  scrolls: { name: string; frames: Frames }[];
  /** From each key to the drawn rows, ms. */
  keys: number[];
}

/** How a person sees the list of all guests, in a real Chromium that is signed in. */
export async function benchPage(
  browser: Browser,
  session: BrowserContext,
  options: { url: string; amounts: PageAmounts; countOf: (q: string) => Promise<number> },
): Promise<PageResult> {
  const { url, amounts, countOf } = options;
  const address = `${url}/guests?view=all`;
  const cookies = await session.cookies();
  const fresh = async () => {
    const context = await browser.newContext({
      ignoreHTTPSErrors: true,
      viewport: { width: 1440, height: 900 },
    });
    await context.addCookies(cookies);
    return context;
  };
  const loads: PageResult['loads'] = { cold: [], warm: [] };
  // The first one is no typical one: the web process has rendered the page never before.
  for (let round = 0; round <= amounts.loads; round++) {
    stopSignal.throwIfAborted();
    const context = await fresh();
    const page = await context.newPage();
    const cold = await firstRows(page, address);
    const warm = await firstRows(page, address);
    if (round > 0) loads.cold.push(cold);
    if (round > 0) loads.warm.push(warm);
    await context.close();
  }
  const context = await fresh();
  const page = await context.newPage();
  const scrolls: PageResult['scrolls'] = [];
  for (const [name, pixels] of SPEEDS) {
    await firstRows(page, address);
    scrolls.push({ name, frames: await scrollFrames(page, pixels, amounts.seconds) });
  }
  await page.goto(address);
  const keys: number[] = [];
  for (const word of WORDS.slice(0, amounts.words)) keys.push(...(await typeWord(page, word, countOf)));
  await context.close();
  return { loads, scrolls, keys };
}

/** Type a word letter by letter as fast as its rows come; where a letter changes nothing there is nothing to wait for. */
async function typeWord(
  page: Page,
  word: string,
  countOf: (q: string) => Promise<number>,
): Promise<number[]> {
  const filter = page.getByRole('combobox', { name: 'Filter guests' });
  await page.getByRole(GRID.role, { name: GRID.name }).waitFor({ timeout: PATIENCE_MS });
  await filter.fill('');
  await filter.focus();
  const times: number[] = [];
  let before = await countOf('');
  await armKey(page, before);
  await keyDrawn(page, PATIENCE_MS);
  for (let length = 1; length <= word.length; length++) {
    stopSignal.throwIfAborted();
    const found = await countOf(word.slice(0, length));
    if (found > 0) await armKey(page, found);
    await page.keyboard.press(word.charAt(length - 1));
    if (found === 0) break;
    const ms = await keyDrawn(page, PATIENCE_MS);
    if (found !== before && ms !== null) times.push(ms);
    before = found;
  }
  return times;
}
