import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures/berth.ts';
import { expectTerminal, typeLine } from './helpers/terminal.ts';

interface Guest {
  limits: { cpu: number; memory: number; pids: number };
  revertsAt: string | null;
  state: string;
}

const MIB = 1024 ** 2;

async function openLimits(page: Page, url: string, guest: string): Promise<void> {
  await page.goto(`${url}/guests/${guest}/limits`);
  await page.getByRole('slider', { name: 'memory limit' }).waitFor();
}

/** The row of a limit in the table of what was asked and what the kernel has. */
function written(page: Page, group: string, limit: string): Locator {
  return page
    .getByRole('table', { name: `what the kernel has of ${group}` })
    .getByRole('row', { name: new RegExp(`^${limit} `) });
}

test('limits change live, by keyboard and by drag; the kernel is read back, and it can be undone', async ({
  signedIn: page,
  berth,
}) => {
  await berth.berthJson(['guest', 'create', 'lim-1', '--start', '--memory', '512MiB', '--cpu', '1']);
  const limits = async () => (await berth.berthJson<Guest>(['guest', 'info', 'lim-1'])).limits;
  await openLimits(page, berth.url, 'lim-1');

  // by keyboard: half of it, Enter writes it
  const memory = page.getByRole('slider', { name: 'memory limit' });
  await memory.focus();
  await page.keyboard.press('PageDown');
  await expect(memory).toHaveAttribute('aria-valuetext', '256 MiB, not applied yet');
  expect((await limits()).memory, 'a draft writes nothing').toBe(512 * MIB);
  await page.keyboard.press('Enter');
  await expect(written(page, 'memory', 'Memory')).toContainText(/512 MiB\s*256 MiB\s*256 MiB/);
  await expect(memory).toHaveAttribute('aria-valuetext', '256 MiB');
  expect((await limits()).memory).toBe(256 * MIB);

  // the notice undoes it
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(written(page, 'memory', 'Memory')).toContainText(/256 MiB\s*512 MiB\s*512 MiB/);
  expect((await limits()).memory).toBe(512 * MIB);

  // by drag: down on the graph, then the button
  const cpu = page.getByRole('slider', { name: 'CPU limit' });
  const box = await cpu.boundingBox();
  if (!box) throw new Error('the CPU limit is not on the page');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y + 15);
  await page.mouse.move(x, y + 30);
  await page.mouse.up();
  await expect(cpu).toHaveAttribute('aria-valuetext', /not applied yet/);
  const drafted = Number(await cpu.getAttribute('aria-valuenow'));
  expect(drafted).toBeLessThan(1);
  expect(drafted).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Apply 1 change' }).click();
  await expect(written(page, 'cpu', 'CPU')).toContainText(`${drafted} cores`);
  expect((await limits()).cpu).toBe(drafted);

  // what cannot be is told at its field, and nothing is lost
  const field = page.getByRole('textbox', { name: 'Memory', exact: true });
  await field.fill('9999 TiB');
  await expect(page.getByText(/more than this host has/)).toBeVisible();
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toHaveValue('9999 TiB');
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(page.getByRole('region', { name: 'changes to apply' })).toHaveCount(0);
});

