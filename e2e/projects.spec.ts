import { expect, test } from './fixtures/berth.ts';
import { expectTerminal } from './helpers/terminal.ts';

test('a project has a quota that its guests meet, is found by the search, and a program gets a token', async ({
  berth,
  signedIn: page,
}) => {
  await page.goto(`${berth.url}/projects`);
  await page.getByRole('button', { name: 'New project' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Shop!');
  await dialog.getByRole('button', { name: 'Make it' }).click();
  await expect(dialog.getByText('lower-case letters, digits and hyphens').last()).toBeVisible();
  await dialog.getByLabel('Name').fill('shop');
  await expect(dialog.getByRole('textbox', { name: 'Name' })).not.toHaveAttribute('aria-invalid', 'true');
  await dialog.getByLabel('About').fill('what sells things');
  await dialog.getByLabel('Guests').fill('1');
  await dialog.getByRole('button', { name: 'Make it' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText('0 of 1')).toBeVisible();

  await berth.berthJson(['guest', 'create', 'shop-1', '--project', 'shop']);
  const second = await berth.berth(['guest', 'create', 'shop-2', '--project', 'shop']);
  expect(second.stderr).toContain('project shop has 1 guests of at most 1 guests in use');
  await page.reload();
  await expect(page.getByText('1 of 1')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Delete shop' })).toHaveAttribute('aria-disabled', 'true');
  await page.getByRole('button', { name: 'Members of shop' }).click();
  await expect(dialog.getByText('nobody yet')).toBeVisible();
  await dialog.getByRole('button', { name: 'Give the role' }).click();
  await expect(dialog.getByRole('button', { name: 'Take the role user from admin' })).toBeVisible();
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();

  await page.goto(`${berth.url}/guests`);
  const search = page.getByRole('combobox', { name: 'Filter guests' });
  await search.fill('project:sh');
  await page.getByRole('option', { name: /shop/ }).click();
  await expect(page).toHaveURL(/q=project(:|%3A)shop/);
  await expect(page.getByRole('grid').getByText('shop-1')).toBeVisible();

  await page.goto(`${berth.url}/account`);
  await page.getByRole('button', { name: 'New token' }).click();
  await dialog.getByLabel('Name').fill('deploy');
  await dialog.getByRole('button', { name: 'Make it' }).click();
  await expect(dialog.getByText(/^berth_[\w-]{43}$/)).toBeVisible();
  const secret = await dialog.getByText(/^berth_[\w-]{43}$/).innerText();
  const asked = await page.request.get(`${berth.url}/api/trpc/auth.me`, {
    headers: { authorization: `Bearer ${secret}`, cookie: '' },
  });
  expect(await asked.json()).toMatchObject({ result: { data: { user: { username: 'admin' } } } });
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.reload();
  await expect(page.getByText(/used (now|\d+ s ago) from .*, ends in (89|90) d/)).toBeVisible();
  await page.getByRole('button', { name: /deploy/ }).click();
  await expect(page.getByText('the token deploy is deleted')).toBeVisible();
  const over = await page.request.get(`${berth.url}/api/trpc/guest.list`, {
    headers: { authorization: `Bearer ${secret}`, cookie: '' },
  });
  expect(over.status()).toBe(401);
});

test('a project says that its guests are always recorded: who is in a terminal is told, cannot end it, and a guest that leaves is not', async ({
  signedIn: page,
  berth,
}) => {
  test.setTimeout(180_000);
  const soon = { timeout: 60_000 };
  await berth.berthJson(['project', 'create', 'policed']);
  await berth.berthJson(['guest', 'create', 'policed-1', '--project', 'policed', '--start']);
  await page.goto(`${berth.url}/guests/policed-1/terminal`);
  await expectTerminal(page, /[#$] $/m);
  const mark = page.getByRole('status', { name: 'recording' });
  await expect(mark).toHaveCount(0);
  const set = ['project', 'set', 'policed', '--record', 'always', '--record-days', '90'];
  expect((await berth.berth(set)).stdout).toContain('always recorded, as root has set it');
  await expect(mark).toContainText('by the policy of project policed, set by root', soon);
  await expect(mark).toContainText('what is shown');
  await expect(mark.getByRole('button')).toHaveCount(0);

  await page.goto(`${berth.url}/projects`);
  await expect(page.getByText('terminals always recorded, set by root: what is shown')).toBeVisible(soon);
  await page.getByRole('button', { name: 'Edit policed' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Always record its terminals')).toBeChecked();
  await expect(dialog.getByLabel('Days to keep')).toHaveValue('90');
  await dialog.getByLabel('Also what is typed, passwords included').click();
  await dialog.getByLabel('Size of one').fill('2 GiB');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText('2 GiB is out of range')).toBeVisible();
  await dialog.getByLabel('Size of one').fill('8 MiB');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('what is shown and what is typed · one at most 8 MiB')).toBeVisible(soon);

  await page.goto(`${berth.url}/guests/policed-1/recordings`);
  await expect(page.getByText(/^The policy of project policed, set by admin/)).toBeVisible(soon);
  await expect(page.getByRole('listitem').filter({ hasText: 'with what was typed' })).not.toHaveCount(
    0,
    soon,
  );
  await page.goto(`${berth.url}/guests/policed-1/terminal`);
  await expect(mark).toContainText('what is shown and what is typed', soon);
  expect((await berth.berth(['guest', 'move', 'policed-1', 'default'])).status).toBe(0);
  await expect(mark).toHaveCount(0, soon);
  await page.goto(`${berth.url}/guests/policed-1/recordings`);
  await expect(page.getByText('ended because the policy is another now').first()).toBeVisible(soon);
});
