import { expect, test } from './fixtures/berth.ts';
import { expectTerminal } from './helpers/terminal.ts';

test('what the kernel does to a guest shows under Activity while it happens, and after a reload', async ({
  signedIn: page,
  berth,
}) => {
  await berth.berthJson(['guest', 'create', 'act-a', '--start']);
  await page.goto(`${berth.url}/guests/act-a/activity`);
  await expect(page.getByRole('grid', { name: 'operations' })).toContainText('Create act-a');
  await page.getByRole('button', { name: 'Kernel events' }).click();
  await expect(page.getByText('Nothing happened yet')).toBeVisible();
  await expect(page.getByText('berth guest monitor act-a')).toBeVisible();

  await berth.berthJson(['guest', 'freeze', 'act-a']);
  const events = page.getByRole('grid', { name: 'kernel events of act-a' });
  await expect(events.getByRole('row').filter({ hasText: 'frozen' })).toHaveCount(1);
  await berth.berthJson(['guest', 'unfreeze', 'act-a']);
  await expect(events.getByRole('row').filter({ hasText: 'unfrozen' })).toHaveCount(1);

  await page.reload();
  await expect(events.getByRole('row').filter({ hasText: 'unfrozen' })).toHaveCount(1);
});

test('files of the cgroup are read, and written by who may', async ({ signedIn: page, berth }) => {
  await berth.berthJson(['guest', 'create', 'act-b', '--start']);
  await page.goto(`${berth.url}/guests/act-b/isolation`);
  const file = page.getByLabel('File of its cgroup');
  await file.fill('pids.max');
  await page.getByRole('button', { name: 'Read', exact: true }).click();
  const content = page.getByRole('region', { name: 'content of pids.max' });
  const has = await berth.berthJson<{ value: string }>(['guest', 'cgroup', 'act-b', 'pids.max']);
  await expect(content.locator('pre')).toHaveText(has.value);

  await file.fill('no.such');
  await page.getByRole('button', { name: 'Read', exact: true }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'no file no.such' })).toBeVisible();

  await file.fill('pids.max');
  await page.getByLabel('New value').fill('77');
  await expect(page.getByText('berth guest cgroup act-b pids.max 77')).toBeVisible();
  await page.getByRole('button', { name: 'Write', exact: true }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'berth admin privileged' })).toBeVisible();
  // nothing that was typed is lost
  await expect(page.getByLabel('New value')).toHaveValue('77');
  const still = await berth.berthJson<{ value: string }>(['guest', 'cgroup', 'act-b', 'pids.max']);
  expect(still.value).toBe(has.value);
});

test('a change on trial is written as such in its command, and what went back is not told as the kernel’s', async ({
  signedIn: page,
  berth,
}) => {
  await berth.berthJson(['guest', 'create', 'act-c', '--start', '--memory', '128MiB']);
  await page.goto(`${berth.url}/guests/act-c/limits`);
  await page.getByRole('button', { name: 'small', exact: true }).click();
  await page.getByRole('checkbox', { name: /Go back by itself/ }).check();
  await page.getByText('Same by command line and API').first().click();
  await expect(page.getByText(/berth guest set act-c .*--memory 256MiB .*--revert-after 30s/)).toBeVisible();
  await page.getByRole('button', { name: /^Apply/ }).click();
  const readBack = page.getByRole('table', { name: 'what the kernel has of memory' });
  await expect(readBack).toContainText('256 MiB');
  await page.getByRole('button', { name: 'Go back now' }).click();
  await expect(readBack).toHaveCount(0);
  const { limits } = await berth.berthJson<{ limits: { memory: number } }>(['guest', 'info', 'act-c']);
  expect(limits.memory).toBe(128 * 1024 ** 2);
});

test('who may not enter a privileged guest is told so, and offered no other shell', async ({
  signedIn: page,
  berth,
}) => {
  await berth.berthJson(['guest', 'create', 'act-d', '--privileged', '--start']);
  await page.goto(`${berth.url}/guests/act-d/terminal`);
  await expect(page.getByText(/entering the privileged guest act-d .*berth admin privileged/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Open \/bin/ })).toHaveCount(0);
});

test('the console of an application that has ended shows what it printed last', async ({
  signedIn: page,
  berth,
}) => {
  const ran = await berth.berth([
    'guest',
    'run',
    'act-e',
    '--keep',
    '--',
    'sh',
    '-c',
    'echo last words; exit 4',
  ]);
  expect([ran.status, ran.stdout]).toEqual([4, 'last words\n']);
  await page.goto(`${berth.url}/guests/act-e/console`);
  await expect(page.getByText('its command ended with status 4').first()).toBeVisible();
  await expectTerminal(page, /last words/);
});
