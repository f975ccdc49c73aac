import { CALLBACK_PATH } from '../server/oidc/schema.ts';
import { startTestProvider } from '../server/oidc/test-provider.ts';
import { expect, test } from './fixtures/berth.ts';
import { leave, newPerson, PASSWORD } from './helpers/new-person.ts';

test('an admin sets a provider up; who links it, and whose address it has verified, signs in with it', async ({
  berth,
  browser,
  signedIn: admin,
}) => {
  await using provider = await startTestProvider(`${berth.url}${CALLBACK_PATH}`);
  await admin.goto(`${berth.url}/people`);
  await admin.getByRole('button', { name: 'New provider' }).click();
  const dialog = admin.getByRole('dialog');
  await expect(dialog.getByText(`${berth.url}${CALLBACK_PATH}`)).toBeVisible();
  await dialog.getByLabel('Name').fill('staff');
  await dialog.getByLabel('Label').fill('Staff login');
  await dialog.getByLabel('Issuer').fill('http://login.example.org');
  await dialog.getByLabel('Client id').fill(provider.client.id);
  await dialog.getByLabel('Client secret').fill(provider.client.secret);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText('an issuer begins with https://')).toBeVisible();
  await dialog.getByLabel('Issuer').fill(provider.issuer);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(admin.getByText('staff, client berth, 0 people linked')).toBeVisible();
  await admin.getByRole('button', { name: 'Change Staff login' }).click();
  await expect(dialog.getByLabel('Client secret')).toHaveValue('');
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  // an account elsewhere, linked by oneself
  const page = await newPerson({ berth, browser }, { username: 'omar', role: 'viewer' });
  provider.who = { sub: 'o-1', email: 'omar@example.org', email_verified: true };
  const enter = page.getByRole('button', { name: 'Sign in with Staff login' });
  await leave(page);
  await enter.click();
  await expect(page.locator('form').getByRole('alert')).toContainText('nobody here is linked');
  await page.getByLabel('User name').fill('omar');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL('**/guests');
  await page.goto(`${berth.url}/account`);
  await page.getByRole('button', { name: 'Link Staff login' }).click();
  await page.getByRole('dialog').getByLabel('Password now').fill(PASSWORD);
  await page.getByRole('button', { name: 'Go there' }).click();
  await expect(page.getByText('you can sign in with it from now on')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Unlink Staff login' })).toBeVisible();
  await leave(page);
  await enter.click();
  await page.waitForURL('**/guests');
  await expect(page.getByRole('button', { name: /^Signed in as omar/ })).toBeVisible();
  await page.context().close();

  // somebody who was invited by their address, and never chooses a password
  await berth.berthJson(['user', 'create', 'mina', '--role', 'viewer', '--mail', 'mina@example.org']);
  provider.who = { sub: 'm-1', email: 'mina@example.org', email_verified: true };
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const second = await context.newPage();
  await second.goto(`${berth.url}/login?next=%2Fvolumes`);
  await second.getByRole('button', { name: 'Sign in with Staff login' }).click();
  await second.waitForURL('**/volumes');
  await expect(second.getByRole('button', { name: /^Signed in as mina/ })).toBeVisible();
  await context.close();

  const [listed] = await berth.berthJson<{ people: number }[]>(['oidc', 'ls']);
  expect(listed).toMatchObject({ provider: 'staff', people: 2 });
  expect(JSON.stringify(listed)).not.toContain(provider.client.secret);
  await admin.reload();
  await admin.getByRole('button', { name: 'Delete Staff login' }).click();
  await expect(admin.getByText('nobody signs in with Staff login any more')).toBeVisible();
});
