import { expect, test } from './fixtures/berth.ts';

test('guests to choose from are searched for at the server, and no page reads them all', async ({
  signedIn: page,
  berth,
}) => {
  const ofAll: string[] = [];
  page.on('request', (request) => {
    if (/guest\.list\b/.test(request.url())) ofAll.push(request.url());
  });
  for (const name of ['pick-a', 'pick-b'])
    await berth.berthJson(['guest', 'create', name, '--start', '--tag', `of=${name}`]);
  await berth.berthJson(['guest', 'create', 'pick-c']);
  const option = (name: string | RegExp) => page.getByRole('option', { name });

  await test.step('for whom a role is: a guest, a tag, everywhere', async () => {
    await page.goto(`${berth.url}/people`);
    await page.getByRole('button', { name: 'Invite' }).click();
    const where = page.getByRole('combobox', { name: 'Where' });
    const find = page.getByRole('combobox', { name: 'Find a project, a tag or a guest' });
    const dialog = page.getByRole('dialog', { name: 'Invite somebody' });
    await where.click();
    await find.fill('pick-b');
    await expect(option(/^pick-b/)).toHaveCount(1);
    await expect(option(/^pick-a/)).toHaveCount(0);
    await expect(option(/^of=pick-b/)).toHaveCount(1);
    await option(/^pick-b/).click();
    await expect(where).toHaveText('pick-b');
    await expect(find).toHaveCount(0);
    await expect(dialog).toContainText('--guest pick-b');
    await where.click();
    await find.fill('of=pick-a');
    await expect(option(/^of=pick-a/)).toHaveCount(1);
    await page.keyboard.press('Enter');
    await expect(where).toHaveText('of=pick-a');
    await expect(dialog).toContainText('--tag of=pick-a');
    await where.click();
    await option('everywhere').click();
    await expect(dialog).not.toContainText('--tag');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  await test.step('whose namespace it shares: of those that run, and what is said of the one chosen is true', async () => {
    await page.goto(`${berth.url}/guests/pick-c/configuration#isolation.namespaces`);
    const network = page.getByRole('combobox', { name: 'network' });
    await network.click();
    await page.getByRole('combobox', { name: 'Find a guest that runs' }).fill('pick');
    await expect(option('guest pick-a')).toBeVisible();
    await expect(option('guest pick-b')).toBeVisible();
    await expect(option('guest pick-c')).toHaveCount(0);
    await option('guest pick-b').click();
    await expect(network).toHaveText('guest pick-b');
    await expect(page.getByText('it has the links, addresses, ports')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Apply', exact: true })).not.toHaveAttribute(
      'aria-disabled',
      'true',
    );
    await berth.berthJson(['guest', 'stop', 'pick-b']);
    await expect(page.getByText('pick-b does not run: it has to run before')).toBeVisible();
    await berth.berthJson(['guest', 'rm', '--now', 'pick-b']);
    await expect(page.getByRole('alert').filter({ hasText: 'there is no guest pick-b' })).toBeVisible();
    await page.getByRole('button', { name: 'Reset' }).click();
  });

  await test.step('a terminal for the desk, also by an Enter that is faster than the answer', async () => {
    await page.goto(`${berth.url}/terminals`);
    await page.getByRole('navigation', { name: 'views of the terminals' }).getByText('Desk').click();
    await page.getByRole('button', { name: 'Put a terminal here' }).last().click();
    const find = page.getByRole('combobox', { name: 'Find a shell or a guest' });
    await find.fill('pick-c');
    await expect(page.getByText('Nothing is called pick-c.')).toBeVisible();
    await find.fill('pick-a');
    await find.press('Enter');
    await expect(page.getByRole('tab', { name: /pick-a/ })).toBeVisible();
  });

  await test.step('volumes tell who has them', async () => {
    await page.goto(`${berth.url}/volumes`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByText('No volumes yet')).toBeVisible();
  });
  expect(ofAll).toEqual([]);
});
