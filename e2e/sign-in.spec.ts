import type { Page } from '@playwright/test';
import decodeQR from 'qr/decode.js';
import { totp } from '../server/user/test-totp.ts';
import { expect, test } from './fixtures/berth.ts';
import { leave, newPerson, PASSWORD } from './helpers/new-person.ts';

/** What a telephone's camera reads from the page. */
async function readQrCode(page: Page): Promise<string> {
  const picture = await page.getByRole('img', { name: 'The secret as a QR code' }).evaluate(async (svg) => {
    const size = 400;
    const image = new Image(size, size);
    image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
    await image.decode();
    const context = Object.assign(document.createElement('canvas'), { width: size, height: size }).getContext(
      '2d',
    );
    context?.drawImage(image, 0, 0, size, size);
    const data = context?.getImageData(0, 0, size, size).data ?? [];
    return { width: size, height: size, data: [...data] };
  });
  return decodeQR({ ...picture, data: Uint8ClampedArray.from(picture.data) });
}

async function enterPassword(page: Page, username: string): Promise<void> {
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

async function enterCode(page: Page, code: string): Promise<void> {
  await page.getByLabel('Code').fill(code);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

test('a device for codes is set up by its QR code; each code of it, and each recovery code, lets in once', async ({
  berth,
  browser,
}) => {
  const page = await newPerson({ berth, browser }, { username: 'tara', role: 'viewer' });
  await page.goto(`${berth.url}/account`);
  await page.getByRole('button', { name: 'Set up a device' }).click();
  const section = page.getByRole('region', { name: 'Second factor' });
  await section.getByLabel('Password now').fill(PASSWORD);
  await section.getByRole('button', { name: 'Go on' }).click();
  const uri = new URL(await readQrCode(page));
  expect(uri.href).toMatch(
    /^otpauth:\/\/totp\/Berth:tara\?secret=[A-Z2-7]+&issuer=Berth&digits=6&period=30$/,
  );
  const secret = uri.searchParams.get('secret') ?? '';
  await expect(section.getByText(secret, { exact: true })).toBeVisible();
  const [recovery = ''] = (await section.getByText(/^\S{11}( \S{11}){9}$/).innerText()).split(' ');
  const began = Date.now();
  await section.getByLabel('Code', { exact: true }).fill(totp(secret, began));
  await section.getByRole('button', { name: 'Use the device' }).click();
  await expect(page.getByText('You sign in with your password and a code of your device.')).toBeVisible();

  await leave(page);
  await enterPassword(page, 'tara');
  // the one that confirmed the device was used by that
  await enterCode(page, totp(secret, began));
  await expect(page.locator('form').getByRole('alert')).toContainText('the code is wrong or was used');
  await enterCode(page, totp(secret, began + 30_000));
  await page.waitForURL('**/guests');

  await leave(page);
  await enterPassword(page, 'tara');
  await enterCode(page, recovery);
  await page.waitForURL('**/guests');
  await leave(page);
  await enterPassword(page, 'tara');
  await enterCode(page, recovery);
  await expect(page.locator('form').getByRole('alert')).toContainText('the code is wrong or was used');
  await page.context().close();
});
