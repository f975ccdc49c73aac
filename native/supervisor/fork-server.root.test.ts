import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type SupervisorStart, startSupervisor, stopForkServer } from '../lib/spawn-reporting.ts';
import { SUPERVISOR, TestGround, TestGuest, until } from './test-guest.ts';

let ground: TestGround;
beforeAll(() => {
  ground = new TestGround();
});
afterEach(async () => {
  for (const guest of ground.guests) await guest.stop();
});
afterAll(async () => {
  await stopForkServer(group());
  await ground[Symbol.asyncDispose]();
});

/** All capabilities: a mask of 41 bits. */
const ALL = '1ffffffffff';

const group = () => `${ground.group}/supervisors`;

const startOf = (guest: TestGuest, forget: string[] = []): SupervisorStart => ({
  program: SUPERVISOR,
  group: group(),
  spec: Buffer.from(guest.spec.map(([key, value]) => `${key}=${value}\0`).join('')),
  folder: join(ground.dir, 'made/for/runs'),
  forget,
});

const sleeper = () => new TestGuest(ground, 'application', ['/bin/sleep', '1000']);

const textOf = (pid: number, file: string) => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
};

/** Its share of the processor, in v1's words or v2's. */
const weightOf = (path: string) => {
  const files = ['cpu', 'cpu,cpuacct'].map((name) => `/sys/fs/cgroup/${name}/${path}/cpu.shares`);
  const file = [...files, `/sys/fs/cgroup/${path}/cpu.weight`].find((one) => existsSync(one));
  return file ? readFileSync(file, 'utf8') : 'this host weighs no processor time';
};

