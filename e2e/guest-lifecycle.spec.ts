import { expect, test } from './fixtures/berth.ts';
import { expectTerminal, terminalSize, terminalText, typeLine } from './helpers/terminal.ts';

interface Guest {
  name: string;
  state: string;
  initPid: number | null;
  addresses: { ipv4: string | null };
}

test('two clicks, nothing typed: a new guest and its shell', async ({ signedIn: page, berth }) => {
  await page.getByRole('button', { name: 'New guest' }).first().click();
  await page.getByRole('button', { name: 'Create and open shell' }).click();
  await expectTerminal(page, /[#$] $/m);
  const [guest] = await berth.berthJson<Guest[]>(['guest', 'ls']);
  expect(guest?.state).toBe('running');

  // the focus is in the terminal: a person types at once
  await typeLine(page, 'hostname; id; ps; ip addr; cat /proc/self/uid_map');
  await expectTerminal(page, new RegExp(`^${guest?.name}$`, 'm'));
  await expectTerminal(page, /uid=0\(?/);
  await expectTerminal(page, /PID\s+USER/);
  await expectTerminal(page, new RegExp(`inet ${guest?.addresses.ipv4?.replaceAll('.', '\\.')}`));
  await expectTerminal(page, /^\s+0\s+\d{6,}\s+65536$/m);

  const wide = await terminalSize(page);
  await page.setViewportSize({ width: 900, height: 600 });
  await expect.poll(async () => (await terminalSize(page)).columns).toBeLessThan(wide.columns);
  const { columns, rows } = await terminalSize(page);
  await typeLine(page, 'clear; stty size');
  await expectTerminal(page, new RegExp(`^${rows} ${columns}$`, 'm'));

  await typeLine(page, 'clear; vi /tmp/note');
  await expectTerminal(page, /^- \/tmp\/note/m);
  await page.keyboard.type('iberth was here');
  await page.keyboard.press('Escape');
  // vi waits a moment after Esc, whether it begins the code of an arrow key
  await expectTerminal(page, /^- \/tmp\/note \[Modified\]/m);
  await typeLine(page, ':wq');
  await expectTerminal(page, /# $/);
  await typeLine(page, 'clear; cat /tmp/note');
  await expectTerminal(page, /^berth was here$/m);

  await typeLine(page, 'clear; top');
  await expectTerminal(page, /^Mem: .*\n^CPU: .*\n^Load average: /m);
  await page.keyboard.press('q');
  await typeLine(page, 'clear; echo back-$((1 + 1))');
  await expectTerminal(page, /^back-2$/m);
});

test('the table shows the live state, and every action works from it', async ({ signedIn: page, berth }) => {
  await berth.berthJson(['guest', 'create', 'table-1', '--start']);
  const row = page.getByRole('row', { name: /table-1/ });
  await expect(row).toContainText('running');
  const { addresses } = await berth.berthJson<Guest>(['guest', 'info', 'table-1']);
  await expect(row).toContainText(addresses.ipv4 ?? 'an address');
  await expect(row).toContainText(/\d (MiB|KiB)/);

  const choose = async (item: string) => {
    await row.getByRole('button', { name: 'Actions on table-1' }).click();
    await page.getByRole('menuitem', { name: item, exact: true }).click();
  };
  await choose('Freeze');
  await expect(row).toContainText('frozen');
  await choose('Unfreeze');
  await expect(row).toContainText('running');
  await choose('Stop');
  await expect(row).toContainText('stopped');
  await choose('Start');
  await expect(row).toContainText('running');
  const before = await berth.berthJson<Guest>(['guest', 'info', 'table-1']);
  await choose('Restart');
  await expect
    .poll(async () => (await berth.berthJson<Guest>(['guest', 'info', 'table-1'])).initPid)
    .not.toBe(before.initPid);
  await expect(row).toContainText('running');

  await choose('Rename…');
  await page.getByRole('dialog').getByLabel('Name').fill('table-2');
  await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
  await expect(page.getByRole('row', { name: /table-2/ })).toBeVisible();
  await expect(row).toHaveCount(0);
  // the guest itself learns its new name when it starts again
  const hostname = async () => (await berth.berth(['guest', 'exec', 'table-2', '--', 'hostname'])).stdout;
  expect(await hostname()).toBe('table-1\n');
  await berth.berthJson(['guest', 'restart', 'table-2']);
  expect(await hostname()).toBe('table-2\n');
});

test('deleting for good says what is lost by name, asks for the name, and can be left', async ({
  signedIn: page,
  berth,
}) => {
  await berth.berthJson(['guest', 'create', 'lost-1', '--start']);
  const row = page.getByRole('row', { name: /lost-1/ });
  const dialog = page.getByRole('dialog', { name: 'Delete lost-1?' });
  const ask = async () => {
    await row.getByRole('button', { name: 'Actions on lost-1' }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await dialog.getByLabel('Delete for good now').check();
    await expect(dialog).toContainText('Everything written inside lost-1');
    await expect(dialog).toContainText('lost-1 is running and is killed first');
  };
  await ask();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(row).toContainText('running');

  await ask();
  const confirm = dialog.getByRole('button', { name: 'Delete for good' });
  await expect(confirm).toHaveAttribute('aria-disabled', 'true');
  await dialog.getByRole('textbox').fill('lost-2');
  await expect(confirm).toHaveAttribute('aria-disabled', 'true');
  await dialog.getByRole('textbox').fill('lost-1');
  await confirm.click();
  await expect(dialog).toHaveCount(0);
  await expect(row).toHaveCount(0);
  expect(await berth.berthJson<Guest[]>(['guest', 'ls'])).toEqual([]);
  expect(await berth.berthJson(['trash', 'ls'])).toEqual([]);
});

test('bulk actions tell the result of each guest', async ({ signedIn: page, berth }) => {
  const names = ['bulk-1', 'bulk-2', 'bulk-3'];
  const row = (name: string) => page.getByRole('row', { name: new RegExp(name) });
  for (const name of names.slice(0, 2)) await berth.berthJson(['guest', 'create', name]);
  await berth.berthJson(['guest', 'create', 'bulk-3', '--kind', 'application', '--', '/no/such/program']);
  for (const name of names) await row(name).getByRole('checkbox').check();

  const bar = page.getByRole('region', { name: 'Chosen guests' });
  await expect(bar).toContainText('3 guests chosen');
  await bar.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(bar.getByRole('status')).toHaveText('start: 2 done, 1 failed');
  const results = bar.getByRole('listitem');
  await expect(results).toHaveCount(3);
  await expect(results.filter({ hasText: 'bulk-3' })).toContainText('/no/such/program');
  for (const name of names.slice(0, 2)) await expect(row(name)).toContainText('running');
  await expect(row('bulk-3')).toContainText('failed');

  await bar.getByRole('button', { name: 'Delete…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete 3 guests?' });
  for (const name of names) await expect(dialog).toContainText(name);
  await dialog.getByLabel('Delete for good now').check();
  await dialog.getByRole('textbox').fill('delete 3');
  await dialog.getByRole('button', { name: 'Delete for good' }).click();
  for (const name of names) await expect(row(name)).toHaveCount(0);
});

test('the console of a system guest: log in at its getty', async ({ signedIn: page, berth }) => {
  await berth.berthJson(['guest', 'create', 'console-1', '--start']);
  await page.goto(`${berth.url}/guests/console-1/console`);
  await expectTerminal(page, /console-1 login: /);
  await page.locator('.xterm').click();
  await typeLine(page, 'root');
  await expectTerminal(page, /[#$] $/m);
  await typeLine(page, 'tty; hostname');
  await expectTerminal(page, /^\/dev\/console$/m);
  expect(await terminalText(page)).toMatch(/^console-1$/m);
});

test('delete a running guest: only by force, and it is gone from the host', async ({
  signedIn: page,
  berth,
}) => {
  await berth.berthJson(['guest', 'create', 'gone-1', '--start']);
  const row = page.getByRole('row', { name: /gone-1/ });
  await expect(row).toContainText('running');
  const refused = await berth.berth(['guest', 'rm', 'gone-1']);
  expect(refused.status).toBe(4);
  expect(refused.stderr).toMatch(/gone-1.*running/);
  await expect(row).toContainText('running');
  expect((await berth.berth(['guest', 'rm', '--now', '--force', 'gone-1'])).status).toBe(0);
  await expect(row).toHaveCount(0);
});
