import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { CliServer } from '../cli/cli-fixture.ts';
import type { GuestView } from '../guest/schema.ts';
import type { Instance } from '../instance/instance.ts';
import { readInstance } from '../instance/read-instance.ts';
import type { DoctorReport, MendReport } from './schema.ts';

let server: CliServer;
let instance: Instance;

beforeAll(async () => {
  server = await CliServer.start();
  await server.json(['image', 'build', 'berth/mini']);
  instance = readInstance(server.dataDir) as Instance;
  for (const name of ['one', 'two']) {
    await server.json(['guest', 'create', name, '--image', 'berth/mini', '--kind', 'system', '--start']);
  }
  await server.json(['guest', 'create', 'three', '--image', 'berth/mini']);
  await server.json(['volume', 'create', 'data']);
});
afterAll(() => server?.[Symbol.asyncDispose]());

const guest = async (name: string) => (await server.json(['guest', 'info', name])) as GuestView;

async function report(): Promise<DoctorReport> {
  const { stdout } = await server.berth(['doctor', '--json']);
  return JSON.parse(stdout.toString());
}
const found = async () => (await report()).findings.map(({ subject, problem }) => `${subject}: ${problem}`);

async function mend(): Promise<MendReport> {
  const { stdout } = await server.berth(['doctor', '--mend', '--yes', '--json']);
  return JSON.parse(stdout.toString());
}

/** What is planted is found, nothing else is, and mending leaves nothing. */
async function plant(expected: readonly (string | RegExp)[]): Promise<void> {
  const lines = await found();
  expect(lines).toHaveLength(expected.length);
  for (const [at, line] of expected.entries()) expect(lines[at]).toMatch(line);
  const { mended, failed, after } = await mend();
  expect(failed).toEqual([]);
  expect(mended.length).toBeGreaterThan(0);
  expect(after.findings).toEqual([]);
}

const nft = (...args: string[]) => execFileSync('nft', args, { encoding: 'utf8' });
const ip = (...args: string[]) => execFileSync('ip', args);
const linkOf = (view: GuestView) => `${instance.linkPrefix}${view.addresses.ipv4?.split('.').at(-1)}`;

test('a healthy instance has nothing to mend, and everything was looked at', async () => {
  // On a busy machine the name server may have been late, and is started by itself.
  await vi.waitFor(async () => expect(await found()).toEqual([]), { timeout: 30_000, interval: 500 });
  const { looked, skipped } = await report();
  expect(skipped).toEqual([]);
  expect(looked).toHaveLength(7);
  const ran = await server.berth(['doctor']);
  expect([ran.status, ran.stdout.toString()]).toEqual([0, expect.stringMatching(/^all as it should be: /)]);
});

test('a supervisor that was stopped goes on', async () => {
  const { initPid } = await guest('one');
  const status = readFileSync(`/proc/${initPid}/status`, 'utf8');
  process.kill(Number(/^PPid:\t(\d+)/m.exec(status)?.[1]), 'SIGSTOP');
  await plant([/^guest one: its supervisor \(pid \d+\) is stopped/]);
});

test('limits that somebody else wrote are set again', async () => {
  const { id } = await guest('one');
  const group = (controller: string) => {
    const v1 = `/sys/fs/cgroup/${controller}`;
    return join(existsSync(v1) ? v1 : '/sys/fs/cgroup', instance.cgroup, 'guests', id);
  };
  const pids = join(group('pids'), 'pids.max');
  const meant = readFileSync(pids, 'utf8');
  writeFileSync(pids, '7');
  await plant([/^guest one: the kernel has other limits: pids 7 \(\d+ is meant\)$/]);
  expect(readFileSync(pids, 'utf8')).toBe(meant);
});

test('links and the firewall are as they were again', async () => {
  const [one, two] = [await guest('one'), await guest('two')];
  nft('delete', 'table', 'inet', instance.nftTable);
  await plant([
    `table ${instance.nftTable}: it lacks input, forward, postrouting: guests are not kept apart`,
  ]);
  nft('delete', 'table', 'bridge', instance.nftTable);
  await plant([`table ${instance.nftTable}: it lacks prerouting: guests are not kept apart`]);
  expect(nft('list', 'table', 'bridge', instance.nftTable)).toContain(`"${linkOf(one)}" . `);

  ip('link', 'set', linkOf(one), 'nomaster');
  ip('link', 'del', linkOf(two));
  await plant([
    /^guest one: its link \S+ is not in the bridge/,
    /^guest two: its link \S+ is gone: it has no network$/,
  ]);

  ip('link', 'add', `${instance.linkPrefix}4000`, 'type', 'veth', 'peer', 'name', 'bvpeer4000');
  nft(
    'add',
    'element',
    'bridge',
    instance.nftTable,
    'macs',
    `{ "${instance.linkPrefix}4000" . 02:00:00:00:00:01 }`,
  );
  await plant([
    `${instance.linkPrefix}4000: it belongs to no guest`,
    `walls of ${instance.linkPrefix}4000: they belong to no guest`,
  ]);
});

test('folders of nobody are kept aside, and what is lacking is made', async () => {
  const { dataDir } = server;
  const { id } = await guest('three');
  mkdirSync(join(dataDir, 'guests/nobody/upper'), { recursive: true });
  writeFileSync(join(dataDir, 'guests/nobody/upper/file'), 'kept');
  mkdirSync(join(dataDir, 'volumes/nobody'));
  rmSync(join(dataDir, 'volumes/data'), { recursive: true });
  rmSync(join(dataDir, 'guests', id), { recursive: true });
  await plant([
    'nobody: it is left of a guest that is not in the inventory',
    /^guest three: its folder \S+ lacks upper and work: files that it wrote are lost$/,
    /^volume data: its folder \S+ is gone$/,
    /nobody: it is the folder of no volume$/,
  ]);
  const kept = readdirSync(dataDir).filter((name) => name.startsWith('kept-'));
  const files = kept
    .map((name) => join(dataDir, name, 'guests/nobody/upper/file'))
    .filter((path) => existsSync(path));
  expect(files.map((path) => readFileSync(path, 'utf8'))).toEqual(['kept']);
  expect((await server.berth(['guest', 'start', 'three'])).status).toBe(0);
});

test('secrets are root’s alone again; what nobody can mend by itself says what to do', async () => {
  const secret = join(server.dataDir, 'auth-secret');
  chmodSync(secret, 0o644);
  await plant([/auth-secret: others may do too much with it \(mode 644\)$/]);
  expect(statSync(secret).mode & 0o777).toBe(0o600);

  const images = join(server.dataDir, 'images');
  execFileSync('mv', [images, `${images}.away`]);
  try {
    const { findings } = await report();
    expect(findings.map(({ subject, mendable }) => [subject, mendable])).toEqual([
      ['guest one', false],
      ['guest two', false],
      ['guest three', false],
      ['image berth/mini', false],
    ]);
    const ran = await server.berth(['doctor', '--mend', '--yes']);
    expect(ran.status).toBe(1);
    expect(ran.stdout.toString()).toContain('by hand: build it again: berth image build berth/mini');
  } finally {
    execFileSync('mv', [`${images}.away`, images]);
  }
  expect(await found()).toEqual([]);
});

test('nothing is mended when nobody was asked', async () => {
  const secret = join(server.dataDir, 'auth-secret');
  chmodSync(secret, 0o644);
  const ran = await server.berth(['doctor', '--mend']);
  expect([ran.status, ran.stderr]).toEqual([
    2,
    expect.stringContaining('add --yes when nobody can be asked'),
  ]);
  expect(statSync(secret).mode & 0o777).toBe(0o644);
  await mend();
});
