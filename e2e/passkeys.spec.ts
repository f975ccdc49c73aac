import type { Page } from '@playwright/test';
import { expect, test } from './fixtures/berth.ts';
import { leave, newPerson, PASSWORD } from './helpers/new-person.ts';

/** A device with keys and a finger on it, as Chromium makes one up for tests (WebAuthn 3, 11). */
async function plugIn(page: Page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
      ...{ isUserVerified: true, automaticPresenceSimulation: true },
    },
  });
  return {
    /** Whether the finger on it is the person's. */
    verifies: (isUserVerified: boolean) =>
      devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
  };
}

test('a passkey is made, named, signs in once for each answer, and is removed', async ({
  berth,
  browser,
}) => {
  const at = `https://localhost:${berth.port}`;
  const page = await newPerson({ berth, browser }, { username: 'petra', role: 'viewer', at });
  const device = await plugIn(page);
  await page.goto(`${at}/account`);
  const section = page.getByRole('region', { name: 'Passkeys' });
  const dialog = page.getByRole('dialog');
  await section.getByRole('button', { name: 'New passkey' }).click();
  await dialog.getByLabel('Name').fill('laptop');
  await dialog.getByLabel('Password now').fill('not the one');
  await dialog.getByRole('button', { name: 'Make it' }).click();
  await expect(dialog.getByText('that is not the password that you have now')).toBeVisible();
  await dialog.getByLabel('Password now').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Make it' }).click();
  await expect(section.getByText('laptop at localhost')).toBeVisible();
  await section.getByRole('button', { name: 'Rename the passkey laptop' }).click();
  await dialog.getByLabel('Name').fill('work');
  await dialog.getByRole('button', { name: 'Rename' }).click();
  await expect(section.getByText('work at localhost')).toBeVisible();
  // the same device again
  await section.getByRole('button', { name: 'New passkey' }).click();
  await dialog.getByLabel('Name').fill('again');
  await dialog.getByLabel('Password now').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Make it' }).click();
  await expect(dialog.getByText('this device has one of yours already')).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  await leave(page);
  // somebody else's finger
  await device.verifies(false);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page.locator('form').getByRole('alert')).toContainText('the device gave no passkey');
  await device.verifies(true);
  const asked = page.waitForRequest('**/api/auth/sign-in/passkey');
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.waitForURL('**/guests');
  const answer = (await asked).postData() ?? '';
  await expect(page.getByRole('button', { name: /^Signed in as petra/ })).toBeVisible();
  // what was heard on the way opens nothing a second time
  const replayed = await page.evaluate(async (body) => {
    const headers = { 'content-type': 'application/json', 'x-berth': '1' };
    return (await fetch('/api/auth/sign-in/passkey', { method: 'POST', headers, body })).status;
  }, answer);
  expect(replayed).toBe(401);

  await page.goto(`${at}/account`);
  await section.getByRole('button', { name: 'Remove the passkey work' }).click();
  await expect(page.getByText('the passkey work signs nobody in any more')).toBeVisible();
  await leave(page);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page.locator('form').getByRole('alert')).toContainText('this passkey opens nothing here');
  await page.context().close();
  const told = await berth.berthJson<{ action: string; outcome: string; actor: string }[]>([
    ...['audit', 'ls', '--action', 'auth.', '--limit', '200'],
  ]);
  const of = (action: string, outcome: string, actor: string) =>
    told.filter((one) => one.action === action && one.outcome === outcome && one.actor === actor).length;
  expect(of('auth.signOut', 'done', 'petra')).toBe(2);
  expect(of('auth.signIn', 'done', 'petra')).toBeGreaterThan(0);
  expect(of('auth.signIn', 'refused', 'nobody')).toBeGreaterThan(1);
});

test('at an address without a name there are no passkeys, and it says why', async ({
  berth,
  signedIn: page,
}) => {
  await page.goto(`${berth.url}/account`);
  const make = page.getByRole('button', { name: 'New passkey' });
  await expect(make).toHaveAttribute('aria-disabled', 'true');
  await make.hover();
  await expect(page.getByText('passkeys are for names, and 127.0.0.1 is an address')).toBeVisible();
});
