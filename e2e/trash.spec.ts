import { expect, test } from './fixtures/berth.ts';

interface Guest {
  id: string;
  name: string;
  state: string;
  addresses: { ipv4: string };
}

test('a guest is deleted, brought back by Undo, and has its files and address; another browser sees it all', async ({
  signedIn: page,
  session,
  browser,
  berth,
}) => {
  const made = await berth.berthJson<Guest>(['guest', 'create', 'bin-1', '--start']);
  await berth.berth(['guest', 'exec', 'bin-1', '--', 'sh', '-c', 'echo kept >/root/file']);
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  await context.addCookies(session.cookies);
  const second = await context.newPage();
  await second.goto(`${berth.url}/trash`);
  await expect(second.getByText('The trash is empty')).toBeVisible();

  const row = page.getByRole('row', { name: /bin-1/ });
  await row.getByRole('button', { name: 'Actions on bin-1' }).click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete bin-1?' });
  await expect(dialog).toContainText('brought back for 7 days');
  await dialog.getByRole('button', { name: 'Delete bin-1' }).click();
  await expect(row).toHaveCount(0);
  await expect(page.getByText('bin-1 is in the trash')).toBeVisible();
  await expect(second.getByRole('row', { name: /bin-1/ })).toContainText('admin');
  expect(await berth.berthJson(['guest', 'ls'])).toEqual([]);
  const refused = await berth.berth(['guest', 'start', 'bin-1']);
  expect(refused.stderr).toContain('berth trash restore bin-1');

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row).toContainText('stopped');
  await expect(second.getByText('The trash is empty')).toBeVisible();
  const [back] = await berth.berthJson<Guest[]>(['guest', 'ls']);
  expect(back).toMatchObject({ id: made.id, addresses: { ipv4: made.addresses.ipv4 } });
  await berth.berthJson(['guest', 'start', 'bin-1']);
  const { stdout } = await berth.berth(['guest', 'exec', 'bin-1', '--', 'cat', '/root/file']);
  expect(stdout).toBe('kept\n');
  await context.close();
});

test('the page restores several with the result of each, asks for another name, and deletes for good', async ({
  signedIn: page,
  berth,
}) => {
  for (const name of ['bin-a', 'bin-b', 'bin-c']) {
    await berth.berthJson(['guest', 'create', name]);
    await berth.berth(['guest', 'rm', name]);
  }
  // Its name is given to another one.
  await berth.berthJson(['guest', 'create', 'bin-a']);
  await page.goto(`${berth.url}/trash`);
  const row = (name: string) => page.getByRole('row', { name: new RegExp(name) });
  await expect(row('bin-a')).toContainText('another guest has its name');
  await page.getByLabel('Filter the trash').fill('bin-b');
  await expect(row('bin-c')).toHaveCount(0);
  await page.getByLabel('Filter the trash').fill('');
  for (const name of ['bin-a', 'bin-b']) await row(name).getByRole('checkbox').check();
  const bar = page.getByRole('region', { name: 'Chosen guests in the trash' });
  await bar.getByRole('button', { name: 'Restore' }).click();
  await expect(bar.getByRole('status')).toHaveText('restored: 1, 1 not');
  await expect(bar.getByRole('listitem').filter({ hasText: 'bin-a' })).toContainText(
    'taken by another guest',
  );
  await expect(row('bin-b')).toHaveCount(0);

  await row('bin-a').getByRole('button', { name: 'Actions for bin-a' }).click();
  await page.getByRole('menuitem', { name: 'Restore under another name…' }).click();
  const rename = page.getByRole('dialog', { name: 'Restore bin-a' });
  await rename.getByLabel('Name').fill('bin-a2');
  await rename.getByRole('button', { name: 'Restore' }).click();
  await expect(row('bin-a')).toHaveCount(0);
  expect((await berth.berthJson<Guest[]>(['guest', 'ls'])).map(({ name }) => name)).toEqual([
    'bin-a',
    'bin-a2',
    'bin-b',
  ]);

  await row('bin-c').getByRole('button', { name: 'Actions for bin-c' }).click();
  await page.getByRole('menuitem', { name: 'Delete for good…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete bin-c for good?' });
  const confirm = dialog.getByRole('button', { name: 'Delete for good' });
  await expect(confirm).toHaveAttribute('aria-disabled', 'true');
  await dialog.getByRole('textbox').fill('bin-c');
  await confirm.click();
  await expect(page.getByText('The trash is empty')).toBeVisible();
  expect(await berth.berthJson(['trash', 'ls'])).toEqual([]);
});
