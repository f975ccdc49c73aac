import { expect, test } from './fixtures/berth.ts';

test('who can reach whom is drawn and told, for all and for one guest, and is so', async ({
  signedIn: page,
  berth,
}) => {
  await berth.berthJson(['guest', 'create', 'net-a', '--start']);
  await berth.berthJson(['guest', 'create', 'net-b', '--start']);
  await berth.berthJson(['guest', 'create', 'net-c']);

  await test.step('the table says it for all', async () => {
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Network' }).click();
    const table = page.getByRole('table', { name: 'Who reaches whom' });
    await expect(
      table.getByRole('row', { name: /^the outside guests on the bridge all dropped/ }),
    ).toBeVisible();
    await expect(
      table.getByRole('row', { name: /^guests on the bridge the host 53 \(DNS\) allowed/ }),
    ).toBeVisible();
    await expect(page.getByText('3 guests', { exact: false }).first()).toBeVisible();
  });

  await test.step('a guest is found and chosen by the keyboard', async () => {
    await page.getByLabel('Find a guest by its name or address').fill('net-a');
    const one = page.getByRole('button', { name: /net-a/ });
    await one.focus();
    await page.keyboard.press('Enter');
    await expect(one).toHaveAttribute('aria-pressed', 'true');
    await expect(page.getByRole('table', { name: 'Who net-a reaches, and who reaches it' })).toBeVisible();
    await page.getByLabel('Find a guest by its name or address').fill('net-c');
    await page.getByRole('button', { name: /net-c/ }).click();
    await expect(page.getByText('net-c is stopped: it reaches nobody')).toBeVisible();
    await page.getByRole('button', { name: 'All guests' }).click();
  });

  await test.step('and the guests find it so', async () => {
    const told = await berth.berthJson<{
      reaches: { from: string; to: string; ports: string; verdict: string }[];
    }>([...['network', 'map', 'net-a']]);
    const verdict = (from: string, to: string, ports = 'all') =>
      told.reaches.find((one) => one.from === from && one.to === to && one.ports === ports)?.verdict;
    const b = await berth.berthJson<{ addresses: { ipv4: string } }>(['guest', 'info', 'net-b']);
    const inside = (...command: string[]) => berth.berth(['guest', 'exec', 'net-a', '--', ...command]);
    // Nobody listens there: that it is refused by the other guest is an answer that came through.
    const asked = await inside('sh', '-c', `nc -w 3 ${b.addresses.ipv4} 9 </dev/null 2>&1; true`);
    expect(verdict('guests', 'guests')).toBe('allowed');
    expect(asked.stdout + asked.stderr).toMatch(/refused/i);
    expect(verdict('guests', 'host', 'ping')).toBe('allowed');
    const gateway = b.addresses.ipv4.replace(
      /\d+\.\d+$/,
      (end) => `${Math.floor(Number(end.split('.')[0]) / 16) * 16}.1`,
    );
    expect((await inside('ping', '-c1', '-W2', gateway)).status).toBe(0);
    expect((await berth.berth(['network', 'map'])).stdout).toContain('3 on the bridge');
  });
});
