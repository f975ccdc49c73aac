import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { applyFirewall } from './firewall.ts';
import { deleteLink, ensureBridge, listLinks } from './network.ts';

const run = promisify(execFile);
const BRIDGE = `bt${process.pid}`;
const TABLE = `berth_t${process.pid}`;

afterEach(async () => {
  await deleteLink(BRIDGE);
  expect((await listLinks()).map(({ name }) => name)).not.toContain(BRIDGE);
  await applyFirewall(`add table inet ${TABLE}\ndelete table inet ${TABLE}`);
  expect((await run('nft', ['list', 'tables'])).stdout).not.toContain(TABLE);
});

test('a bridge is made once, with its addresses, and keeps its MAC', async () => {
  const addresses = ['10.254.77.1/24', 'fd00:77::1/64'];
  await ensureBridge(BRIDGE, addresses);
  const describe = async () =>
    JSON.parse((await run('ip', ['-j', 'address', 'show', 'dev', BRIDGE])).stdout)[0];
  const first = await describe();
  await ensureBridge(BRIDGE, addresses);
  const again = await describe();
  expect(again.address).toBe(first.address);
  const cidrs = again.addr_info.map(
    (info: { local: string; prefixlen: number }) => `${info.local}/${info.prefixlen}`,
  );
  expect(cidrs).toEqual(expect.arrayContaining(addresses));
  expect((await listLinks()).find(({ name }) => name === BRIDGE)).toMatchObject({ kind: 'bridge', up: true });
  await deleteLink(BRIDGE);
  await deleteLink(BRIDGE);
});

test('a link of another kind is not taken for a bridge, a wrong address not for one', async () => {
  await expect(ensureBridge('lo', [])).rejects.toMatchObject({ code: 'EEXIST', path: 'lo' });
  await expect(ensureBridge(BRIDGE, ['10.0.0.300/24'])).rejects.toMatchObject({
    code: 'EINVAL',
    path: '10.0.0.300/24',
  });
  await expect(ensureBridge('a-name-that-is-too-long', [])).rejects.toMatchObject({ code: 'EINVAL' });
});

test('a firewall script is one transaction: wholly or not at all, with nft’s words', async () => {
  await applyFirewall(`add table inet ${TABLE}\nadd chain inet ${TABLE} one`);
  expect((await run('nft', ['list', 'table', 'inet', TABLE])).stdout).toContain('chain one');
  const broken = `add chain inet ${TABLE} two\nadd rule inet ${TABLE} nowhere accept`;
  await expect(applyFirewall(broken)).rejects.toThrow(/No such file or directory/);
  expect((await run('nft', ['list', 'table', 'inet', TABLE])).stdout).not.toContain('two');
  await expect(applyFirewall('add tabel inet x')).rejects.toMatchObject({ code: 'EINVAL' });
});

test('scripts that come together do not meet', async () => {
  await applyFirewall(`add table inet ${TABLE}`);
  const names = Array.from({ length: 12 }, (_, at) => `chain${at}`);
  await Promise.all(names.map((name) => applyFirewall(`add chain inet ${TABLE} ${name}`)));
  const { stdout } = await run('nft', ['list', 'table', 'inet', TABLE]);
  for (const name of names) expect(stdout).toContain(name);
});
