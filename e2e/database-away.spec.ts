import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from './fixtures/berth.ts';
import { expectTerminal, typeLine } from './helpers/terminal.ts';

interface Status {
  processes: { database: { pid: number } | null };
}

/** The postmaster and all that it has forked. */
function family(postmaster: number): number[] {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1] === String(postmaster);
      } catch {
        return false;
      }
    });
  return [postmaster, ...children];
}

test('while the database stands still the console can be read, says since when, and goes on by itself', async ({
  signedIn: page,
  berth,
  browser,
}) => {
  await berth.berthJson(['guest', 'create', 'stays', '--start']);
  const { processes } = await berth.berthJson<Status>(['status']);
  const postmaster = processes.database?.pid ?? 0;
  expect(postmaster).toBeGreaterThan(1);
  await page.goto(`${berth.url}/guests/stays/terminal`);
  await expectTerminal(page, /[#$] $/m);
  const list = await page.context().newPage();
  await list.goto(`${berth.url}/guests`);
  await expect(list.getByRole('link', { name: 'stays' })).toBeVisible();

  const banner = list.getByText(/The database is away since \d\d:\d\d/);
  const stopped = family(postmaster);
  for (const pid of stopped) process.kill(pid, 'SIGSTOP');
  try {
    await expect(banner).toBeVisible({ timeout: 20_000 });
    await typeLine(page, 'echo on-$((40 + 2))');
    await expectTerminal(page, /^on-42$/m);
    const create = list.getByRole('button', { name: 'New guest' }).first();
    await expect(create).toHaveAttribute('aria-disabled', 'true');

    // A page that is loaded anew has its person, its guests and the reason.
    await list.reload();
    await expect(list.getByRole('link', { name: 'stays' })).toBeVisible({ timeout: 10_000 });
    await expect(banner).toBeVisible();
    const refused = await berth.berth(['guest', 'stop', 'stays']);
    expect(refused.stderr).toMatch(/the database is away since \d\d:\d\d UTC: nothing was changed/);

    const stranger = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
    await stranger.goto(`${berth.url}/login`);
    await expect(stranger.getByText(/nobody can sign in or use a link/)).toBeVisible();
    await stranger.context().close();
  } finally {
    for (const pid of stopped) process.kill(pid, 'SIGCONT');
  }
  await expect(banner).toBeHidden({ timeout: 20_000 });
  await expect(list.getByRole('button', { name: 'New guest' }).first()).not.toHaveAttribute('aria-disabled');
  await berth.berthJson(['guest', 'stop', 'stays']);
  await list.close();
});
