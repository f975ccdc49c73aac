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

test('at 390 px: a finger that rests on a tab takes it along, one that goes on scrolls the tabs', async ({
  signedIn: page,
  berth,
}) => {
  await berth.berthJson(['guest', 'create', 'fingers', '--start']);
  await page.goto(`${berth.url}/guests/fingers/terminal`);
  await expectTerminal(page, /[#$] $/m);
  const list = page.getByRole('tablist', { name: 'shells' });
  const tabs = list.getByRole('tab');
  for (let count = 2; count <= 4; count++) {
    await page.getByRole('button', { name: 'New shell', exact: true }).tap();
    await expect(tabs).toHaveCount(count, { timeout: 30_000 });
  }
  const order = () => tabs.evaluateAll((all) => all.map((tab) => (tab as HTMLElement).dataset.tab));
  const scrolled = () => list.evaluate((element) => element.scrollLeft);
  const before = await order();
  const devtools = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: { x: number; y: number }[]) =>
    devtools.send('Input.dispatchTouchEvent', { type, touchPoints: points });

  await list.evaluate((element) => element.scrollTo({ left: 0 }));
  const box = await list.boundingBox();
  if (!box) throw new Error('there are no tabs');
  const y = box.y + box.height / 2;
  await devtools.send('Input.synthesizeScrollGesture', {
    ...{ x: box.x + box.width - 20, y, xDistance: -120, speed: 1200, gestureSourceType: 'touch' },
  });
  await expect.poll(scrolled).toBeGreaterThan(40);
  expect(await order()).toEqual(before);

  await list.evaluate((element) => element.scrollTo({ left: 0 }));
  const first = await tabs.first().boundingBox();
  if (!first) throw new Error('there is no first tab');
  const x = first.x + first.width / 2;
  await touch('touchStart', [{ x, y }]);
  await expect(list.locator('[data-held]')).toHaveCount(1);
  for (let step = 1; step <= 12; step++) {
    // Down as well: nobody's finger goes straight.
    await touch('touchMove', [{ x: x + Math.min(step * 25, box.x + box.width - 8 - x), y: y + step }]);
  }
  await expect.poll(async () => (await order()).indexOf(before[0])).toBeGreaterThan(0);
  await touch('touchEnd', []);
  await expect(list.locator('[data-held]')).toHaveCount(0);
  const after = await order();
  expect([...after].sort()).toEqual([...before].sort());
  await expectNoSidewaysScroll(page);
  // It is remembered as if it had been moved by the menu.
  const titles = () => tabs.allTextContents();
  const named = await titles();
  await page.reload();
  await expect.poll(titles).toEqual(named);
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
