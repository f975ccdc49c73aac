import { readlinkSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures/berth.ts';

interface Guest {
  initPid: number;
  state: string;
  pendingRestart: string[];
}

/** Every page below comes from a server that others may keep busy. */
test.slow();

async function openSetting(page: Page, url: string, name: string, setting: string): Promise<void> {
  await page.goto(`${url}/guests/${name}/configuration#${setting}`);
  await expect(page.locator(`details[id="${setting}"]`)).toHaveAttribute('open', '');
}

async function apply(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await expect(page.getByRole('region', { name: 'applied change' })).toBeVisible();
}

test('the page tells what the kernel tells; a device comes live, a sysctl with a restart; two guests compared', async ({
  signedIn: page,
  berth,
}) => {
  for (const name of ['iso-a', 'iso-b']) await berth.berthJson(['guest', 'create', name, '--start']);
  const info = () => berth.berthJson<Guest>(['guest', 'info', 'iso-a']);
  const inside = async (...command: string[]) =>
    (await berth.berth(['guest', 'exec', 'iso-a', '--', ...command])).stdout.trim();
  const { initPid } = await info();

  await page.goto(`${berth.url}/guests/iso-a/isolation`);
  await expect(page.getByText('Nothing: it is separated as system guests are by default.')).toBeVisible();
  const namespaces = page.getByRole('table', { name: 'namespaces' });
  for (const type of ['user', 'mnt', 'pid', 'net', 'uts', 'ipc', 'cgroup']) {
    const inode = /\d+/.exec(readlinkSync(`/proc/${initPid}/ns/${type}`))?.[0] ?? 'an inode';
    await expect(namespaces.getByRole('row').filter({ hasText: inode })).toContainText(type);
  }
  const devices = page.getByRole('table', { name: 'devices' });
  await expect(devices).toContainText('1:3');
  await expect(devices).not.toContainText('10:229');
  expect(await inside('ls', '/dev')).not.toMatch(/^fuse$/m);

  await openSetting(page, berth.url, 'iso-a', 'isolation.devices');
  await page.locator('[id="isolation.devices"]').getByRole('button', { name: 'Common ones' }).click();
  await page.getByRole('menuitem', { name: /dev\/fuse/ }).click();
  await expect(page.getByText('1 change', { exact: true })).toBeVisible();
  await apply(page);
  expect((await info()).initPid, 'it was not restarted').toBe(initPid);
  expect(await inside('ls', '-l', '/dev/fuse')).toMatch(/^crw-rw-rw-.* 10, +229 /);
  await page.getByRole('link', { name: 'Isolation', exact: true }).click();
  await expect(devices).toContainText('10:229');
  await expect(page.getByRole('region', { name: 'What differs from the default' })).toContainText(
    '/dev/fuse',
  );

  await openSetting(page, berth.url, 'iso-a', 'isolation.sysctls');
  await page.getByRole('button', { name: 'Add a sysctl' }).click();
  await page.getByRole('combobox', { name: 'name of sysctl 1' }).fill('net.core.somaxconn');
  await page.getByLabel('value of net.core.somaxconn').fill('1234');
  await expect(page.getByText('1 change, from the next start on')).toBeVisible();
  await apply(page);
  expect((await info()).pendingRestart).toEqual(['isolation.sysctls']);
  expect(await inside('cat', '/proc/sys/net/core/somaxconn')).not.toBe('1234');
  await page.getByRole('button', { name: 'Restart', exact: true }).click();
  await page.getByRole('button', { name: 'Restart iso-a' }).click();
  await expect
    .poll(async () => {
      const { state, initPid: now, pendingRestart } = await info();
      return [state, now !== initPid, pendingRestart];
    })
    .toEqual(['running', true, []]);
  expect(await inside('cat', '/proc/sys/net/core/somaxconn')).toBe('1234');
  expect(await inside('ls', '/dev'), 'the device came again').toMatch(/^fuse$/m);
  await page.getByRole('link', { name: 'Isolation', exact: true }).click();
  await expect(page.getByRole('table', { name: 'sysctls' })).toContainText('1234');

  await page.goto(`${berth.url}/guests`);
  for (const name of ['iso-a', 'iso-b']) await page.getByRole('checkbox', { name: `choose ${name}` }).check();
  await page.getByRole('link', { name: 'Compare' }).click();
  const table = page.getByRole('table');
  await expect(table.getByRole('row', { name: /net\.core\.somaxconn/ }).first()).toContainText('1234');
  await expect(table.getByRole('row', { name: /^seccomp/ })).toHaveCount(0);
  await page.getByRole('button', { name: /^All/ }).click();
  await expect(table.getByRole('row', { name: /^seccomp/ }).first()).toBeVisible();

  await berth.berthJson(['guest', 'stop', '--force', 'iso-a']);
  await page.goto(`${berth.url}/guests/iso-a/isolation`);
  await expect(page.getByText('It does not run', { exact: true })).toBeVisible();
  await expect(namespaces).toHaveCount(0);
});

/** Remember from now on how far the page says that the trying of walls is: `[done, of how many, words]`, each change once. */
async function watchProgress(page: Page): Promise<() => Promise<[number, number, string][]>> {
  const seen = await page.evaluateHandle(() => {
    const told: [number, number, string][] = [];
    const look = () => {
      const bar = document.querySelector<HTMLProgressElement>('progress[aria-label="Walls tried"]');
      if (bar && told.at(-1)?.[0] !== bar.value)
        told.push([bar.value, bar.max, bar.parentElement?.textContent ?? '']);
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
    return told;
  });
  return () => seen.jsonValue();
}

test('its walls are tried from its page; what a setting opens is told by the setting', async ({
  signedIn: page,
  berth,
}) => {
  await berth.berthJson(['guest', 'create', 'iso-w', '--start']);
  await page.goto(`${berth.url}/guests/iso-w/isolation`);
  const walls = page.getByRole('region', { name: 'The walls, tried' });
  // With a whole core it is over before a page has drawn anything.
  await berth.berthJson(['guest', 'set', 'iso-w', '--cpu', '0.02']);
  const progress = await watchProgress(page);
  await walls.getByRole('button', { name: 'Try the walls' }).click();
  await expect(walls.getByText('Every wall held that could be tried.')).toBeVisible();
  await expect(walls).toContainText(/\d{3} held, \d+ not tried/);
  // While it was under way the page told how far it was, upwards, and what was tried; now it tells the end instead.
  const told = await progress();
  expect(told.length).toBeGreaterThan(0);
  expect(told.map(([done]) => done)).toEqual(
    told.map(([done]) => done).toSorted((one, other) => one - other),
  );
  for (const [done, total, words] of told) {
    expect(total).toBeGreaterThanOrEqual(Math.max(done, 100));
    expect(words).toMatch(new RegExp(`^Trying \\S.*: ${done} of ${total} things\\.$`));
  }
  await berth.berthJson(['guest', 'set', 'iso-w', '--cpu', '1']);
  await expect(walls.getByRole('progressbar')).toHaveCount(0);
  await expect(walls.getByRole('status')).toContainText('Tried from inside iso-w');
  await walls.getByText('system calls', { exact: true }).click();
  await expect(
    walls.getByRole('listitem').filter({ hasText: /^load a program into the kernelEPERM$/ }),
  ).toBeVisible();

  await berth.berthJson(['guest', 'set', 'iso-w', '--nesting']);
  await berth.berthJson(['guest', 'restart', '--force', 'iso-w']);
  await walls.getByRole('button', { name: 'Try again' }).click();
  const opened = walls.getByRole('group').filter({ hasText: 'Weakened by' });
  await expect(opened).toHaveCount(1);
  await opened.getByText('Weakened by').click();
  await expect(opened.getByRole('listitem').filter({ hasText: /^make a user namespace CVE/ })).toContainText(
    'ok instead of EPERM',
  );
  await opened.getByRole('link', { name: 'Change isolation.nesting' }).click();
  await expect(page).toHaveURL(/\/guests\/iso-w\/configuration#isolation\.nesting$/);

  await berth.berthJson(['guest', 'freeze', 'iso-w']);
  await page.goto(`${berth.url}/guests/iso-w/isolation`);
  const button = walls.getByRole('button', { name: 'Try the walls' });
  await expect(button).toHaveAttribute('aria-disabled', 'true');
  await berth.berthJson(['guest', 'unfreeze', 'iso-w']);
  await expect(button).not.toHaveAttribute('aria-disabled', 'true');
});

test('settings that the kernel or a rule refuses are told where they are made', async ({
  signedIn: page,
  berth,
}) => {
  await berth.berthJson(['guest', 'create', 'iso-c']);
  await openSetting(page, berth.url, 'iso-c', 'isolation.namespaces');
  await page.getByRole('combobox', { name: 'pid' }).click();
  await page.getByRole('option', { name: 'the host' }).click();
  await expect(
    page.getByRole('alert').filter({ hasText: 'only an application shares processes' }),
  ).toBeVisible();
  await expect(page.getByRole('button', { name: 'Apply', exact: true })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await page.getByRole('button', { name: 'Reset' }).click();

  await openSetting(page, berth.url, 'iso-c', 'isolation.privileged');
  await page.getByRole('checkbox', { name: 'Root of the guest is root of the host' }).check();
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Make it privileged' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await dialog.getByRole('textbox').fill('iso-c');
  await dialog.getByRole('button', { name: 'Make it privileged' }).click();
  // the person signed in has not been granted it
  await expect(page.getByText('berth admin privileged admin on').first()).toBeVisible();
  expect(
    (await berth.berthJson<{ isolation: { privileged: boolean } }>(['guest', 'info', 'iso-c'])).isolation
      .privileged,
  ).toBe(false);
});

test('processes are listed live and get signals', async ({ signedIn: page, berth }) => {
  await berth.berthJson(['guest', 'create', 'iso-p', '--start']);
  await berth.berth(['guest', 'exec', 'iso-p', '--', 'sh', '-c', 'sleep 98765 >/dev/null 2>&1 &']);
  await page.goto(`${berth.url}/guests/iso-p/processes`);
  const row = page.getByRole('row').filter({ hasText: 'sleep 98765' });
  await expect(row).toContainText('root');
  await row.getByRole('button', { name: /^Signals for/ }).click();
  await page.getByRole('menuitem', { name: 'Kill it…' }).click();
  await page.getByRole('button', { name: 'Send SIGKILL' }).click();
  await expect(row).toHaveCount(0);
});

test('volumes are made, mounted and deleted', async ({ signedIn: page, berth }) => {
  await page.goto(`${berth.url}/volumes`);
  await page.getByRole('button', { name: 'New volume' }).click();
  await page.getByLabel('Name').fill('iso-data');
  await page.getByRole('button', { name: 'Make it' }).click();
  const volume = page.getByRole('listitem').filter({ hasText: 'iso-data' });
  await expect(volume).toContainText('no guest has it');
  await expect(volume).toContainText('project default');
  await berth.berthJson(['project', 'create', 'iso-files']);
  await volume.getByRole('button', { name: 'Move iso-data to another project' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Move', exact: true })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await dialog.getByLabel('Project').click();
  await page.getByRole('option', { name: 'iso-files' }).click();
  await dialog.getByRole('button', { name: 'Move', exact: true }).click();
  await expect(volume).toContainText('project iso-files');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(volume).toContainText('project default');
  await berth.berthJson(['project', 'rm', 'iso-files']);

  await berth.berthJson(['guest', 'create', 'iso-v', '--start']);
  await openSetting(page, berth.url, 'iso-v', 'isolation.mounts');
  await page.getByRole('button', { name: 'Add a mount' }).click();
  await page.getByLabel('Path in the guest').fill('/data');
  await apply(page);
  const written = await berth.berth(['guest', 'exec', 'iso-v', '--', 'sh', '-c', 'echo kept > /data/file']);
  expect(written.stderr).toBe('');

  await page.goto(`${berth.url}/volumes`);
  await expect(volume).toContainText('mounted by iso-v');
  await expect(volume.getByRole('button', { name: 'Delete iso-data' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await berth.berthJson(['guest', 'rm', '--now', '--force', 'iso-v']);
  await expect(volume).toContainText('no guest has it');
  await volume.getByRole('button', { name: 'Delete iso-data' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('iso-data');
  await page.getByRole('button', { name: 'Delete iso-data', exact: true }).last().click();
  await expect(page.getByText('No volumes yet')).toBeVisible();
});

test.describe('at 390 px', () => {
  test.use({ viewport: { width: 390, height: 844 } });
  test('the pages do not scroll sideways', async ({ signedIn: page, berth }) => {
    await berth.berthJson(['guest', 'create', 'iso-n', '--start']);
    for (const path of [
      'guests/iso-n/isolation',
      'guests/iso-n/configuration#isolation.capabilities',
      'guests/iso-n/processes',
      'compare?a=iso-n',
      'volumes',
    ]) {
      await page.goto(`${berth.url}/${path}`);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expect(page.locator('[aria-busy="true"], [role="status"][aria-label^="reading"]')).toHaveCount(0);
      const { wide, room } = await page.evaluate(() => ({
        wide: document.documentElement.scrollWidth,
        room: document.documentElement.clientWidth,
      }));
      expect(wide, path).toBeLessThanOrEqual(room);
    }
  });
});
