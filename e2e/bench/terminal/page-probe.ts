import type { Page } from '@playwright/test';
import { stopSignal, within } from '../measure.ts';

/** When a socket of the page was told something last, performance.now(). */
interface Watched {
  __toldAt?: number;
}

const PROMPT_MS = 30_000;
const SHOWN_MS = 5000;
/** Of each of many keys with its echo, at the most, and of one of them. */
const ECHO_MS = 1000;
const KEY_MS = 30_000;
const FLOOD_MS = 120_000;

/** From the next page on: note when bytes come, whatever they are of. */
export async function watchSockets(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const Real = window.WebSocket;
    window.WebSocket = class extends Real {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        this.addEventListener('message', () => {
          (window as Watched).__toldAt = performance.now();
        });
      }
    };
  });
}

/** Call the terminal that is seen an old one: the next prompt is to be another's. */
export async function forgetTerminal(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const rows of document.querySelectorAll<HTMLElement>('.xterm-rows')) rows.dataset.old = '';
  });
}

/** Wait until a terminal that is seen, and is no old one, has drawn a prompt as its last row. */
export async function untilPrompt(page: Page): Promise<void> {
  const drawn = page.waitForFunction(
    () => {
      const all = [...document.querySelectorAll<HTMLElement>('.xterm-rows:not([data-old])')];
      const seen = all.find((rows) => rows.offsetParent !== null);
      const last = [...(seen?.children ?? [])]
        .map((row) => (row.textContent ?? '').trimEnd())
        .findLast(Boolean);
      return /[#$]$/.test(last ?? '');
    },
    undefined,
    { timeout: 0, polling: 'raf' },
  );
  await inPage(page, PROMPT_MS, 'a prompt in a new terminal', drawn);
}

/** Wait for something of a page, with what it shows in the error when that does not come. */
async function inPage<T>(page: Page, ms: number, what: string, work: Promise<T>): Promise<T> {
  // The loser of the race may fail later, when its page is closed.
  work.catch(() => undefined);
  try {
    return await within(ms, what, work);
  } catch (error) {
    if (stopSignal.aborted) throw error;
    const shown = page.evaluate(() => document.body.innerText.replaceAll(/\s+/g, ' ').slice(-120));
    const text = await within(SHOWN_MS, 'its text', shown).catch(String);
    throw new Error(`${error instanceof Error ? error.message : String(error)} (${page.url()}: ${text})`);
  }
}

/** Keys to their echo: ms until bytes come to the page, and until the letter is drawn. */
export function probeEcho(page: Page, keys: number): Promise<{ told: number[]; drawn: number[] }> {
  const echoes = page.evaluate(async (count) => {
    const rows = [...document.querySelectorAll<HTMLElement>('.xterm-rows')].find((one) => one.offsetParent);
    const area = rows?.closest('.xterm')?.querySelector('.xterm-helper-textarea');
    if (!rows || !area) throw new Error('the page shows no terminal');
    const press = (key: string, code: string, keyCode: number, ctrlKey = false) =>
      area.dispatchEvent(
        new KeyboardEvent('keydown', { key, code, keyCode, ctrlKey, bubbles: true, cancelable: true }),
      );
    const echoed = () => (/z+$/.exec((rows.textContent ?? '').trimEnd())?.[0] ?? '').length;
    const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    const until = (is: () => boolean) =>
      new Promise<number>((resolve, reject) => {
        const observer = new MutationObserver(() => {
          if (!is()) return;
          clearTimeout(late);
          observer.disconnect();
          resolve(performance.now());
        });
        const late = setTimeout(() => {
          observer.disconnect();
          reject(new Error('a key has no echo'));
        }, 20_000);
        observer.observe(rows, { childList: true, subtree: true, characterData: true });
      });
    const told: number[] = [];
    const drawn: number[] = [];
    for (let key = 0; key < count; key++) {
      const before = echoed();
      if (before >= 40) {
        const cleared = until(() => echoed() === 0);
        press('u', 'KeyU', 85, true);
        await cleared;
        await pause(50);
      }
      const length = echoed();
      const seen = until(() => echoed() > length);
      (window as Watched).__toldAt = Number.POSITIVE_INFINITY;
      const begun = performance.now();
      press('z', 'KeyZ', 90);
      const at = await seen;
      // Told first, drawn then: a later message has overwritten it only where others came.
      told.push(Math.min((window as Watched).__toldAt ?? at, at) - begun);
      drawn.push(at - begun);
      // not in step with the frames
      await pause(20 + Math.random() * 30);
    }
    press('u', 'KeyU', 85, true);
    await pause(200);
    return { told, drawn };
  }, keys);
  return inPage(page, KEY_MS + keys * ECHO_MS, `the echo of ${keys} keys`, echoes);
}

/** Run a command that ends with a line of this text: ms from Enter until the line is drawn. */
export async function probeCommand(page: Page, command: string, last: string): Promise<number> {
  await page.keyboard.type(command);
  const ended = page.evaluate(
    async ([text, patience]) => {
      const rows = [...document.querySelectorAll<HTMLElement>('.xterm-rows')].find((one) => one.offsetParent);
      const area = rows?.closest('.xterm')?.querySelector('.xterm-helper-textarea');
      if (!rows || !area) throw new Error('the page shows no terminal');
      const isDrawn = () => [...rows.children].some((row) => (row.textContent ?? '').trimEnd() === text);
      const begun = performance.now();
      // Pressed here: a key of Playwright's may be there before this looks.
      const key = { key: 'Enter', code: 'Enter', keyCode: 13, bubbles: true, cancelable: true };
      area.dispatchEvent(new KeyboardEvent('keydown', key));
      while (!isDrawn()) {
        if (performance.now() - begun > patience) throw new Error(`${text} was not drawn`);
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      return performance.now() - begun;
    },
    [last, FLOOD_MS] as const,
  );
  return inPage(page, FLOOD_MS + SHOWN_MS, `${last}, the end of a command`, ended);
}

/** Ctrl-C in the middle of `yes`: ms until the next prompt is drawn. */
export async function probeInterrupt(page: Page, floodMs: number): Promise<number> {
  await page.keyboard.type('yes');
  await page.keyboard.press('Enter');
  const prompt = page.evaluate(
    async ([before, patience]) => {
      const rows = [...document.querySelectorAll<HTMLElement>('.xterm-rows')].find((one) => one.offsetParent);
      const area = rows?.closest('.xterm')?.querySelector('.xterm-helper-textarea');
      if (!rows || !area) throw new Error('the page shows no terminal');
      const drawn = () => [...rows.children].map((row) => (row.textContent ?? '').trimEnd()).filter(Boolean);
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const deadline = performance.now() + patience;
      while (drawn().filter((row) => row === 'y').length < 10 && performance.now() < deadline) await frame();
      await new Promise((resolve) => setTimeout(resolve, before));
      const begun = performance.now();
      area.dispatchEvent(
        new KeyboardEvent('keydown', {
          key: 'c',
          code: 'KeyC',
          keyCode: 67,
          ctrlKey: true,
          bubbles: true,
          cancelable: true,
        }),
      );
      while (!/[#$]$/.test(drawn().at(-1) ?? '')) {
        if (performance.now() > deadline) throw new Error('no prompt after Ctrl-C');
        await frame();
      }
      return performance.now() - begun;
    },
    [floodMs, FLOOD_MS] as const,
  );
  return inPage(page, FLOOD_MS + SHOWN_MS, 'a prompt after Ctrl-C in a flood', prompt);
}
