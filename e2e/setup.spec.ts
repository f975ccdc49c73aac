import { ADMIN, expect, test } from './fixtures/berth.ts';

test('the set-up link works once; then one signs in', async ({ berth, session, browser }) => {
  expect(session.cookies.length).toBeGreaterThan(0);
  expect(session.cookies.every((cookie) => cookie.httpOnly && cookie.secure)).toBe(true);
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await page.goto(berth.url);
  await page.waitForURL('**/login**');
  await page.getByLabel('User name').fill(ADMIN.username);
  await page.getByLabel('Password', { exact: true }).fill('not this one');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.locator('form').getByRole('alert')).toHaveText('the user name or the password is wrong');
  await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/guests');
  await context.close();
});

test('the first screen has one obvious button', async ({ signedIn: page }) => {
  await expect(page.getByRole('button', { name: 'New guest' })).toHaveCount(1);
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
