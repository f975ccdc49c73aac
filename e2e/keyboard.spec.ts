import { expect, test } from './fixtures/berth.ts';
import { expectTerminal } from './helpers/terminal.ts';

test('the palette finds pages, guests and actions by name', async ({ signedIn: page, berth }) => {
  await berth.berthJson(['guest', 'create', 'key-1', '--start']);
  await expect(page.getByRole('row', { name: /key-1/ })).toContainText('running');
  const palette = page.getByRole('dialog', { name: 'Find anything' });

  await page.keyboard.press('Control+k');
  await expect(palette).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(palette).toHaveCount(0);

  await page.keyboard.press('Control+k');
  await page.keyboard.type('freeze key-1');
  await expect(palette.getByRole('option', { name: /freeze key-1/ }).first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(palette).toHaveCount(0);
  await expect(page.getByRole('row', { name: /key-1/ })).toContainText('frozen');

  await page.keyboard.press('Control+k');
  await page.keyboard.type('oper');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/operations');

  // up and down move the choice
  await page.keyboard.press('Control+k');
  await page.keyboard.type('key-1');
  await expect(palette.getByRole('option').first()).toContainText('key-1');
  await expect(palette.getByRole('option').first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowDown');
  await expect(palette.getByRole('option').nth(1)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/guests/key-1');
});

test('one key each: help, new guest, filter, pages; Esc closes', async ({ signedIn: page, berth }) => {
  for (const name of ['key-a', 'key-b']) await berth.berthJson(['guest', 'create', name]);
  await expect(page.getByRole('row', { name: /key-b/ })).toBeVisible();

  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(help).toContainText('new guest');
  await page.keyboard.press('Escape');
  await expect(help).toHaveCount(0);

  await page.keyboard.press('n');
  const sheet = page.getByRole('dialog', { name: 'New guest' });
  await expect(sheet.getByLabel('Name', { exact: true })).toBeFocused();
  // letters typed into a field are letters
  await sheet.getByLabel('Name', { exact: true }).fill('');
  await page.keyboard.type('n?/');
  await expect(sheet.getByLabel('Name', { exact: true })).toHaveValue('n?/');
  await page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);

  await page.keyboard.press('/');
  const filter = page.getByRole('combobox', { name: 'Filter guests' });
  await expect(filter).toBeFocused();
  await page.keyboard.type('key-b');
  await expect(page.getByRole('row', { name: /key-a/ })).toHaveCount(0);
  await expect(page.getByRole('row', { name: /key-b/ })).toBeVisible();
  await filter.fill('');

  // the rows: arrows move, Space chooses, Esc chooses none, Enter opens
  await page.getByRole('row', { name: /key-a/ }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('row', { name: /key-b/ })).toBeFocused();
  await page.keyboard.press('Space');
  await expect(page.getByRole('region', { name: 'Chosen guests' })).toContainText('1 guest chosen');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('region', { name: 'Chosen guests' })).toHaveCount(0);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/guests/key-b');

  await page.keyboard.press('g');
  await page.keyboard.press('h');
  await page.waitForURL('**/host');
});

test('a whole guest by keyboard alone: made, used, deleted', async ({ signedIn: page, berth }) => {
  await expect(page.getByRole('button', { name: 'New guest' })).toBeVisible();
  await page.keyboard.press('n');
  const sheet = page.getByRole('dialog', { name: 'New guest' });
  await sheet.getByLabel('Name', { exact: true }).fill('keys-only');
  await page.keyboard.press('Enter');
  await expectTerminal(page, /[#$] $/m);
  // a terminal in focus keeps all of its keys
  await page.keyboard.type('echo n?/g');
  await page.keyboard.press('Enter');
  await expectTerminal(page, /^n\?\/g$/m);
  await expect(sheet).toHaveCount(0);

  await page.goto(`${berth.url}/guests`);
  const row = page.getByRole('row', { name: /keys-only/ });
  await expect(row).toContainText('running');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('delete keys-only');
  await expect(page.getByRole('option', { name: /delete keys-only/ })).toBeVisible();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Delete keys-only?' });
  // Into the trash: nothing is lost, so nothing is to be typed.
  await expect(dialog).toContainText('It goes into the trash');
  await dialog.getByRole('button', { name: 'Delete keys-only' }).focus();
  await page.keyboard.press('Enter');
  await expect(row).toHaveCount(0);
});
