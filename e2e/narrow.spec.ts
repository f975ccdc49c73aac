import type { Page } from '@playwright/test';
import { expect, test } from './fixtures/berth.ts';
import { expectTerminal, typeLine } from './helpers/terminal.ts';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

/** Nothing is wider than the phone: the page does not scroll sideways. */
async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const { wide, room } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    room: document.documentElement.clientWidth,
  }));
  expect(wide).toBeLessThanOrEqual(room);
}

test('at 390 px: a new guest, its shell, and the keys a phone lacks', async ({ signedIn: page }) => {
  await expectNoSidewaysScroll(page);
  await page.getByRole('button', { name: 'New guest' }).first().tap();
  const create = page.getByRole('button', { name: 'Create and open shell' });
  await create.waitFor();
  await expectNoSidewaysScroll(page);
  await create.tap();
  await expectTerminal(page, /[#$] $/m);
  await expectNoSidewaysScroll(page);

  // The tools of a terminal have one row, which scrolls, and so have its keys.
  const tools = await page
    .getByRole('region', { name: /^terminal / })
    .getByRole('button', { name: /^(?:Search|Copy what|Look of|Full screen|More for|Record)/ })
    .all();
  expect(tools.length).toBeGreaterThan(4);
  const heights = await Promise.all(tools.map(async (tool) => (await tool.boundingBox())?.y));
  expect(new Set(heights).size).toBe(1);
  await page.getByRole('button', { name: /^More for/ }).tap();
  await page.getByRole('menuitem', { name: 'Detach: the shell goes on' }).waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.xterm').tap();

  const keys = page.getByRole('toolbar', { name: 'terminal keys' });
  const key = (name: string) => keys.getByRole('button', { name, exact: true });
  await expect(keys).toBeVisible();
  for (const button of await keys.getByRole('button').all()) {
    const box = await button.boundingBox();
    expect(box?.height, 'a key is large enough for a finger').toBeGreaterThanOrEqual(24);
    expect((box?.x ?? -1) + (box?.width ?? 0), 'a key is within the screen').toBeLessThanOrEqual(390);
  }

  // Ctrl and C: the running program is ended
  await typeLine(page, 'echo begun; sleep 1000');
  await expectTerminal(page, /^begun$/m);
  await key('Control').tap();
  await expect(key('Control')).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.type('c');
  await expect(key('Control')).toHaveAttribute('aria-pressed', 'false');
  await typeLine(page, 'echo ended-$((6 * 7))');
  await expectTerminal(page, /^ended-42$/m);

  // arrow up: the last line again; pipe, slash, hyphen and tilde type themselves
  await key('arrow ↑').tap();
  await page.keyboard.press('Enter');
  await expectTerminal(page, /^ended-42$[\s\S]*^ended-42$/m);
  await page.keyboard.type('echo x');
  for (const name of ['tilde', 'slash', 'hyphen']) await key(name).tap();
  await page.keyboard.type(' ');
  await key('pipe').tap();
  await typeLine(page, ' cat');
  await expectTerminal(page, /^x~\/-$/m);

  // Tab completes
  await page.keyboard.type('ls /etc/hostn');
  await key('Tab').tap();
  await page.keyboard.press('Enter');
  await expectTerminal(page, /ls \/etc\/hostname/);

  // Esc leaves the insert mode of vi
  await typeLine(page, 'clear; vi /tmp/phone');
  await expectTerminal(page, /^- \/tmp\/phone/m);
  await page.keyboard.type('iphone');
  await key('Escape').tap();
  await expectTerminal(page, /^- \/tmp\/phone \[Modified\]/m);
  await typeLine(page, ':wq');
  await typeLine(page, 'clear; cat /tmp/phone');
  await expectTerminal(page, /^phone$/m);
});

test('at 390 px: the list, the actions and the pages', async ({ signedIn: page, berth }) => {
  await berth.berthJson(['guest', 'create', 'pocket-1', '--start']);
  const row = page.getByRole('row', { name: /pocket-1/ });
  await expect(row).toContainText('running');
  await expect(row).toContainText(/\d+\.\d+\.\d+\.\d+/);
  const choose = async (item: string) => {
    await row.getByRole('button', { name: 'Actions on pocket-1' }).tap();
    await page.getByRole('menuitem', { name: item, exact: true }).tap();
  };
  await choose('Freeze');
  await expect(row).toContainText('frozen');
  await choose('Unfreeze');
  await expect(row).toContainText('running');
  await choose('Stop');
  await expect(row).toContainText('stopped');
  await expectNoSidewaysScroll(page);

  await row.getByRole('link', { name: 'pocket-1' }).tap();
  await expect(page.getByRole('heading', { name: 'pocket-1' })).toBeVisible();
  await expectNoSidewaysScroll(page);
  for (const tab of ['Configuration', 'Activity']) {
    await page.getByRole('link', { name: tab }).tap();
    await page.waitForURL(`**/${tab.toLowerCase()}`);
    await expectNoSidewaysScroll(page);
  }
  await page.getByRole('button', { name: 'Pages' }).tap();
  await page.getByRole('menuitem', { name: 'Operations' }).tap();
  await page.waitForURL('**/operations');
  await expectNoSidewaysScroll(page);
});
