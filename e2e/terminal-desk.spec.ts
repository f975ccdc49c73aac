import type { Locator, Page } from '@playwright/test';
import { expect as expectSoon, test } from './fixtures/berth.ts';
import type { BerthInstance } from './helpers/berth-instance.ts';
import { expectTerminal, typeLine } from './helpers/terminal.ts';

test.setTimeout(180_000);
const expect = expectSoon.configure({ timeout: 60_000 });

interface Session {
  id: string;
  guest: string;
}

/** What each terminal of the page shows, by its session. */
function texts(page: Page): Promise<Record<string, string>> {
  return page.evaluate(() =>
    Object.fromEntries(
      [...(window.__berthTerminals ?? new Map())].map(([key, terminal]) => [key, terminal.text()]),
    ),
  );
}

async function expectText(page: Page, session: string, pattern: RegExp): Promise<void> {
  await expect.poll(async () => (await texts(page))[session] ?? '').toMatch(pattern);
}

const panes = (page: Page) => page.getByRole('region', { name: /^terminal / });

const shells = (page: Page) => page.getByRole('tablist', { name: 'shells' }).getByRole('tab');

/** The session of the pane that has the keys: the address names it. */
async function focusedSession(page: Page, not: readonly string[]): Promise<string> {
  const named = () => new URL(page.url()).searchParams.get('session') ?? '';
  await expect.poll(() => named() !== '' && !not.includes(named())).toBe(true);
  await expectText(page, named(), /[#$] $/m);
  return named();
}

async function boxOf(pane: Locator) {
  const box = await pane.boundingBox();
  if (!box) throw new Error('the pane is not seen');
  return box;
}

/** As a person pastes: the browser gives the text to what has the focus. */
function paste(page: Page, text: string): Promise<void> {
  return page.evaluate((data) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', data);
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    document.activeElement?.dispatchEvent(event);
  }, text);
}

const running = (berth: BerthInstance) => berth.berthJson<Session[]>(['terminal', 'ls']);

test('panes of a guest: split, moved, broadcast to the chosen, detached, and as they were after a reload', async ({
  signedIn: page,
  berth,
  browser,
}) => {
  let fourth = '';
  await berth.berthJson(['guest', 'create', 'desk-1', '--start']);
  await page.goto(`${berth.url}/guests/desk-1/terminal`);
  const first = await focusedSession(page, []);
  await page.getByRole('button', { name: 'Split right' }).click();
  const second = await focusedSession(page, [first]);
  await page.keyboard.press('Control+Shift+O');
  const third = await focusedSession(page, [first, second]);
  await expect(panes(page)).toHaveCount(3);
  const [left, upper, lower] = [panes(page).nth(0), panes(page).nth(1), panes(page).nth(2)];

  await test.step('keys move between panes and move what is between them', async () => {
    await typeLine(page, 'echo in-$((2+1))');
    await expectText(page, third, /^in-3$/m);
    await page.keyboard.press('Control+Shift+ArrowLeft');
    await expect.poll(() => focusedSession(page, [third])).toBe(first);
    await typeLine(page, 'echo in-$((0+1))');
    await expectText(page, first, /^in-1$/m);
    const before = await boxOf(left);
    await page.keyboard.press('Control+Shift+Alt+ArrowRight');
    await expect.poll(async () => (await boxOf(left)).width).toBeGreaterThan(before.width + 20);
    const rows = page.getByRole('separator', { name: /height of the panes/ });
    await rows.focus();
    await page.keyboard.press('Home');
    await expect(rows).toHaveAttribute('aria-valuenow', '10');
    const columns = page.getByRole('separator', { name: /width of the panes/ });
    const handle = await boxOf(columns);
    await page.mouse.move(handle.x + handle.width / 2, handle.y + 200);
    await page.mouse.down();
    await page.mouse.move(handle.x - 200, handle.y + 210, { steps: 4 });
    await page.mouse.up();
    await expect.poll(async () => (await boxOf(left)).width).toBeLessThan(before.width - 100);
    await columns.dblclick();
    await expect(columns).toHaveAttribute('aria-valuenow', '50');
  });

  await test.step('a reload finds the panes as they were', async () => {
    const [before, above] = [await boxOf(left), await boxOf(upper)];
    await page.reload();
    await expect(panes(page)).toHaveCount(3);
    for (const session of [first, second, third]) await expectText(page, session, /[#$] $/m);
    await expect.poll(() => boxOf(left)).toEqual(before);
    expect(await boxOf(upper)).toEqual(above);
    await page.getByRole('separator', { name: /height of the panes/ }).dblclick();
  });

  await test.step('another browser has them too, and what it adds is not lost', async () => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    await context.addCookies(await page.context().cookies());
    const other = await context.newPage();
    try {
      await other.goto(page.url());
      await expect(panes(other)).toHaveCount(3);
      const share = async (one: Page) => {
        const [first, all] = [await boxOf(panes(one).nth(0)), await boxOf(one.locator('main'))];
        return Math.round((first.width / all.width) * 20);
      };
      await expect.poll(() => share(other)).toBe(await share(page));
      // Both go on at once: a tab there, a divider here.
      const saved = other.waitForResponse((answer) => answer.url().includes('desk.save'));
      await other.getByRole('button', { name: 'New shell', exact: true }).click();
      fourth = await focusedSession(other, [first, second, third]);
      await saved;
      const rows = (one: Page) => one.getByRole('separator', { name: /height of the panes/ });
      const merged = page.waitForResponse((answer) => answer.url().includes('desk.save'));
      await rows(page).focus();
      await page.keyboard.press('Home');
      await merged;
      await expect(shells(page)).toHaveCount(2);
      await expect(rows(page)).toHaveAttribute('aria-valuenow', '10');
      await shells(page).first().click();
      await expect
        .poll(async () => {
          await other.reload();
          await expect(shells(other)).toHaveCount(2);
          await shells(other).first().click();
          return rows(other).getAttribute('aria-valuenow');
        })
        .toBe('10');
      await rows(page).dblclick();
    } finally {
      await context.close();
    }
  });

  await test.step('tabs are moved by keys and by the pointer, and stay where they were put', async () => {
    const tabs = shells(page);
    const order = () => tabs.evaluateAll((all) => all.map((tab) => tab.getAttribute('aria-selected')));
    await tabs.nth(1).click();
    await expectText(page, fourth, /[#$] $/m);
    await tabs.nth(1).focus();
    await page.keyboard.press('Shift+ArrowLeft');
    await expect.poll(order).toEqual(['true', 'false']);
    const [from, to] = [await boxOf(tabs.nth(0)), await boxOf(tabs.nth(1))];
    await page.mouse.move(from.x + 10, from.y + 10);
    await page.mouse.down();
    await page.mouse.move(to.x + to.width, to.y + 12, { steps: 6 });
    await page.mouse.up();
    await expect.poll(order).toEqual(['false', 'true']);
    await panes(page).last().locator('.xterm').click();
    await page.keyboard.press('Control+Shift+PageUp');
    await expect.poll(order).toEqual(['true', 'false']);
    await page.reload();
    await expect.poll(order).toEqual(['true', 'false']);
    await expectText(page, fourth, /[#$] $/m);
    await typeLine(page, 'exit');
    await expect(page.getByText('Open a new shell')).toBeVisible();
    await page.getByRole('button', { name: 'End this shell' }).click();
    await expect(tabs).toHaveCount(1);
  });

  await test.step('one pane has the whole tab, and gives it back', async () => {
    await left.locator('.xterm').click();
    await page.keyboard.press('Control+Shift+X');
    await expect(upper).toBeHidden();
    await page.keyboard.press('Control+Shift+X');
    await expect(upper).toBeVisible();
  });

  await test.step('broadcast reaches exactly the chosen, and ends', async () => {
    await page.keyboard.press('Control+Shift+B');
    const bar = page.getByRole('region', { name: 'broadcast' });
    await expect(bar).toContainText('3 terminals at once');
    await lower.getByRole('checkbox', { name: 'Receives' }).uncheck();
    await expect(bar).toContainText('2 terminals at once');
    await expect(page.locator('[data-receiver]')).toHaveCount(2);
    await left.locator('.xterm').click();
    await typeLine(page, 'echo all-$((1+1))');
    await expectText(page, first, /^all-2$/m);
    await expectText(page, second, /^all-2$/m);
    // Asked of the third itself, behind whatever would have come to it.
    await lower.locator('.xterm').click();
    await typeLine(page, 'echo own-$((1+1))');
    await expectText(page, third, /^own-2$/m);
    const shown = await texts(page);
    expect(shown[third]).not.toContain('all-');
    expect(shown[first]).not.toContain('own-');
    await page.keyboard.press('Control+Shift+B');
    await expect(bar).toHaveCount(0);
    await left.locator('.xterm').click();
    await typeLine(page, 'echo alone-$((1+1))');
    await expectText(page, first, /^alone-2$/m);
    expect((await texts(page))[second]).not.toContain('alone-');
  });

  await test.step('a paste of two lines asks, and presses no Enter', async () => {
    await paste(page, 'echo one\u001b[201~-$((1+1))\necho two-$((1+1))\n');
    const dialog = page.getByRole('dialog', { name: 'Paste 2 lines?' });
    await expect(dialog).toContainText('1 control character taken out');
    await expect(dialog).toContainText('Enter is yours to press');
    await dialog.getByRole('button', { name: 'Do not paste' }).click();
    await expect(dialog).toHaveCount(0);
    expect((await texts(page))[first]).not.toContain('echo two');
    await left.locator('.xterm').click();
    await paste(page, 'echo three-$((1+1))\n');
    await expect(page.getByText('Pasted without the line end')).toBeVisible();
    await expectText(page, first, /echo three-\$\(\(1\+1\)\)$/m);
    await page.keyboard.press('Enter');
    await expectText(page, first, /^three-2$/m);
  });

  await test.step('detached, a shell goes on, is not on the page, and can be brought back', async () => {
    await left.locator('.xterm').click();
    await typeLine(page, 'KEPT=here');
    await page.keyboard.press('Control+Shift+D');
    await expect(panes(page)).toHaveCount(2);
    await page.reload();
    await expect(panes(page)).toHaveCount(2);
    expect((await running(berth)).map(({ id }) => id).sort()).toEqual([first, second, third].sort());
    await page.getByRole('button', { name: '1 detached' }).click();
    await page.getByRole('menuitem', { name: /shell/ }).click();
    await expectText(page, first, /^three-2$/m);
    await typeLine(page, 'echo $KEPT-$((1+1))');
    await expectText(page, first, /^here-2$/m);
    await page.getByRole('button', { name: 'End this shell' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End the shell' }).click();
    await expect.poll(async () => (await running(berth)).map(({ id }) => id)).not.toContain(first);
  });

  await test.step('a shell that is missing says so, and the next that exists is opened', async () => {
    await page.getByRole('button', { name: 'New shell with a command or user' }).click();
    const dialog = page.getByRole('dialog', { name: 'New shell in desk-1' });
    await dialog.getByLabel('Command', { exact: true }).fill('/bin/zsh');
    await dialog.getByRole('button', { name: 'Open shell' }).click();
    const next = page.getByRole('button', { name: 'Open the next shell that exists' });
    await expect(next).toBeVisible();
    await expect(page.getByText(/\/bin\/zsh/).first()).toBeVisible();
    await next.click();
    await expect(next).toHaveCount(0);
    await focusedSession(page, [first, second, third]);
    await typeLine(page, 'echo $0-$((1+1))');
    await expectTerminal(page, /^\/bin\/sh-2$/m);
  });
});

test('the desk holds terminals of several guests, in the colours and the size that were chosen', async ({
  signedIn: page,
  berth,
}) => {
  for (const guest of ['desk-a', 'desk-b']) await berth.berthJson(['guest', 'create', guest, '--start']);
  await page.goto(`${berth.url}/terminals`);
  await page.getByRole('navigation', { name: 'views of the terminals' }).getByText('Desk').click();
  await page.getByRole('button', { name: 'Put a terminal here' }).last().click();
  const find = page.getByRole('combobox', { name: 'Find a shell or a guest' });
  await find.fill('desk-a');
  await page.keyboard.press('Enter');
  const first = await focusedSession(page, []);
  await page.getByRole('button', { name: 'Split right' }).click();
  await find.fill('desk-b');
  await page.getByRole('checkbox', { name: /^Choose the user, command/ }).check();
  await find.press('Enter');
  const chosen = page.getByRole('dialog', { name: 'New shell in desk-b' });
  await chosen.getByLabel('Working directory').fill('/tmp');
  await chosen.getByLabel('Environment').fill('WORD=chosen');
  await chosen.getByRole('button', { name: 'Open shell' }).click();
  const second = await focusedSession(page, [first]);
  await typeLine(page, 'echo $PWD:$WORD');
  await expectText(page, second, /^\/tmp:chosen$/m);
  await typeLine(page, 'hostname');
  await expectText(page, second, /^desk-b$/m);
  await page.reload();
  await expect(panes(page)).toHaveCount(2);
  await expectText(page, second, /^desk-b$/m);
  await expectText(page, first, /[#$] $/m);

  await page.getByRole('button', { name: 'Look of terminals' }).first().click();
  await page.getByRole('combobox', { name: 'Colours' }).click();
  await page.getByRole('option', { name: 'Solarized light' }).click();
  await page.getByRole('checkbox', { name: 'Screen reader mode' }).check();
  await page.keyboard.press('Escape');
  await panes(page).first().locator('.xterm').click();
  const columns = () => page.evaluate(() => [...(window.__berthTerminals?.values() ?? [])][0]?.columns ?? 0);
  const before = await columns();
  await page.keyboard.press('Control+Equal');
  await expect.poll(columns).toBeLessThan(before);
  await page.reload();
  await expect(page.locator('[data-terminal]').first()).toHaveCSS('background-color', 'rgb(253, 246, 227)');
  await expect(page.locator('.xterm-accessibility').first()).toBeAttached();
  await expect.poll(columns).toBeLessThan(before);

  // A guest that is gone takes its panes along; the other has the place.
  await berth.berth(['guest', 'rm', '--now', '--force', 'desk-a']);
  await page.reload();
  await expectTerminal(page, /^desk-b$/m);
  await expect(panes(page)).toHaveCount(1);
  expect(await running(berth)).toEqual([expect.objectContaining({ id: second, guest: 'desk-b' })]);
});
