import { expect, test } from './fixtures/berth.ts';
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

test('what one person writes about a guest shows in the other browser at once, and nothing in it runs', async ({
  signedIn: page,
  berth,
  browser,
  session,
}) => {
  await berth.berthJson(['guest', 'create', 'inv-a', '--start']);
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
  expect(alarms.heard).toEqual([]);
  await context.close();
});
