import { readFileSync } from 'node:fs';
import { expect, test } from './fixtures/berth.ts';
import { MARKUP_NAME } from './helpers/hostile-strings.ts';
import { ALARM, listenForAlarms } from './helpers/page-alarms.ts';

const NOTES = [
  '# What it is for',
  '',
  'pays the **bills**, see [the runbook](https://example.com/runbook)',
  '',
  `<img src=x onerror=${ALARM}('img')> [click](javascript:${ALARM}('link')) ![pixel](https://stranger.invalid/pixel.png)`,
  '',
  'the last line',
].join('\n');

test('two people describe guests and find them: nothing that either writes is lost, and every view is an address', async ({
  signedIn: page,
  berth,
  browser,
  session,
}) => {
  await berth.berthJson(['guest', 'create', 'inv-a', '--start']);
  await berth.berthJson(['guest', 'create', 'inv-b', '--tag', 'env=test', '--tag', 'db']);
  await berth.berthJson(['guest', 'create', 'inv-c']);
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  await context.addCookies(session.cookies);
  const alarms = await listenForAlarms(context, berth.url);
  const second = await context.newPage();

  await test.step('tags show in the other browser’s row as they are added', async () => {
    await second.goto(`${berth.url}/guests`);
    await expect(second.getByRole('row', { name: /inv-a/ })).toBeVisible();
    await page.goto(`${berth.url}/guests/inv-a`);
    await page.getByLabel('Add tags').fill('Web env=prod');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(page.getByRole('button', { name: 'remove tag env=prod' })).toBeVisible();
    const row = second.getByRole('row', { name: /inv-a/ });
    await expect(row.getByRole('link', { name: 'env=prod' })).toBeVisible();
    await expect(row.getByRole('link', { name: 'web', exact: true })).toBeVisible();
  });

  await test.step('notes are Markdown, and nothing in them runs or is fetched', async () => {
    await page.getByRole('button', { name: 'Write notes' }).click();
    await page.getByRole('textbox', { name: 'Notes' }).fill(NOTES);
    await page.getByRole('button', { name: 'Save notes' }).click();
    await second.goto(`${berth.url}/guests/inv-a`);
    const notes = second.getByRole('region', { name: 'Notes' });
    await expect(notes.getByRole('heading', { name: 'What it is for' })).toBeVisible();
    const link = notes.getByRole('link', { name: 'the runbook' });
    await expect(link).toHaveAttribute('rel', /noopener noreferrer/);
    await expect(notes.locator('img, script, [onerror]')).toHaveCount(0);
    for (const anchor of await notes.locator('a').all())
      expect((await anchor.getAttribute('href')) ?? '').not.toMatch(/^javascript:/i);
    expect(alarms.heard).toEqual([]);
  });

  await test.step('of two who write at once the second is told, and merges', async () => {
    const mine = second.getByRole('textbox', { name: 'Notes' });
    await second.getByRole('button', { name: 'Edit', exact: true }).click();
    await mine.fill(NOTES.replace('the last line', 'the last line, by the second'));
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    const theirs = page.getByRole('textbox', { name: 'Notes' });
    await theirs.fill(NOTES.replace('# What it is for', '# What the first says'));
    await page.getByRole('button', { name: 'Save notes' }).click();
    await expect(theirs).toHaveCount(0);
    await expect(second.getByText('Somebody has changed the notes')).toBeVisible();
    await second.getByRole('button', { name: 'Merge' }).click();
    await expect(mine).toHaveValue(/# What the first says[\s\S]*the last line, by the second$/);
    await second.getByRole('button', { name: 'Save notes' }).click();
    await expect(page.getByText('the last line, by the second')).toBeVisible();
    await expect(page.getByRole('heading', { name: 'What the first says' })).toBeVisible();
  });

  const rows = (name: RegExp) => second.getByRole('grid', { name: 'Guests' }).getByRole('row', { name });

  await test.step('a search is completed by what there is, and is in the address', async () => {
    await second.goto(`${berth.url}/guests`);
    const search = second.getByRole('combobox', { name: 'Filter guests' });
    await search.fill('tag:env=p');
    await expect(second.getByRole('option', { name: /env=prod/ })).toBeVisible();
    await search.press('ArrowDown');
    await search.press('Enter');
    await expect(search).toHaveValue('tag:env=prod ');
    await expect(rows(/inv-a/)).toBeVisible();
    await expect(rows(/inv-b/)).toHaveCount(0);
    await expect(second).toHaveURL(/q=tag:env=prod|q=tag:env%3Dprod/);
    await second.getByRole('button', { name: 'remove tag:env=prod' }).click();
    await expect(rows(/inv-b/)).toBeVisible();
    // words of the notes find it too
    await search.fill('bills');
    await expect(rows(/inv-b/)).toHaveCount(0);
    await expect(rows(/inv-a/)).toBeVisible();
    // the other browser's change moves a guest into the view
    await search.fill('tag:late');
    await expect(second.getByText('No guest matches the filter')).toBeVisible();
    await page.getByLabel('Add tags').fill('late');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(rows(/inv-a/)).toBeVisible();
    await search.fill('');
  });

  await test.step('groups, columns and order are in the address too', async () => {
    await second.getByRole('button', { name: 'Group', exact: true }).click();
    await second.getByRole('menuitemcheckbox', { name: 'env=…' }).click();
    await second.keyboard.press('Escape');
    await second.getByRole('button', { name: 'Columns and rows' }).click();
    await second.getByRole('menuitemcheckbox', { name: 'Owner' }).click();
    await second.keyboard.press('Escape');
    await second.getByRole('button', { name: 'Name', exact: true }).click();
    await expect(second).toHaveURL(/sort=-name/);
    await second.getByRole('button', { name: 'State', exact: true }).click({ modifiers: ['Shift'] });
    await expect(second).toHaveURL(/sort=-name(,|%2C)state/);
    const state = second.getByRole('button', { name: /^State ?, ascending, order 2$/ });
    await state.click({ modifiers: ['Shift'] });
    await expect(second).toHaveURL(/sort=-name(,|%2C)-state/);
    await second.getByRole('button', { name: /^State/ }).click({ modifiers: ['Shift'] });
    await expect(second).toHaveURL(/sort=-name(&|$)/);
    await second.reload();
    await expect(second.getByRole('columnheader', { name: 'Owner' })).toBeVisible();
    const heads = second.getByRole('grid', { name: 'Guests' }).getByRole('rowheader');
    await expect(heads).toHaveText([/^prod/, /^test/, /^none/]);
    // heads of groups are passed over by the arrows
    await rows(/inv-a/).focus();
    await second.keyboard.press('ArrowDown');
    await expect(rows(/inv-b/)).toBeFocused();
  });

  const pinned = (who: typeof page) => who.getByRole('list', { name: 'Views' });

  await test.step('a view of the team is in everybody’s side bar, counts, is renamed, deleted and brought back', async () => {
    await second.goto(`${berth.url}/guests?q=tag:env=prod&group=owner`);
    await second.getByRole('button', { name: 'Save view…' }).click();
    await second.getByLabel('Name', { exact: true }).fill(MARKUP_NAME.slice(0, 60));
    await second.getByRole('checkbox', { name: 'Everybody sees it' }).check();
    await second.getByRole('button', { name: 'Save view', exact: true }).click();
    await expect(pinned(page).getByRole('link')).toHaveText([/^.*<img src=x.*1$/]);
    await second.getByRole('button', { name: /<img/ }).click();
    await second.getByRole('menuitem', { name: 'Change…' }).click();
    await second.getByLabel('Name', { exact: true }).fill('Production');
    await second.getByRole('button', { name: 'Save view', exact: true }).click();
    const link = pinned(page).getByRole('link', { name: /Production/ });
    await berth.berthJson(['guest', 'set', 'inv-c', '--tag', 'env=prod']);
    await expect(link).toContainText('2');
    await second.getByRole('button', { name: 'Production' }).click();
    await second.getByRole('menuitem', { name: 'Delete' }).click();
    await expect(link).toHaveCount(0);
    await second.getByRole('button', { name: 'Undo' }).click();
    await link.click();
    await expect(page).toHaveURL(/\/guests\?q=tag:env.*prod&group=owner$/);
    await expect(page.getByRole('row', { name: /inv-c/ })).toBeVisible();
    await expect(page.getByRole('row', { name: /inv-b/ })).toHaveCount(0);
  });

  await test.step('a view is a file, by the page and by the command line', async () => {
    await page.getByRole('button', { name: 'Export and import' }).click();
    const saved = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: /CSV/ }).click();
    const text = readFileSync(await (await saved).path(), 'utf8');
    expect(text).toMatch(/^name,state,tags,[\s\S]*\r\ninv-a,running,env=prod late web,[\s\S]*\r\ninv-c,/);
    const csv = await berth.berth(['guest', 'ls', 'tag:env=prod', '--sort=-name', '--csv']);
    expect(csv.stdout).toMatch(/^name,project,state,tags,owner[\s\S]*\ninv-c,[\s\S]*\ninv-a,/);
    expect(await berth.berthJson(['guest', 'ls', 'bills'])).toMatchObject([{ name: 'inv-a' }]);
    expect((await berth.berth(['guest', 'ls', 'colour:red'])).stderr).toContain('nothing is called colour');
  });
  expect(alarms.heard).toEqual([]);
  await context.close();
});
