import { expect, test } from './fixtures/berth.ts';

test('debian/12 is built on this machine on first use, boots to multi-user and updates its packages', async ({
  signedIn: page,
  berth,
}) => {
  test.setTimeout(600_000);
  await page.goto(`${berth.url}/images`);
  const row = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'debian/12' }) });
  const state = (word: string) => row.getByText(word, { exact: true });

  // a build can be cancelled, and leaves nothing
  await row.getByRole('button', { name: 'Build', exact: true }).click();
  await expect(state('building')).toBeVisible();
  await row.getByRole('button', { name: 'Cancel the build' }).click();
  await expect(state('not built')).toBeVisible({ timeout: 60_000 });

  await row.getByRole('button', { name: 'Build', exact: true }).click();
  await expect(state('ready')).toBeVisible({ timeout: 300_000 });

  await berth.berthJson(['guest', 'create', 'deb', '--image', 'debian/12', '--start']);
  const exec = (...command: string[]) => berth.berth(['guest', 'exec', 'deb', '--', ...command]);
  await expect
    .poll(async () => (await exec('systemctl', 'is-system-running')).stdout.trim(), { timeout: 60_000 })
    .toBe('running');
  expect((await exec('systemctl', 'is-active', 'multi-user.target')).stdout.trim()).toBe('active');
  const update = await exec('apt-get', 'update');
  expect(update.stderr + update.stdout).not.toMatch(/^(E|W|Err):/m);
  expect(update.status).toBe(0);

  const stopped = await berth.berth(['guest', 'stop', 'deb']);
  expect(stopped.status).toBe(0);
  expect((await berth.berth(['guest', 'rm', '--now', 'deb'])).status).toBe(0);
  expect((await berth.berth(['image', 'rm', 'debian/12'])).status).toBe(0);
});
