import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from './fixtures/berth.ts';

test('what goes wrong is told in the page and by a webhook, which says when it takes nothing', async ({
  berth,
  signedIn: page,
}) => {
  const got: { text: string }[] = [];
  let status = 200;
  const chat = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      got.push(JSON.parse(body));
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((done) => chat.listen(0, '127.0.0.1', done));
  try {
    const url = `http://127.0.0.1:${(chat.address() as AddressInfo).port}/hook`;
    await page.goto(`${berth.url}/notices`);
    await expect(page.getByText('None yet: notices are on this page alone.')).toBeVisible();
    await page.getByRole('button', { name: 'New channel' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('chat');
    await dialog.getByLabel('Address').fill('chat.example.org');
    await dialog.getByRole('button', { name: 'Make it' }).click();
    await expect(dialog.getByText(/the address of a webhook is like/)).toBeVisible();
    await dialog.getByLabel('Address').fill(url);
    await dialog.getByRole('button', { name: 'Make it' }).click();
    await expect(dialog).toHaveCount(0);
    const channels = page.getByRole('region', { name: 'Channels' });
    await channels.getByRole('button', { name: 'Try' }).click();
    await expect(page.getByText('chat has taken a trial')).toBeVisible();
    expect(got.map(({ text }) => text)).toEqual(['This is a trial of the channel chat: it works.']);

    await page.goto(`${berth.url}/guests`);
    await berth.berth(['guest', 'create', 'broken', '--kind', 'application', '--start', '--', '/bin/false']);
    const unread = page.getByRole('link', { name: /unread notice/ });
    await expect(unread).toBeVisible();
    await expect.poll(() => got.at(-1)?.text).toContain('broken: its command ended with status 1');
    await unread.click();
    await expect(page.getByText('broken: its command ended with status 1').first()).toBeVisible();
    await expect(unread).toHaveCount(0);

    status = 500;
    await berth.berth(['guest', 'start', 'broken']);
    await expect(channels.getByText(/answered with status 500/)).toBeVisible({ timeout: 15_000 });
    await expect(channels.getByText(/notices? waiting/)).toBeVisible();
    await channels.getByRole('button', { name: 'Delete chat' }).click();
    await dialog.getByRole('button', { name: 'Delete chat' }).click();
    await expect(page.getByText('None yet: notices are on this page alone.')).toBeVisible();
  } finally {
    await new Promise((done) => chat.close(done));
  }
});
