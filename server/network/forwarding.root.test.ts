import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/**
 * In a network namespace of its own, whose switches start at 0 and are nobody else's: on the host they belong to
 * every instance that runs, and a test that restored them would cut the guests of others off.
 */
const SCRIPT = `
import { readFileSync, writeFileSync } from 'node:fs';
const { ensureForwarding, restoreForwarding } = await import(process.argv[1]);
const keys = ['net/ipv4/ip_forward', 'net/ipv6/conf/all/forwarding', 'net/ipv6/conf/lo/accept_ra'];
const now = () => keys.map((key) => readFileSync('/proc/sys/' + key, 'utf8').trim()).join();
const place = (holder) => ({ sysctl: '/proc/sys', folder: process.argv[2], holder });
for (const [key, value] of [[keys[0], '0'], [keys[1], '0'], [keys[2], '1']]) writeFileSync('/proc/sys/' + key, value);
const seen = [now()];
await ensureForwarding(place('1'));
await ensureForwarding(place('2'));
seen.push(now());
await restoreForwarding(place('2'));
seen.push(now());
await restoreForwarding(place('1'));
seen.push(now());
console.log(JSON.stringify(seen));
`;

test('the kernel forwards while an instance lives, and has its former values after the last', async () => {
  const folder = mkdtempSync('/tmp/berth-forwarding-');
  try {
    const module = join(import.meta.dirname, 'forwarding.ts');
    const node = [process.execPath, '--input-type=module', '-e', SCRIPT, module, join(folder, 'state')];
    const { stdout } = await promisify(execFile)('unshare', ['--net', ...node]);
    expect(JSON.parse(stdout)).toEqual(['0,0,1', '1,1,2', '1,1,2', '0,0,1']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
