import { expect, test } from './fixtures/berth.ts';
import { newPerson } from './helpers/new-person.ts';
import { expectTerminal } from './helpers/terminal.ts';

test('people see who else is in a guest, and what others do to it', async ({
  signedIn: page,
  berth,
  browser,
}) => {
  test.setTimeout(120_000);
  await berth.berthJson(['guest', 'create', 'live-a', '--start']);
  await berth.berthJson(['guest', 'create', 'live-b']);
  const bob = await newPerson({ berth, browser }, { username: 'bob.live', role: 'user' });
  const row = page.getByRole('row', { name: /live-a/ });
  const others = (text: string | RegExp) => page.getByRole('button', { name: text });

  await test.step('in the row, as they go from page to page', async () => {
    await bob.goto(`${berth.url}/guests/live-a/limits`);
    await expect(row.getByRole('img', { name: 'Here now: bob.live: looks at Limits' })).toBeVisible();
    await expect(row.getByText('BL', { exact: true })).toBeVisible();
    await row.getByText('BL', { exact: true }).hover();
    await expect(page.getByText('bob.live: looks at Limits', { exact: true })).toBeVisible();
    await bob.getByRole('link', { name: 'Activity', exact: true }).last().click();
    await expect(row.getByRole('img', { name: 'Here now: bob.live: looks at Activity' })).toBeVisible();
    await expect(
      page.getByRole('row', { name: /live-b/ }).getByRole('img', { name: /Here now/ }),
    ).toHaveCount(0);
  });

  await test.step('in the header, with the terminal that they type in; nobody is told of themselves', async () => {
    await page.goto(`${berth.url}/guests/live-a`);
    await expect(others('Here now: bob.live: looks at Activity')).toBeVisible();
    await expect(bob.getByRole('button', { name: 'Here now: admin: looks at Overview' })).toBeVisible();
    await bob.goto(`${berth.url}/guests/live-a/terminal`);
    await expectTerminal(bob, /[#$] $/m);
    await expect(others('Here now: bob.live: types in a shell')).toBeVisible();
    await page.screenshot({ path: 'test-results/live-header.png' });
  });

  await test.step('a window that is hidden is idle, one that is closed is gone at once', async () => {
    const second = await bob.context().newPage();
    await second.goto(`${berth.url}/guests/live-b`);
    await page.goto(`${berth.url}/guests/live-b`);
    await expect(others('Here now: bob.live: looks at Overview')).toBeVisible();
    await second.evaluate(() => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await expect(others('Here now: bob.live: looks at Overview (idle)')).toBeVisible();
    await second.close();
    await expect(others(/Here now/)).toHaveCount(0);
  });

  await test.step('what another does is one quiet line, with the way to all of it', async () => {
    await bob.goto(`${berth.url}/guests/live-b/limits`);
    await expect(others('Here now: bob.live: looks at Limits')).toBeVisible();
    await bob.getByRole('button', { name: 'Start', exact: true }).click();
    await expect(page.getByText('bob.live started live-b')).toBeVisible();
    await berth.berthJson(['guest', 'set', 'live-b', '--tag', 'env=live']);
    await expect(page.getByText('root changed the tags of live-b')).toBeVisible();
    await expect(page.getByText('after 1 other change')).toBeVisible();
    await expect(page.getByText('bob.live started live-b')).toHaveCount(0);
    await expect(bob.getByText(/bob.live started/)).toHaveCount(0);
    await page.screenshot({ path: 'test-results/live-line.png' });
    await page.getByRole('button', { name: 'Activity', exact: true }).click();
    await expect(page).toHaveURL(/\/guests\/live-b\/activity$/);
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByRole('button', { name: 'Stop live-b', exact: true }).click();
    await expect(bob.getByText('admin stopped live-b')).toBeVisible();
    await expect(page.getByText('admin stopped live-b')).toHaveCount(0);
  });

  await test.step('who may see neither the guest nor its people is told of nobody', async () => {
    const { link } = await berth.berthJson<{ link: { path: string } }>([
      ...['user', 'create', 'eve-live', '--role', 'user', '--guest', 'live-b'],
    ]);
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const eve = await context.newPage();
    await eve.goto(`${berth.url}${link.path}`);
    await eve.getByLabel('Password', { exact: true }).fill('a password of their own');
    await eve.getByRole('button', { name: /^(Set the password|Join)/ }).click();
    await eve.waitForURL('**/guests');
    await bob.goto(`${berth.url}/guests/live-b`);
    await expect(
      eve.getByRole('row', { name: /live-b/ }).getByRole('img', { name: /bob.live/ }),
    ).toBeVisible();
    await bob.goto(`${berth.url}/guests/live-a`);
    await expect(eve.getByRole('img', { name: /bob.live/ })).toHaveCount(0);
    const told: string[] = [];
    eve.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => void told.push(String(payload))),
    );
    await eve.goto(`${berth.url}/guests`);
    await expect.poll(() => told.join()).toContain('started');
    await bob.goto(`${berth.url}/guests/live-b`);
    await expect.poll(() => told.join()).toContain('bob.live');
    expect(told.join()).not.toContain('live-a');
    await context.close();
  });
  await bob.context().close();
});
