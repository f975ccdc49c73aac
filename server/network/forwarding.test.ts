import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ensureForwarding, restoreForwarding } from './forwarding.ts';

const root = mkdtempSync('/tmp/berth-forwarding-');
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('the last instance to leave restores what was, and routers stay heard meanwhile', async () => {
  const values = {
    'net/ipv4/ip_forward': '0',
    'net/ipv6/conf/all/forwarding': '0',
    'net/ipv6/conf/eth0/accept_ra': '1',
  };
  for (const [key, value] of Object.entries(values)) {
    mkdirSync(dirname(join(root, key)), { recursive: true });
    writeFileSync(join(root, key), `${value}\n`);
  }
  const now = () => Object.keys(values).map((key) => readFileSync(join(root, key), 'utf8').trim());
  const place = (holder: string) => ({ sysctl: root, folder: join(root, 'folder'), holder });
  await ensureForwarding(place('1'));
  await ensureForwarding(place('2'));
  expect(now()).toEqual(['1', '1', '2']);
  await restoreForwarding(place('1'));
  expect(now()).toEqual(['1', '1', '2']);
  await restoreForwarding(place('2'));
  expect(now()).toEqual(['0', '0', '1']);
});
