import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { CliServer } from '../cli/cli-fixture.ts';
import { connectDb } from '../db/client.ts';
import type { GuestView } from '../guest/schema.ts';
import { IDS_PER_GUEST, type Instance } from '../instance/instance.ts';
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
  // It ran once, so that what the firewall knows of it is there from the beginning.
  await server.json(['guest', 'create', 'three', '--image', 'berth/mini', '--start']);
  await server.json(['guest', 'stop', 'three']);
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
  expect(looked).toHaveLength(11);
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
  const shaperOf = (view: GuestView) => linkOf(view).replace(instance.linkPrefix, instance.shaperPrefix);
  for (const shaper of [`${instance.shaperPrefix}4000`, shaperOf(one)])
    ip('link', 'add', shaper, 'type', 'ifb');
  await plant([
    `${shaperOf(one)}: it shapes what guest one sends, which is not limited`,
    `${instance.shaperPrefix}4000: it belongs to no guest`,
    `${instance.linkPrefix}4000: it belongs to no guest`,
    `walls of ${instance.linkPrefix}4000: they belong to no guest`,
  ]);

  await server.json(['guest', 'set', 'one', '--net-send', '1M']);
  expect(await found()).toEqual([]);
  ip('link', 'del', shaperOf(one));
  await plant([`guest one: what it sends is limited, and ${shaperOf(one)}, which would do that, is gone`]);
  // Nothing leads to it any more: it is there, and shapes nothing.
  execFileSync('tc', ['qdisc', 'del', 'dev', linkOf(one), 'ingress']);
  await plant([
    /^guest one: what it sends is limited to \d+ bytes a second, and the kernel does not limit it$/,
  ]);
  await server.json(['guest', 'set', 'one', '--net-receive', '2M']);
  execFileSync('tc', ['qdisc', 'del', 'dev', linkOf(one), 'root']);
  execFileSync('tc', ['qdisc', 'del', 'dev', shaperOf(one), 'root']);
  await plant([
    /^guest one: what it receives is limited to \d+ bytes a second, and the kernel does not limit it; what it sends is limited to \d+ bytes a second, and the kernel does not limit it$/,
  ]);
  await server.json(['guest', 'set', 'one', '--net-send', 'none', '--net-receive', 'none']);
});

