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

  await page.setViewportSize({ width: 900, height: 600 });
  await typeLine(page, 'clear; stty size');
  await expect
    .poll(async () => {
      const { columns, rows } = await terminalSize(page);
      return new RegExp(`^${rows} ${columns}$`, 'm').test(await terminalText(page));
    })
    .toBe(true);

  await typeLine(page, 'clear; vi /tmp/note');
  await expectTerminal(page, /^~$/m);
  await page.keyboard.type('iberth was here');
  await page.keyboard.press('Escape');
  await typeLine(page, ':wq');
  await typeLine(page, 'clear; cat /tmp/note');
  await expectTerminal(page, /^berth was here$/m);

  await typeLine(page, 'clear; top');
  await expectTerminal(page, /(Mem|CPU):?\s/);
  await page.keyboard.press('q');
});

test('the table shows the live state, and every action works from it', async ({ signedIn: page, berth }) => {
  await berth.berthJson(['guest', 'create', 'table-1', '--start']);
  const row = page.getByRole('row', { name: /table-1/ });
  await expect(row).toContainText('running');
  await expect(row).toContainText(/10\.209\./);
  await expect(row).toContainText(/MiB|KiB/);

  const choose = async (item: string) => {
    await row.getByRole('button', { name: /actions/i }).click();
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
  await page.getByRole('dialog').getByLabel('New name').fill('table-2');
  await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
  const renamed = page.getByRole('row', { name: /table-2/ });
  await expect(renamed).toBeVisible();

  // deleting asks, says what is lost by name, and can be left
  await renamed.getByRole('button', { name: /actions/i }).click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  await expect(page.getByRole('dialog')).toContainText('table-2');
  await page.keyboard.press('Escape');
  await expect(renamed).toBeVisible();
});

test('bulk actions tell the result of each guest', async ({ signedIn: page, berth }) => {
  for (const name of ['bulk-1', 'bulk-2', 'bulk-3']) await berth.berthJson(['guest', 'create', name]);
  for (const name of ['bulk-1', 'bulk-2', 'bulk-3']) {
    await page
      .getByRole('row', { name: new RegExp(name) })
      .getByRole('checkbox')
      .check();
  }
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  for (const name of ['bulk-1', 'bulk-2', 'bulk-3'])
    await expect(page.getByRole('row', { name: new RegExp(name) })).toContainText('running');
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
});

test('delete a running guest: only by force, and it is gone from the host', async ({
  signedIn: page,
  berth,
}) => {
  await berth.berthJson(['guest', 'create', 'gone-1', '--start']);
  const refused = await berth.berth(['guest', 'rm', 'gone-1']);
  expect(refused.status).toBe(4);
  expect(refused.stderr).toMatch(/gone-1.*running/);
  expect((await berth.berth(['guest', 'rm', '--force', 'gone-1'])).status).toBe(0);
  await expect(page.getByRole('row', { name: /gone-1/ })).toHaveCount(0);
});
