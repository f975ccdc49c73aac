import type { Page } from '@playwright/test';
import { expect, test } from './fixtures/berth.ts';

interface Guest {
  name: string;
}

/** The sheet, open and filled in. */
async function openSheet(page: Page) {
  await page.getByRole('button', { name: 'New guest' }).first().click();
  const sheet = page.getByRole('dialog', { name: 'New guest' });
  const create = sheet.getByRole('button', { name: 'Create', exact: true });
  await create.waitFor();
  return {
    sheet,
    create,
    field: (label: string) => sheet.getByLabel(label, { exact: true }),
    /** The text that the field's control is described by. */
    about: async (label: string) => {
      const id = await sheet.getByLabel(label, { exact: true }).getAttribute('aria-describedby');
      return page.locator(`[id="${id}"]`).textContent();
    },
  };
}

test('a name that is taken is told at the name, and every value is kept', async ({
  signedIn: page,
  berth,
}) => {
  await berth.berthJson(['guest', 'create', 'taken-1']);
  const { sheet, create, field, about } = await openSheet(page);
  await field('Name').fill('taken-1');
  await field('Memory').fill('96 MiB');
  await field('Processes').fill('77');
  await create.click();
  await expect(field('Name')).toHaveAttribute('aria-invalid', 'true');
  expect(await about('Name')).toBe('the name taken-1 is taken by another guest: choose another one');
  await expect(field('Name')).toBeFocused();
  await expect(field('Name')).toHaveValue('taken-1');
  await expect(field('Memory')).toHaveValue('96 MiB');
  await expect(field('Processes')).toHaveValue('77');

  // mended in place, it goes through with the values kept
  await field('Name').fill('free-1');
  await expect(sheet.getByRole('alert')).toHaveCount(0);
  await create.click();
  await expect(page.getByRole('row', { name: /free-1/ })).toContainText('stopped');
  const { limits } = await berth.berthJson<{ limits: object }>(['guest', 'info', 'free-1']);
  expect(limits).toMatchObject({ memory: 96 * 1024 * 1024, pids: 77 });
});

test('names that are no host names are refused at the name', async ({ signedIn: page, berth }) => {
  const { create, field, about } = await openSheet(page);
  for (const [name, problem] of [
    ['', /a guest needs a name/],
    ['Web Server', /lower-case letters, digits and hyphens/],
    ['-web', /neither starts nor ends with a hyphen/],
    ['a'.repeat(64), /at most 63 characters/],
  ] as const) {
    await field('Name').fill(name);
    await create.click();
    await expect(field('Name')).toHaveAttribute('aria-invalid', 'true');
    expect(await about('Name')).toMatch(problem);
    await expect(field('Name')).toHaveValue(name);
  }
  expect(await berth.berthJson<Guest[]>(['guest', 'ls'])).toEqual([]);
});

test('limits of nothing, below nothing, above the host or no number are refused at their fields', async ({
  signedIn: page,
  berth,
}) => {
  const { sheet, create, field, about } = await openSheet(page);
  const name = await field('Name').inputValue();
  for (const [wrong, problem] of [
    [{ CPU: '0', Memory: '0', Processes: '0' }, /is too little: at least/],
    [{ CPU: '-1', Memory: '-5 MiB', Swap: '-1 MiB', Processes: '-3' }, /^-.* is too little: at least/],
    [
      { CPU: '4000', Memory: '900 TiB', Swap: '900 TiB', Processes: '99999999' },
      /is more than this host has: at most/,
    ],
    [{ CPU: 'two', Memory: 'much', Swap: 'x', Processes: 'many' }, /is a number, such as/],
  ] as const) {
    for (const [label, value] of Object.entries(wrong)) await field(label).fill(value);
    await create.click();
    for (const [label, value] of Object.entries(wrong)) {
      await expect(field(label)).toHaveAttribute('aria-invalid', 'true');
      expect(await about(label), `${label} of ${value}`).toMatch(problem);
      await expect(field(label)).toHaveValue(value);
    }
    await expect(sheet.getByRole('alert')).toHaveCount(Object.keys(wrong).length);
    await expect(field('Name')).toHaveValue(name);
  }
  expect(await berth.berthJson<Guest[]>(['guest', 'ls'])).toEqual([]);
});

test('what the server alone refuses is told at the same fields', async ({ signedIn: page, berth }) => {
  // the page's own check is for speed: the command line asks the server
  const refuse = async (...args: string[]) => {
    const result = await berth.berth(['guest', 'create', 'refused', ...args]);
    expect(result.status, result.stderr).not.toBe(0);
    return result.stderr;
  };
  expect(await refuse('--memory', '0')).toMatch(/memory/);
  expect(await refuse('--cpu', '4000')).toMatch(/4000 cores.*more than this host has/);
  expect(await refuse('--pids', 'many')).toMatch(/pids|many/);
  expect(await refuse('--image', 'no/such')).toMatch(/no\/such/);
  await expect(page.getByRole('row', { name: /refused/ })).toHaveCount(0);
  expect(await berth.berthJson<Guest[]>(['guest', 'ls'])).toEqual([]);
});

test('a rename to a taken name is refused at the field', async ({ signedIn: page, berth }) => {
  await berth.berthJson(['guest', 'create', 'here-1']);
  await berth.berthJson(['guest', 'create', 'here-2']);
  await page
    .getByRole('row', { name: /here-1/ })
    .getByRole('button', { name: 'Actions on here-1' })
    .click();
  await page.getByRole('menuitem', { name: 'Rename…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Rename here-1' });
  await dialog.getByLabel('Name').fill('here-2');
  await dialog.getByRole('button', { name: 'Rename' }).click();
  await expect(dialog.getByRole('alert')).toContainText('here-2 is taken');
  await expect(dialog.getByLabel('Name')).toHaveValue('here-2');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('row', { name: /here-1/ })).toBeVisible();
});