test('a guest whose control groups somebody has removed is put back into some', async () => {
  const { id, initPid } = await guest('two');
  for (const group of groupsOf(id)) {
    const above = join(group, '../../..');
    for (const one of below(group)) {
      for (const pid of readFileSync(join(one, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean))
        writeFileSync(join(above, 'cgroup.procs'), pid);
    }
    for (const one of below(group).toReversed()) rmdirSync(one);
  }
  await plant([/^guest two: its init is not in its control group \(.*\): its limits do not hold$/]);
  expect((await guest('two')).initPid).not.toBe(initPid);
  expect(groupsOf(id).length).toBeGreaterThan(0);
});

/** A guest's group in each hierarchy that has one. */
function groupsOf(id: string): string[] {
  return readdirSync('/sys/fs/cgroup')
    .map((name) => join('/sys/fs/cgroup', name))
    .concat('/sys/fs/cgroup')
    .map((root) => join(root, instance.cgroup, 'guests', id))
    .filter((path) => existsSync(path));
}

function below(folder: string): string[] {
  const inner = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [folder, ...inner.flatMap(({ name }) => below(join(folder, name)))];
}

test('processes and shells of nobody are ended', async () => {
  const uid = instance.idBase + 1000 * IDS_PER_GUEST;
  const stray = spawn('sleep', ['600'], { uid, gid: uid, stdio: 'ignore' });
  const folder = join(instance.runDir, 'sessions', 'nobody.shell');
  mkdirSync(folder, { recursive: true });
  const ended = once(stray, 'exit');
  await plant([
    new RegExp(
      `^process ${stray.pid} \\(sleep\\): it runs as uid ${uid}, in the id range 1000, which no running`,
    ),
    /nobody\.shell: nobody holds this shell$/,
  ]);
  expect(await ended).toEqual([null, 'SIGKILL']);

  const program = join(instance.runDir, 'supervisor');
  copyFileSync('/bin/sleep', program);
  chmodSync(program, 0o700);
  const supervisor = spawn(program, ['600'], { stdio: 'ignore' });
  await once(supervisor, 'spawn');
  const [group] = readdirSync('/sys/fs/cgroup')
    .map((name) => join('/sys/fs/cgroup', name))
    .concat('/sys/fs/cgroup')
    .map((root) => join(root, instance.cgroup, 'supervisors/cgroup.procs'))
    .filter((path) => existsSync(path));
  writeFileSync(group ?? '', `${supervisor.pid}`);
  const killed = once(supervisor, 'exit');
  await plant([/: it is the supervisor of no running guest$/]);
  expect(await killed).toEqual([null, 'SIGKILL']);
  rmSync(program);
});

test('mounts on guests’ folders go, and a guest whose volume was removed has it again', async () => {
  const { id } = await guest('three');
  const target = join(server.dataDir, 'guests', id, 'upper');
  execFileSync('mount', ['--bind', target, target]);
  await plant([`${target}: something is mounted there on the host`]);

  const volume = join(server.dataDir, 'volumes/data');
  const set = ['guest', 'create', 'four', '--image', 'berth/mini', '--kind', 'system', '--start'];
  await server.json([...set, '--volume', 'data:/data']);
  rmSync(volume, { recursive: true });
  mkdirSync(volume, { mode: 0o755 });
  await plant([
    /^guest four: what it has at \/data was removed from the host: what it writes there is lost$/,
  ]);
  await server.json(['guest', 'rm', '--now', 'four', '--force']);
});

test('addresses of the bridge and names of guests are told again', async () => {
  const { addresses } = await guest('one');
  ip('address', 'flush', 'dev', instance.bridge, 'scope', 'global');
  await plant([/^bridge \S+: it lacks \S+ and \S+: guests reach neither names nor the outside$/]);
  const hosts = join(instance.runDir, 'dns/hosts');
  writeFileSync(hosts, '');
  await plant([
    'guest one: the name server does not tell its addresses',
    'guest two: the name server does not tell its addresses',
  ]);
  expect(readFileSync(hosts, 'utf8')).toContain(`${addresses.ipv4} one.berth one`);
});

test('builds that nobody uses go, and an operation that nobody works on is told', async () => {
  const build = join(server.dataDir, 'images/berth_mini/00000000');
  mkdirSync(build);
  await plant([/^image berth\/mini: nobody uses its build 00000000$/]);
  expect(existsSync(build)).toBe(false);

  const db = connectDb(
    `postgresql://berth@localhost/berth?host=${encodeURIComponent(join(instance.runDir, 'db'))}`,
  );
  try {
    const { id } = await db.operation.findFirstOrThrow({ orderBy: { id: 'desc' } });
    await db.operation.update({ where: { id }, data: { status: 'running' } });
    const { findings } = await report();
    expect(findings).toMatchObject([
      {
        kind: 'database',
        subject: `operation ${id}`,
        mendable: false,
        remedy: expect.stringMatching(/^restart the server/),
      },
    ]);
    await db.operation.update({ where: { id }, data: { status: 'done' } });
  } finally {
    await db.$disconnect();
  }
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
  expect((await server.berth(['guest', 'stop', 'three'])).status).toBe(0);
});

test('what is in the trash is no drift; what it lacks, what runs of it is left and files of nobody are told', async () => {
  const { id } = (await server.json([
    'guest',
    'create',
    'binned',
    '--image',
    'berth/mini',
    '--start',
  ])) as GuestView;
  await server.json(['guest', 'rm', 'binned', '--force']);
  expect(await found()).toEqual([]);
  const folder = join(server.dataDir, 'guests', id);
  expect(existsSync(join(folder, 'upper'))).toBe(true);
  rmSync(join(folder, 'work'), { recursive: true });
  mkdirSync(join(instance.runDir, 'guests', id), { recursive: true });
  const name = `guest binned \\(${id}, in the trash\\)`;
  await plant([
    new RegExp(`^${name}: it does not run, and a run of it was not cleared away$`),
    new RegExp(`^${name}: its folder ${folder} lacks work: files that it wrote are lost$`),
  ]);
  // Deleted for good, and its files put back by somebody: they are nobody's.
  await server.json(['trash', 'rm', 'binned', '--yes']);
  expect(existsSync(folder)).toBe(false);
  mkdirSync(folder);
  await plant([`${id}: it is left of a guest that is not in the inventory`]);
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