/** Those of our group whose parent is PARENT. */
const forkServers = (parent: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter(
      (pid) =>
        textOf(pid, 'cmdline').endsWith(`\0fork-server\0${group()}\0`) &&
        textOf(pid, 'status').includes(`\nPPid:\t${parent}\n`),
    );

it('one process becomes the supervisors of all guests, which outlive it', async () => {
  const guests = [sleeper(), sleeper(), sleeper()];
  const old = join(ground.dir, 'old');
  writeFileSync(old, '');
  const started = await Promise.all(guests.map((guest) => startSupervisor(startOf(guest, [old, `${old}2`]))));
  expect(existsSync(old)).toBe(false);
  expect(statSync(join(ground.dir, 'made/for/runs')).mode & 0o777).toBe(0o700);
  const [server, ...more] = forkServers(process.pid);
  expect(more).toEqual([]);
  for (const [at, { pid, holderPid, steps }] of started.entries()) {
    const guest = guests[at];
    expect(guest?.state).toMatchObject({ init_pid: `${pid}`, supervisor_pid: `${holderPid}` });
    expect(steps[0]?.name).toBe('order');
    expect(textOf(holderPid, 'cmdline').split('\0')[1]).toBe(guest?.id);
    const status = textOf(holderPid, 'status');
    expect(status).toMatch(new RegExp(`\nPPid:\t${server}\n`));
    // its own session, its groups, nothing of its parent's open
    expect(textOf(holderPid, 'stat').split(') ')[1]?.split(' ')[3]).toBe(`${holderPid}`);
    for (const line of textOf(holderPid, 'cgroup')
      .trim()
      .split('\n')
      .filter((one) => one.includes('berth')))
      expect(line).toMatch(new RegExp(`:/${group()}$`));
  }
  expect(weightOf(group()), 'who holds terminals goes before guests').toMatch(/^(10240|1000)\n$/);
  await stopForkServer(group());
  expect(forkServers(process.pid)).toEqual([]);
  for (const [at, guest] of guests.entries()) {
    expect(existsSync(`/proc/${started[at]?.pid}`)).toBe(true);
    await guest.stop();
    expect(guest.exit).toMatchObject({ kind: 'signalled' });
  }
});

it('a start that fails tells it, and the next one works', async () => {
  const wrong = sleeper().set('image_root', join(ground.dir, 'none'));
  await expect(startSupervisor(startOf(wrong))).rejects.toMatchObject({ code: 'ENOENT' });
  expect(wrong.leftovers()).toEqual([]);
  const guest = sleeper();
  await startSupervisor(startOf(guest));
  expect(guest.exec(['/bin/echo', 'there']).stdout).toBe('there\n');
});

it('when it was killed, another one takes its place', async () => {
  await startSupervisor(startOf(sleeper()));
  const [killed = 0] = forkServers(process.pid);
  process.kill(killed, 'SIGKILL');
  await startSupervisor(startOf(sleeper()));
  const [other = killed] = forkServers(process.pid);
  expect(other).not.toBe(killed);
  expect(existsSync(`/proc/${killed}`)).toBe(false);
});

it('where it cannot be one, the start tells why', async () => {
  const start = { ...startOf(sleeper()), group: '../berth-elsewhere' };
  await expect(startSupervisor(start)).rejects.toMatchObject({ code: 'EINVAL', path: '../berth-elsewhere' });
  await stopForkServer(start.group);
});

it.each([
  ['killed', 'SIGKILL'],
  ['ended by a signal', 'SIGTERM'],
  ['that exits', 'SIGUSR2'],
  ['that falls by an error', 'SIGHUP'],
] as const)(
  'it goes with a server %s, whoever else holds its socket, and the guest runs on',
  async (_how, signal) => {
    const guest = sleeper();
    const file = join(ground.dir, 'spec');
    const { spec, ...rest } = startOf(guest);
    writeFileSync(file, spec);
    const script = `import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { startSupervisor } from '${join(import.meta.dirname, '../lib/spawn-reporting.ts')}';
const sockets = () => readdirSync('/proc/self/fd').filter((fd) => {
  try { return readlinkSync('/proc/self/fd/' + fd).startsWith('socket:'); } catch { return false; }
});
const before = sockets();
const { pid } = await startSupervisor({ ...${JSON.stringify(rest)}, spec: readFileSync('${file}') });
const held = sockets().filter((fd) => !before.includes(fd)).map(Number);
const holder = spawn('sleep', ['1000'], { stdio: ['ignore', 'ignore', 'ignore', ...held] });
process.on('SIGUSR2', () => process.exit(0));
process.on('SIGHUP', () => { throw new Error('as the test wants it'); });
console.log([pid, holder.pid, held.length].join(' '));
setInterval(() => undefined, 1000);`;
    const server = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [init, holder, held] = await new Promise<string[]>((resolve) =>
      server.stdout.once('data', (text) => resolve(`${text}`.trim().split(' '))),
    );
    try {
      expect(held).toBe('1');
      const [forkServer = 0] = forkServers(server.pid ?? 0);
      expect(forkServer).toBeGreaterThan(0);
      server.kill(signal);
      await until('the fork server ends', () => !textOf(forkServer, 'cmdline').includes('fork-server'));
      expect(textOf(Number(holder), 'cmdline')).toBe('sleep\0' + '1000\0');
    } finally {
      process.kill(Number(holder));
    }
    expect(guest.state.init_pid).toBe(init);
    expect(guest.exec(['/bin/echo', 'there']).stdout).toBe('there\n');
    await guest.stop();
  },
);

it('guests share the folder that hides others, which none of them can make writable; root of the host has its own', async () => {
  const system = (more: [string, string][] = []) =>
    new TestGuest(ground, 'system', ['/bin/sleep', '1000'], more).set('capabilities', ALL);
  const guests = [system(), system()];
  const own = system([['namespace', 'user=host']]);
  for (const guest of [...guests, own]) await startSupervisor(startOf(guest));
  const device = (guest: TestGuest) => guest.sh('stat -c %d /sys/firmware').stdout;
  const [one, other] = guests.map(device);
  expect(one).toMatch(/^\d+\n$/);
  // Linux before 6.15 copies no mount that is nowhere.
  const [major = 0, minor = 0] = release().split('.').map(Number);
  expect(other === one).toBe(major > 6 || (major === 6 && minor >= 15));
  expect(device(own)).not.toBe(one);
  const write = 'mount -o remount,bind,rw /sys/firmware; touch /sys/firmware/written';
  for (const guest of guests) expect(guest.sh(write).stderr).toMatch(/permission denied.*\n.*Read-only file/);
  // What keeps them from it is that the mount is locked.
  expect(own.sh(write)).toMatchObject({ stderr: '', status: 0 });
  for (const guest of guests) expect(guest.sh('ls -A /sys/firmware').stdout).toBe('');
});