test('a change on trial goes back by itself, at once, or is kept', async ({ signedIn: page, berth }) => {
  await berth.berthJson(['guest', 'create', 'trial-1', '--start', '--pids', '200']);
  const info = () => berth.berthJson<Guest>(['guest', 'info', 'trial-1']);
  await openLimits(page, berth.url, 'trial-1');
  const pids = page.getByRole('slider', { name: 'processes limit' });
  const notice = page.getByRole('region', { name: 'notice' });
  const change = async (seconds: string) => {
    await page.getByRole('textbox', { name: 'Processes and threads' }).fill('300');
    const guard = page.getByRole('checkbox', { name: /Go back by itself/ });
    await guard.check();
    await page.getByRole('combobox', { name: 'time to keep it in' }).click();
    await page.getByRole('option', { name: seconds }).click();
    await page.getByRole('button', { name: 'Apply 1 change' }).click();
    await expect(written(page, 'pids', 'Processes')).toContainText(/200\s*300\s*300/);
  };

  await change('10 s');
  await expect(notice).toContainText(/goes back by itself in \d+ seconds?/);
  await expect(notice, 'it goes back').toHaveCount(0, { timeout: 40_000 });
  await expect(pids).toHaveAttribute('aria-valuetext', '200');
  expect((await info()).limits.pids).toBe(200);

  await change('10 min');
  await notice.getByRole('button', { name: 'Go back now' }).click();
  await expect(pids).toHaveAttribute('aria-valuetext', '200');
  await expect(notice).toHaveCount(0);

  await change('10 min');
  await notice.getByRole('button', { name: 'Keep', exact: true }).click();
  await expect(notice).toHaveCount(0);
  expect(await info()).toMatchObject({ limits: { pids: 300 }, revertsAt: null });
});

test('refused forks show as the effect of the limit', async ({ signedIn: page, berth }) => {
  await berth.berthJson(['guest', 'create', 'fork-1', '--start']);
  await openLimits(page, berth.url, 'fork-1');
  const effect = page.getByRole('region', { name: 'Processes' });
  await expect(effect).toContainText(/Refused forks\s*none/);
  await page.getByRole('textbox', { name: 'Processes and threads' }).fill('12');
  await page.keyboard.press('Enter');
  await expect(written(page, 'pids', 'Processes')).toContainText('12');
  await berth.berth([
    'guest',
    'exec',
    'fork-1',
    '--',
    'sh',
    '-c',
    'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do sleep 5 & done; wait',
  ]);
  await expect(effect).toContainText(/Refused forks.*\d+ times?/);
  await expect(page.getByRole('region', { name: 'what the kernel did' })).toContainText(/refused \d+ forks?/);
});

test('a frozen guest says so in its terminal, keys wait, and it goes on from there', async ({
  signedIn: page,
  berth,
}) => {
  await berth.berthJson(['guest', 'create', 'cold-1', '--start']);
  await page.goto(`${berth.url}/guests/cold-1/terminal`);
  await expectTerminal(page, /[#$] $/m);
  expect((await berth.berth(['guest', 'freeze', 'cold-1'])).status).toBe(0);
  const overlay = page.getByRole('status').filter({ hasText: 'cold-1 is frozen' });
  await expect(overlay).toBeVisible();
  await page.locator('.xterm').click({ position: { x: 40, y: 40 } });
  await typeLine(page, 'echo waited-$((40 + 2))');
  await expect(overlay).toContainText(/What you type waits.*: \d+ so far/);
  await overlay.getByRole('button', { name: 'Unfreeze' }).click();
  await expect(overlay).toHaveCount(0);
  await expectTerminal(page, /^waited-42$/m);
});

test('a guest whose memory is full asks, and goes on as decided', async ({ signedIn: page, berth }) => {
  const settings = JSON.stringify({ limits: { outOfMemory: 'freeze' } });
  await berth.berthJson([
    'guest',
    'create',
    'full-1',
    '--start',
    '--memory',
    '64MiB',
    '--settings',
    settings,
  ]);
  const eater = berth.berth(['guest', 'exec', 'full-1', '--', 'sh', '-c', 'x=a; while :; do x=$x$x; done']);
  const row = page.getByRole('row', { name: /full-1/ });
  await row.getByRole('button', { name: /memory full/ }).click({ timeout: 30_000 });
  const dialog = page.getByRole('dialog', { name: 'The memory of full-1 is full' });
  await expect(dialog).toContainText('64 MiB');
  await dialog.getByRole('radio', { name: /End one process/ }).check();
  await dialog.getByRole('button', { name: 'End one process' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(row).toContainText('running');
  expect((await eater).status, 'what had eaten the memory was ended').not.toBe(0);
});
