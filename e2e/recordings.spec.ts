import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { ADMIN, expect as expectSoon, test } from './fixtures/berth.ts';
import type { BerthInstance } from './helpers/berth-instance.ts';
import { expectTerminal, terminalText, typeLine } from './helpers/terminal.ts';

// A machine at work on other things takes its time.
test.setTimeout(180_000);
const expect = expectSoon.configure({ timeout: 60_000 });

async function openShell(page: Page, berth: BerthInstance, guest: string): Promise<void> {
  await berth.berthJson(['guest', 'create', guest, '--start']);
  await page.goto(`${berth.url}/guests/${guest}/terminal`);
  await expectTerminal(page, /[#$] $/m);
}

test('a recording tells everybody, outlives a killed server, plays in the browser and in asciinema', async ({
  signedIn: page,
  berth,
}) => {
  await openShell(page, berth, 'recorded-1');
  await typeLine(page, 'echo before-$((1+1))');
  await expectTerminal(page, /^before-2$/m);
  await page.getByRole('button', { name: 'Record', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Record', exact: true }).click();
  const mark = page.getByRole('status', { name: 'recording' });
  await expect(mark).toContainText('started by admin');
  await expect(mark).toContainText('what is shown');
  await page.locator('.xterm').click();
  await typeLine(page, 'echo needle-$((1+1)); printf "\\346\\274"; sleep 0.2; printf "\\242\\n"');
  await expectTerminal(page, /^needle-2\n漢$/m);

  const { processes } = await berth.berthJson<{ processes: { server: { pid: number } } }>(['status']);
  process.kill(processes.server.pid, 'SIGKILL');
  await expect(page.getByText(/reconnecting/i).first()).toBeVisible();
  // The next server goes on with it, and says so.
  await expect(mark).toContainText('started by admin');
  await page.locator('.xterm').click();
  await typeLine(page, 'echo after-$((1+1))');
  await expectTerminal(page, /^after-2$/m);
  expect((await berth.berth(['guest', 'set', 'recorded-1', '--tag', 'seen'])).status).toBe(0);
  await mark.getByRole('button', { name: 'Stop recording' }).click();
  await expect(mark).toHaveCount(0);

  const { recordings } = await berth.berthJson<{ recordings: { id: string; end: string }[] }>([
    'recording',
    'ls',
    'recorded-1',
  ]);
  expect(recordings).toMatchObject([{ end: 'stopped', stoppedBy: 'admin', hasInput: false }]);
  const id = recordings[0]?.id ?? '';
  const folder = mkdtempSync(path.join(tmpdir(), 'berth-cast-'));
  try {
    const file = path.join(folder, 'a.cast');
    expect((await berth.berth(['recording', 'export', id, file])).status).toBe(0);
    const env = { ...process.env, LC_ALL: 'C.UTF-8', ASCIINEMA_CONFIG_HOME: folder };
    // It wants a terminal of its own.
    const command = ['-qec', `asciinema cat ${file}`, '/dev/null'];
    const text = execFileSync('script', command, { encoding: 'utf8', env });
    for (const word of ['before-2', 'needle-2', '漢', 'after-2']) expect(text).toContain(word);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }

  await page.goto(`${berth.url}/recordings`);
  await page.getByRole('link', { name: 'login shell in recorded-1', exact: true }).click();
  // The first moment is the screen as it was.
  await expectTerminal(page, /^before-2$/m);
  expect(await terminalText(page)).not.toContain('needle-2');
  await page.getByLabel('Search the text').fill('NEEDLE-2');
  await page.getByRole('listitem').filter({ hasText: 'needle-2' }).last().getByRole('button').click();
  await expectTerminal(page, /^needle-2$/m);
  expect(await terminalText(page)).not.toContain('after-2');
  await page.getByLabel('Search the text').fill('');
  await expect(page.getByRole('button', { name: 'the server was restarted' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'guest.describe by root (audit)' })).toBeVisible();
  await page.getByLabel('moment').focus();
  await page.keyboard.press('End');
  await expectTerminal(page, /^after-2$/m);
  await page.keyboard.press('Home');
  await expect.poll(() => terminalText(page)).not.toContain('needle-2');
  await page.getByLabel('speed').click();
  await page.getByRole('option', { name: '16×' }).click();
  await page.getByLabel('moment').focus();
  await page.keyboard.press('Space');
  await expectTerminal(page, /^after-2$/m, 60_000);

  await page.goto(`${berth.url}/guests/recorded-1/recordings`);
  await page.getByRole('button', { name: /^Delete the recording/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete the recording' }).click();
  await expect(page.getByText('Nothing was recorded yet')).toBeVisible();
  const always = page.getByLabel('Always record its shells and its console');
  await always.click();
  await expect(page.getByRole('listitem').filter({ hasText: 'always recorded' })).toHaveCount(2);
  await expect(always).toBeChecked();
  await always.click();
  await expect(page.getByText('recording', { exact: true })).toHaveCount(0);
});

test('a link to a shell asks for a login and leads there; control is asked for and granted; files are dropped on it', async ({
  signedIn: page,
  berth,
  browser,
}) => {
  await openShell(page, berth, 'linked-1');
  await expect(page).toHaveURL(/session=/);
  await typeLine(page, 'cd /tmp; echo here-$((1+1))');
  await expectTerminal(page, /^here-2$/m);
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const other = await context.newPage();
  try {
    await other.goto(await berth.setupLink());
    await other.getByLabel('User name').fill('bea');
    await other.getByLabel('Your name').fill('Bea');
    await other.getByLabel('Password', { exact: true }).fill(ADMIN.password);
    await other.getByRole('button', { name: 'Make the admin and go on' }).click();
    await other.waitForURL('**/guests');
    await context.clearCookies();
    await other.goto(page.url());
    await other.getByLabel('User name').fill('bea');
    await other.getByLabel('Password').fill(ADMIN.password);
    await other.getByRole('button', { name: 'Sign in', exact: true }).click();
    await other.waitForURL(
      (address) => address.searchParams.has('session') && !address.pathname.startsWith('/login'),
    );
    await expectTerminal(other, /^here-2$/m, 60_000);
    const sessionIn = (address: string) => new URL(address).searchParams.get('session');
    expect(sessionIn(other.url())).toBe(sessionIn(page.url()));
    await expect(other.getByText('admin drives, you watch')).toBeVisible();
    // What a watcher types is nobody's.
    await other.locator('.xterm').click();
    await other.keyboard.type('echo unheard\r');
    await other.getByRole('button', { name: 'Ask for control' }).click();
    await expect(page.getByText('bea asks for control')).toBeVisible();
    await page.getByRole('button', { name: 'Give control to bea' }).click();
    await expect(other.getByText('You drive')).toBeVisible();
    await other.locator('.xterm').click();
    await typeLine(other, 'echo given-$((1+1))');
    await expectTerminal(page, /^given-2$/m);
    expect(await terminalText(page)).not.toContain('unheard');
    // A session that is not there says so.
    await other.goto(page.url().replace(/session=\w+/, 'session=0000'));
    await expect(other.getByText('there is no shell 0000')).toBeVisible();
  } finally {
    await context.close();
  }

  await page.evaluate(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['x'.repeat(3_000_000)], 'a file.txt'));
    const init = { dataTransfer: transfer, bubbles: true, cancelable: true };
    for (const type of ['dragover', 'drop'])
      document.querySelector('.xterm')?.dispatchEvent(new DragEvent(type, init));
  });
  const uploads = page.getByRole('list', { name: 'uploads' });
  await expect(uploads).toContainText('2.9 MiB written in /tmp');
  await page
    .getByLabel('files to bring in')
    .setInputFiles({ name: 'a file.txt', mimeType: 'text/plain', buffer: Buffer.from('second') });
  await expect(uploads).toContainText('is there already in /tmp');
  await page.locator('.xterm').click();
  await typeLine(page, 'wc -c < "a file.txt"');
  await expectTerminal(page, /^3000000$/m);
  await uploads.getByRole('button', { name: 'Replace it' }).click();
  await expect(uploads).toContainText('6 B written in /tmp');
  await page.locator('.xterm').click();
  await typeLine(page, 'cat "a file.txt"; ls -a /tmp | grep -c part');
  await expectTerminal(page, /^second0$/m);
});
