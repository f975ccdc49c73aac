import { type Browser, expect, type Page } from '@playwright/test';
import type { BerthInstance } from './berth-instance.ts';

export const PASSWORD = 'a password of their own';

/** A new user in a browser of their own, who has chosen a password by the link and is signed in. `at`: by which address they come. */
export async function newPerson(
  { berth, browser }: { berth: BerthInstance; browser: Browser },
  person: { username: string; role: string; at?: string },
): Promise<Page> {
  const { username, role, at = berth.url } = person;
  const { link } = await berth.berthJson<{ link: { path: string } }>([
    ...['user', 'create', username, '--role', role],
  ]);
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await page.goto(`${at}${link.path}`);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: /^(Set the password|Join)/ }).click();
  await page.waitForURL('**/guests');
  return page;
}

/** Sign out by the menu. */
export async function leave(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Signed in as/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/login/);
}
