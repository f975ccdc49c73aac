import { expect, test } from './fixtures/berth.ts';
import { newPerson } from './helpers/new-person.ts';

const LOOKS = [
  { size: { width: 1440, height: 900 }, scheme: 'light' },
  { size: { width: 1440, height: 900 }, scheme: 'dark' },
  { size: { width: 390, height: 844 }, scheme: 'light' },
  { size: { width: 390, height: 844 }, scheme: 'dark' },
] as const;

test('guests are tiles on a board, which is an address, a view, and what Guests opens with', async ({
  signedIn: page,
  berth,
  browser,
}) => {
  test.setTimeout(180_000);
  await berth.berthJson(['guest', 'create', 'tile-a', '--start', '--tag', 'env=prod']);
  await berth.berthJson(['guest', 'create', 'tile-b', '--start', '--tag', 'env=test']);
  for (const name of ['tile-c', 'tile-d'])
    await berth.berthJson(['guest', 'create', name, '--tag', 'env=prod']);
  const column = (name: string) => page.getByRole('grid', { name, exact: true });
  const tile = (name: RegExp) => page.getByRole('row', { name });
  const shoot = async (what: string) => {
    for (const { size, scheme } of LOOKS) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme: scheme });
      await expect(tile(/tile-a/)).toBeVisible();
      await page.screenshot({ path: `test-results/board-${what}-${size.width}-${scheme}.png` });
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme: 'light' });
  };

  await test.step('a tile says what its row does, and moves as its guest does', async () => {
    await page.getByRole('button', { name: 'Board', exact: true }).click();
    await expect(page).toHaveURL(/layout=board/);
    await expect(page.getByRole('region', { name: 'running, 2 guests' })).toBeVisible();
    await expect(column('running').getByRole('row')).toHaveCount(2);
    await expect(column('stopped').getByRole('row')).toHaveCount(2);
    await expect(tile(/tile-a/)).toContainText('running');
    await expect(tile(/tile-a/)).toContainText(/of 1 cpu/);
    await berth.berthJson(['guest', 'start', 'tile-c']);
    await expect(column('running').getByRole('row')).toHaveCount(3);
    await expect(page.getByRole('region', { name: 'stopped, 1 guest', exact: true })).toBeVisible();
  });

  await test.step('the arrows lead from tile to tile, Space chooses, the bar acts', async () => {
    await tile(/tile-a/).focus();
    await page.keyboard.press('ArrowDown');
    await expect(tile(/tile-b/)).toBeFocused();
    await page.keyboard.press('ArrowRight');
    await expect(tile(/tile-d/)).toBeFocused();
    await page.keyboard.press('Space');
    await expect(tile(/tile-d/)).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('End');
    await expect(tile(/tile-c/)).toBeFocused();
    await page.keyboard.press('Control+a');
    await expect(page.getByRole('checkbox', { name: /^choose tile/, checked: true })).toHaveCount(4);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('checkbox', { checked: true })).toHaveCount(0);
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/guests\/tile-c$/);
    await page.goBack();
    await tile(/tile-d/)
      .getByRole('button', { name: 'Actions on tile-d' })
      .click();
    await page.getByRole('menuitem', { name: 'Start', exact: true }).click();
    await expect(column('running').getByRole('row')).toHaveCount(4);
  });

  await test.step('other columns, other colours, the same search', async () => {
    await page.getByRole('button', { name: 'Grouped by state' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'env=…' }).click();
    await page.keyboard.press('Escape');
    await expect(column('prod').getByRole('row')).toHaveCount(3);
    await page.getByRole('button', { name: 'Colour of tiles' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Pressure' }).click();
    await page.keyboard.press('Escape');
    await expect(page).toHaveURL(/layout=board:pressure/);
    await page.getByRole('combobox', { name: 'Filter guests' }).fill('tile-a');
    await expect(column('prod').getByRole('row')).toHaveCount(1);
    await expect(column('test')).toHaveCount(0);
    await page.getByRole('combobox', { name: 'Filter guests' }).fill('nothing like it');
    await expect(page.getByText('No guest matches the filter')).toBeVisible();
    await page.getByRole('combobox', { name: 'Filter guests' }).fill('');
  });

  await test.step('by pressure a tile says in words and colour what presses its guest, as it does', async () => {
    const busy = 'while :; do :; done >/dev/null 2>&1 & echo $!';
    await berth.berthJson(['guest', 'set', 'tile-b', '--cpu', '0.1']);
    const started = await berth.berth(['guest', 'exec', 'tile-b', '--', 'sh', '-c', busy]);
    const edge = (name: RegExp) => tile(name).locator('[aria-hidden="true"]').first();
    const legend = page.getByRole('list', { name: 'Colours: pressure' });
    await expect(legend.getByRole('listitem')).toHaveCount(4);
    await expect(tile(/tile-b/)).toContainText(/pressure high: cpu held back \d+ %/);
    await expect(edge(/tile-b/)).toHaveClass(/bg-bad/);
    await expect(tile(/tile-a/)).toContainText(/pressure low: /);
    await expect(edge(/tile-a/)).toHaveClass(/bg-ok/);
    await shoot('pressure');
    await page.getByRole('button', { name: 'Colour of tiles' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'State' }).click();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('list', { name: 'Colours: state' })).toBeVisible();
    await expect(edge(/tile-b/)).toHaveClass(/bg-ok/);
    await page.goto(`${berth.url}/guests?layout=board:pressure&group=tag:env`);
    await expect(edge(/tile-b/)).toHaveClass(/bg-bad/);
    await berth.berth(['guest', 'exec', 'tile-b', '--', 'kill', started.stdout.trim()]);
    await expect(tile(/tile-b/)).toContainText(/pressure low: /);
    await expect(edge(/tile-b/)).toHaveClass(/bg-ok/);
  });

  await test.step('it looks right, wide and narrow, light and dark', async () => {
    await page.goto(`${berth.url}/guests?layout=board&group=tag:env`);
    await shoot('state');
    await page.setViewportSize({ width: 390, height: 844 });
    const tabs = page.getByRole('navigation', { name: 'Columns' });
    await tabs.getByRole('button', { name: /test/ }).click();
    await expect(tile(/tile-b/)).toBeInViewport();
    await expect(tabs.getByRole('button', { name: /test/ })).toHaveAttribute('aria-current', 'true');
    const overflow = () => document.documentElement.scrollWidth > document.documentElement.clientWidth;
    expect(await page.evaluate(overflow)).toBe(false);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  await test.step('a view of the board is what Guests opens with for everybody, but for who chose another', async () => {
    await page.goto(`${berth.url}/guests?layout=board:pressure&group=tag:env`);
    await page.getByRole('button', { name: 'Save view…' }).click();
    await page.getByLabel('Name', { exact: true }).fill('By environment');
    await page.getByRole('checkbox', { name: 'Everybody sees it' }).check();
    await page.getByRole('button', { name: 'Save view', exact: true }).click();
    await page.getByRole('button', { name: 'By environment' }).click();
    await page.getByRole('menuitem', { name: 'Open Guests with it…' }).click();
    await page.getByRole('checkbox', { name: 'For everybody' }).click();
    await expect(page.getByRole('checkbox', { name: 'For everybody' })).toBeChecked();
    await page.screenshot({ path: 'test-results/board-default.png' });
    await page.getByRole('button', { name: 'Close', exact: true }).click();

    const bob = await newPerson({ berth, browser }, { username: 'bob-board', role: 'user' });
    await expect(bob).toHaveURL(/layout=board:pressure/);
    await expect(bob.getByRole('grid', { name: 'prod', exact: true })).toBeVisible();
    await expect(bob.getByRole('list', { name: 'Colours: pressure' })).toBeVisible();
    await bob.getByRole('button', { name: 'By environment' }).click();
    await bob.getByRole('menuitem', { name: 'Open Guests with it…' }).click();
    await expect(bob.getByRole('checkbox', { name: 'For everybody' })).toBeDisabled();
    await bob.getByRole('button', { name: 'Close', exact: true }).click();
    await bob.getByRole('link', { name: 'All guests' }).click();
    await expect(bob).toHaveURL(/\/guests\?view=all$/);
    await expect(bob.getByRole('row', { name: /tile-b/ })).toBeVisible();
    await bob.getByRole('button', { name: 'What Guests opens with' }).click();
    await bob.getByRole('menuitemcheckbox', { name: 'Open Guests with all guests' }).click();
    await expect(bob.getByRole('menuitemcheckbox', { name: 'Open Guests with all guests' })).toBeChecked();
    await bob.keyboard.press('Escape');
    await bob.goto(`${berth.url}/guests`);
    await expect(bob.getByRole('row', { name: /tile-b/ })).toBeVisible();
    await expect(bob).toHaveURL(/\/guests$/);
    await page.goto(`${berth.url}/guests`);
    await expect(page).toHaveURL(/layout=board/);
    await bob.context().close();
    // The others of this run open with all guests.
    await page.getByRole('button', { name: 'By environment' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.goto(`${berth.url}/guests`);
    await expect(page.getByRole('grid', { name: 'Guests' })).toBeVisible();
  });
});
