import type { Page } from '@playwright/test';
import { ADMIN, expect, test } from './fixtures/berth.ts';
import { expectTerminal, typeLine } from './helpers/terminal.ts';

/** On one's own page, reached by the menu. */
async function changeOwnPassword(page: Page, old: string, chosen: string): Promise<void> {
  await page.getByRole('button', { name: /^Signed in as/ }).click();
  await page.getByRole('menuitem', { name: 'Your account' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'this browser' })).toHaveCount(1);
  await page.getByLabel('Password now').fill('not the one');
  await page.getByLabel('New password', { exact: true }).fill(chosen);
  await page.getByRole('button', { name: 'Change the password' }).click();
  await expect(page.getByText('that is not the password that you have now')).toBeVisible();
  await page.getByLabel('Password now').fill(old);
  await page.getByRole('button', { name: 'Change the password' }).click();
  await expect(page.getByText('your password is changed')).toBeVisible();
}

test('the set-up link works once; then one signs in', async ({ berth, session, browser }) => {
  expect(session.cookies.length).toBeGreaterThan(0);
  expect(session.cookies.every((cookie) => cookie.httpOnly && cookie.secure)).toBe(true);
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await page.goto(berth.url);
  await page.waitForURL('**/login**');
  await page.getByLabel('User name').fill(ADMIN.username);
  await page.getByLabel('Password', { exact: true }).fill('not this one');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.locator('form').getByRole('alert')).toHaveText('the user name or the password is wrong');
  await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL('**/guests');
  await context.close();
});

test('the first screen has one obvious button', async ({ signedIn: page }) => {
  await expect(page.getByRole('button', { name: 'New guest' })).toHaveCount(1);
});

test('somebody who is invited as viewer looks and changes nothing, until that is taken too', async ({
  berth,
  browser,
  signedIn: page,
}) => {
  await berth.berthJson(['guest', 'create', 'seen', '--start']);
  await page.goto(`${berth.url}/people`);
  await page.getByRole('button', { name: 'Invite' }).click();
  await page.getByRole('button', { name: 'Make the link' }).click();
  const shown = page.getByRole('dialog', { name: 'Invitation' }).locator('code').first();
  await expect(shown).toContainText('/join#');
  const link = await shown.innerText();
  await page.getByRole('button', { name: 'Done' }).click();
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const viewer = await context.newPage();
  await viewer.goto(link.trim());
  await viewer.getByLabel('User name').fill('vera');
  await viewer.getByLabel('Password', { exact: true }).fill('looks at everything');
  await viewer.getByRole('button', { name: 'Join' }).click();
  await viewer.waitForURL('**/guests');
  await expect(viewer.getByRole('button', { name: 'New guest' })).toBeDisabled();
  await expect(viewer.getByRole('link', { name: 'People' })).toHaveCount(0);
  await viewer.goto(`${berth.url}/guests/seen`);
  await expect(viewer.getByRole('button', { name: 'Stop', exact: true })).toBeDisabled();
  await viewer.goto(`${berth.url}/guests/seen/terminal`);
  await expect(viewer.getByText('You may only watch')).toBeVisible();
  await page.goto(`${berth.url}/guests/seen/terminal`);
  await expectTerminal(page, /# /);
  await expect(viewer.getByText('read-only: you may only watch')).toBeVisible();
  await typeLine(page, 'echo for-$((40+2))-eyes');
  await expectTerminal(viewer, /for-42-eyes/);
  await changeOwnPassword(viewer, 'looks at everything', 'looks at everything still');
  await page.goto(`${berth.url}/people`);
  await page.getByRole('button', { name: 'Actions on vera' }).click();
  await page.getByRole('menuitem', { name: 'Disable', exact: true }).click();
  await viewer.waitForURL('**/login**');
  await context.close();
  expect((await berth.berth(['user', 'rm', 'vera'])).status).toBe(0);
});

test('a second up is quick and changes nothing', async ({ berth }) => {
  const before = await berth.berthJson<{ processes: unknown }>(['status']);
  const again = await berth.berth(['up']);
  expect(again.status).toBe(0);
  expect(again.stdout).toContain('already running');
  expect((await berth.berthJson<{ processes: unknown }>(['status'])).processes).toEqual(before.processes);
});

test('down leaves the guests running, up finds them again', async ({ berth, session }) => {
  expect(session.cookies.length).toBeGreaterThan(0);
  await berth.berthJson(['guest', 'create', 'stays', '--start']);
  const before = await berth.berthJson<{ initPid: number }>(['guest', 'info', 'stays']);
  expect((await berth.berth(['down'])).status).toBe(0);
  expect((await berth.berth(['status'])).status).toBe(9);
  process.kill(before.initPid, 0);
  const ls = await berth.berth(['guest', 'ls']);
  expect(ls.status).toBe(9);
  expect(ls.stderr).toContain('berth up');
  expect((await berth.berth(['up'])).status).toBe(0);
  const after = await berth.berthJson<{ initPid: number; state: string }>(['guest', 'info', 'stays']);
  expect(after).toMatchObject({ initPid: before.initPid, state: 'running' });
});
