import { expect, type Page } from '@playwright/test';

/** What the page's terminals show, wrapped lines joined. */
export function terminalText(page: Page): Promise<string> {
  return page.evaluate(() =>
    [...(window.__berthTerminals?.values() ?? [])].map((terminal) => terminal.text()).join('\n'),
  );
}

/** Wait until the terminal shows something that matches. */
export async function expectTerminal(page: Page, pattern: RegExp, timeout = 30_000): Promise<void> {
  await expect.poll(() => terminalText(page), { timeout, intervals: [20, 50, 100] }).toMatch(pattern);
}

/** Type a line as a person does, into whatever has the focus: the terminal takes it by itself. */
export async function typeLine(page: Page, line: string): Promise<void> {
  await page.keyboard.type(line);
  await page.keyboard.press('Enter');
}

/** Columns and rows of the page's first terminal. */
export function terminalSize(page: Page): Promise<{ columns: number; rows: number }> {
  return page.evaluate(() => {
    const [first] = [...(window.__berthTerminals?.values() ?? [])];
    return { columns: first?.columns ?? 0, rows: first?.rows ?? 0 };
  });
}
