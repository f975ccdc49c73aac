import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CliServer } from './cli-fixture.ts';

const MiB = 1024 ** 2;

let server: CliServer;
beforeAll(async () => {
  server = await CliServer.start();
  for (const args of [
    ['image', 'build', 'berth/mini'],
    ['guest', 'create', 'v1', '--image', 'berth/mini', '--kind', 'system', '--start'],
  ]) {
    const ran = await server.berth(args);
    if (ran.status !== 0) throw new Error(ran.stderr);
  }
});
afterAll(() => server?.[Symbol.asyncDispose]());

/** What it printed, and how it ended. */
async function said(...args: string[]): Promise<{ status: number | null; out: string; err: string }> {
  const { status, stdout, stderr } = await server.berth(args);
  return { status, out: stdout.toString(), err: stderr };
}

const names = async () =>
  ((await server.json(['guest', 'ls'])) as { name: string }[]).map(({ name }) => name);

describe('run', () => {
  const run = ['guest', 'run', '--image', 'berth/mini'];

  test('prints what the command prints, ends with its status and leaves no guest', async () => {
    const ran = await said(...run, '--', 'sh', '-c', 'echo hi; exit 3');
    expect(ran).toMatchObject({ status: 3, out: 'hi\n' });
    expect(await names()).toEqual(['v1']);
  });

  test('ends in order also when the command printed nothing and is over before one can attach', async () => {
    expect(await said(...run, '--', 'true')).toMatchObject({ status: 0, out: '' });
    expect(await said(...run, '--', 'false')).toMatchObject({ status: 1, out: '' });
    expect(await names()).toEqual(['v1']);
  });

  test('leaves a guest with --keep or --detach, and none that cannot start', async () => {
    expect(await said(...run, 'r1', '--keep', '--', 'sh', '-c', 'exit 4')).toMatchObject({ status: 4 });
    expect(await server.json(['guest', 'info', 'r1'])).toMatchObject({ exit: { status: 4, signal: null } });
    expect(await said(...run, 'r2', '--detach', '--', 'sleep', '4713')).toMatchObject({
      status: 0,
      out: 'r2\n',
    });
    expect(await server.json(['guest', 'info', 'r2'])).toMatchObject({
      state: 'running',
      kind: 'application',
    });
    const none = await said(...run, 'r3', '--', '/no/such');
    expect(none).toMatchObject({ status: 12, out: '' });
    expect(none.err).toContain('/no/such');
    expect(await names()).toEqual(['r1', 'r2', 'v1']);
    expect(await said('guest', 'rm', '--now', '--force', 'r1', 'r2')).toMatchObject({ status: 0 });
  });

  test('is left with Ctrl-] on a terminal, and the guest runs on', async () => {
    const terminal = server.terminal([...run, 'r4', '--', 'sh', '-c', 'echo re""ady; read line; exit 6']);
    await terminal.shows(/ready/);
    terminal.pty.write('\u001d');
    expect(await terminal.ended).toBe(0);
    const again = server.terminal(['guest', 'console', 'r4']);
    await again.shows(/ready/);
    again.pty.write('\r');
    expect(await again.ended).toBe(0);
    expect(await server.json(['guest', 'wait', 'r4'])).toMatchObject({ guest: { exit: { status: 6 } } });
    expect(await said('guest', 'rm', '--now', 'r4')).toMatchObject({ status: 0 });
  });
});

describe('a guest that stands still', () => {
  test('says so on the terminals that are attached to it, and that it goes on', async () => {
    const shell = server.terminal(['guest', 'shell', 'v1']);
    await shell.shows(/attached/);
    shell.pty.write('echo be""fore\r');
    await shell.shows(/before/);
    expect(shell.text).not.toMatch(/frozen|goes on/);
    await said('guest', 'freeze', 'v1');
    await shell.shows(/v1 is frozen: what you type waits until berth guest unfreeze v1/);
    const later = server.terminal(['guest', 'console', 'v1']);
    await later.shows(/v1 is frozen/);
    shell.pty.write('echo af""ter\r');
    await said('guest', 'unfreeze', 'v1');
    await later.shows(/v1 goes on/);
    await shell.shows(/v1 goes on/);
    await shell.shows(/after/);
    shell.pty.write('exit\r');
    expect(await shell.ended).toBe(0);
    later.pty.write('\u001d');
    expect(await later.ended).toBe(0);
  });

  test('for memory: is given more by memory or set, or one process less', async () => {
    const waits = '(x=x; while :; do x=$x$x; done); echo ov""er; sleep 1000';
    const full = ['--memory', '16MiB', '--out-of-memory', 'freeze', '--image', 'berth/mini'];
    await said('guest', 'run', 'full', '--detach', ...full, '--', 'sh', '-c', waits);
    const waiting = async () =>
      (await server.json(['guest', 'info', 'full'])) as { state: string; waitingForMemory: boolean };
    const becomes = (state: object) => expect.poll(waiting, { timeout: 60_000 }).toMatchObject(state);
    await becomes({ state: 'frozen', waitingForMemory: true });
    expect((await said('guest', 'unfreeze', 'full')).err).toContain('its memory of 16 MiB is full');
    const terminal = server.terminal(['guest', 'console', 'full']);
    await terminal.shows(/the memory of full is full/);
    expect(await said('guest', 'memory', 'full')).toMatchObject({ status: 2 });
    expect(await said('guest', 'memory', 'full', '--kill', '--stop')).toMatchObject({ status: 2 });
    expect((await said('guest', 'memory', 'full', '--raise', '8MiB')).err).toContain('more than the 16 MiB');
    expect(await said('guest', 'memory', 'full', '--raise', '20MiB')).toMatchObject({ status: 0 });
    await becomes({ state: 'frozen', waitingForMemory: true });
    expect(await said('guest', 'set', 'full', '--memory', '24MiB')).toMatchObject({ status: 0 });
    await becomes({ state: 'frozen', waitingForMemory: true, limits: { memory: 24 * MiB } });
    // Until it has filled that too there is nothing to decide.
    await expect
      .poll(() => said('guest', 'memory', 'full', '--kill'), { timeout: 60_000 })
      .toMatchObject({ status: 0, out: 'full goes on without one process\n' });
    await terminal.shows(/over/);
    await becomes({ state: 'running', waitingForMemory: false });
    terminal.pty.write('\u001d');
    await terminal.ended;
    expect(await said('guest', 'rm', '--now', '--force', 'full')).toMatchObject({ status: 0 });
  });
});

describe('watching', () => {
  test('monitor prints a freeze and a thaw as they happen', async () => {
    const monitor = server.terminal(['guest', 'monitor', 'v1', '--json']);
    // It says nothing before something happens, so something happens until it says so.
    for (let turn = 0; turn < 30 && !/"frozen"[\s\S]*"thawed"/.test(monitor.text); turn++) {
      expect((await said('guest', 'freeze', 'v1')).status).toBe(0);
      expect((await said('guest', 'unfreeze', 'v1')).status).toBe(0);
    }
    await monitor.shows(/"kind":"frozen"[\s\S]*"kind":"thawed"/);
    monitor.pty.write('\u0003');
    await monitor.ended;
    // A terminal as wide as this wraps nothing: it is the program's own line ends that part the objects.
    const first = JSON.parse(monitor.text.split('\r\n').find((line) => line.startsWith('{')) ?? '{}');
    expect(first).toMatchObject({ guest: 'v1', at: expect.any(String), kind: expect.any(String) });
  });

  test('wait ends when the guest is there, tells when it is not in time, and needs no state', async () => {
    expect(await said('guest', 'wait', 'v1', '--state', 'running')).toMatchObject({
      status: 0,
      out: 'v1 is running\n',
    });
    const late = await said('guest', 'wait', 'v1', '--state', 'stopped', '--timeout', '50ms');
    expect(late).toMatchObject({ status: 10, err: 'berth: guest v1 is running, not stopped, after 50 ms\n' });
    const waiting = server.json(['guest', 'wait', 'v1', '--state', 'frozen']);
    await server.berth(['guest', 'freeze', 'v1']);
    expect(await waiting).toMatchObject({ state: 'frozen', guest: { name: 'v1' } });
    await server.berth(['guest', 'unfreeze', 'v1']);
    expect((await said('guest', 'wait', 'v1', '--state', 'asleep')).err).toContain(
      'it must be running, stopped',
    );
  });

  test('top lists guests and the processes of one', async () => {
    expect(await server.json(['guest', 'top', '--once'])).toEqual([
      expect.objectContaining({ name: 'v1', usage: expect.objectContaining({ pids: expect.any(Number) }) }),
    ]);
    const processes = await server.json(['guest', 'top', 'v1', '--once']);
    expect(processes).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ guestPid: 1, user: 'root', cpu: expect.any(Number) }),
      ]),
    );
    expect((await said('guest', 'top', '--once')).out).toMatch(/^NAME +STATE +CPU[^\n]+\nv1 +running/);
    expect(await said('guest', 'top', '--sort', 'colour')).toMatchObject({ status: 2 });
  });
});

describe('changing', () => {
  test('device plugs in and pulls out, as the guest sees it', async () => {
    const look = () => said('guest', 'exec', 'v1', '--', 'ls', '/dev/net/tun');
    expect((await look()).status).toBe(1);
    expect(await said('guest', 'device', 'v1', 'add', '/dev/net/tun')).toMatchObject({ status: 0 });
    expect(await look()).toMatchObject({ status: 0, out: '/dev/net/tun\n' });
    expect(await server.json(['guest', 'device', 'v1'])).toMatchObject([
      { source: '/dev/net/tun', access: 'rw' },
    ]);
    expect(await said('guest', 'device', 'v1', 'rm', '/dev/net/tun')).toMatchObject({ status: 0 });
    expect((await look()).status).toBe(1);
    expect(existsSync('/dev/net/tun')).toBe(true);
    const none = await said('guest', 'device', 'v1', 'rm', '/dev/net/tun');
    expect(none).toMatchObject({
      status: 2,
      err: 'berth: guest v1 has no device /dev/net/tun: it has none\n',
    });
    expect((await said('guest', 'device', 'v1', 'add', '/dev/no-such')).err).toContain('/dev/no-such');
  });

  test('tags, notes and owner, and nothing of what runs', async () => {
    const before = (await server.json(['guest', 'info', 'v1'])) as { initPid: number };
    const set = ['guest', 'set', 'v1', '--tag', 'web', '--tag', 'env=prod', '--owner', 'root'];
    expect(await said(...set, '--notes', '# What it is for')).toMatchObject({
      status: 0,
      out: 'v1: tags env=prod web, owner root, 1 lines of notes\n',
    });
    const piped = await server.berth(['guest', 'set', 'v1', '--untag', 'web', '--notes', '@-'], 'a\nb\n');
    expect(piped.status, piped.stderr).toBe(0);
    expect(await server.json(['guest', 'info', 'v1'])).toMatchObject({
      ...{ tags: ['env=prod'], notes: 'a\nb\n', owner: 'root', initPid: before.initPid },
    });
    expect((await said('guest', 'info', 'v1')).out).toMatch(/notes +a\n +b\n/);
    expect(await said('guest', 'set', 'v1', '--tag', 'two words')).toMatchObject({ status: 2 });
    expect(await said('guest', 'set', 'v1', '--notes', '@/no/such')).toMatchObject({ status: 2 });
    expect((await said('guest', 'set', 'v1', '--record', 'always')).out).toContain(', always recorded\n');
    expect(await server.json(['guest', 'info', 'v1'])).toMatchObject({ alwaysRecorded: true });
    expect((await said('guest', 'info', 'v1')).out).toMatch(/recorded +always/);
    expect((await said('recording', 'always', 'v1')).out).toContain('v1 is always recorded');
    expect((await said('recording', 'always', '--all', 'on')).out).toContain(
      'every guest is always recorded',
    );
    expect((await said('recording', 'always', 'v1')).out).toContain('every guest is');
    expect((await said('recording', 'always', '--all', 'off')).out).toContain('when somebody asks');
    const team = ['project', 'set', 'default', '--record'];
    expect((await said(...team, 'always', '--record-days', '90', '--record-most', '8M')).out).toContain(
      'terminals of default: always recorded, as root has set it, what is shown, one at most 8 MiB, kept for 90 days\n',
    );
    expect((await said('project', 'set', 'default', '--record-input', 'on')).out).toContain('what is typed');
    expect((await said('recording', 'always', 'v1')).out).toContain(
      'v1 is always recorded by the policy of project default, as root has set it: what is shown and what is typed',
    );
    expect(await server.json(['project', 'ls'])).toMatchObject([
      { recording: { input: true, mostBytes: 8 * 1024 ** 2, keepDays: 90, setBy: 'root' } },
    ]);
    expect((await said(...team, 'asked')).out).toContain('recorded where somebody asks for it');
    expect(await server.json(['project', 'ls'])).toMatchObject([{ recording: null }]);
    expect(await said(...team, 'never')).toMatchObject({ status: 2 });
    expect(await said(...team, 'asked', '--record-days', '9')).toMatchObject({ status: 2 });
    expect(await said('recording', 'always')).toMatchObject({ status: 2 });
    expect(await said('guest', 'set', 'v1', '--record', 'never')).toMatchObject({ status: 2 });
    expect((await said('guest', 'set', 'v1', '--record', 'asked')).out).not.toContain('recorded');
    expect((await said('guest', 'ls', '--tag', 'env=prod')).out).toContain('v1');
    expect((await said('guest', 'ls', '--tag', 'web')).out).not.toContain('v1');
  });

  test('cgroup reads what the kernel has, and writes', async () => {
    expect(await said('guest', 'cgroup', 'v1', 'pids.max', '77')).toMatchObject({ status: 0, out: '77\n' });
    expect(await server.json(['guest', 'cgroup', 'v1', 'pids.max'])).toMatchObject({
      file: 'pids.max',
      value: '77',
    });
    const wrong = await said('guest', 'cgroup', 'v1', 'pids.max', 'many');
    expect(wrong.status).toBe(12);
    expect(wrong.err).toMatch(/"many" to pids\.max/);
    expect((await said('guest', 'cgroup', 'v1', '../pids.max')).status).toBe(2);
    expect((await said('guest', 'cgroup', 'v1', 'no.such')).status).toBe(3);
  });

  test('set on trial goes back by itself, stays when it is kept, and is undone', async () => {
    const limits = async () =>
      ((await server.json(['guest', 'info', 'v1'])) as { limits: { memory: number } }).limits;
    const { memory } = await limits();
    const trial = ['--memory', '96MiB', '--revert-after'];
    expect(await server.json(['guest', 'set', 'v1', ...trial, '1s'])).toMatchObject({
      readBack: { memory: 96 * MiB },
      revertsAt: expect.any(String),
    });
    await expect.poll(limits, { timeout: 20_000 }).toMatchObject({ memory });
    expect((await said('guest', 'keep', 'v1')).status).toBe(4);

    const kept = (await server.json(['guest', 'set', 'v1', ...trial, '10m'])) as {
      operation: { id: string };
    };
    expect(await said('guest', 'keep', 'v1')).toMatchObject({ status: 0, out: 'v1 keeps its settings\n' });
    expect(await server.json(['guest', 'info', 'v1'])).toMatchObject({
      revertsAt: null,
      limits: { memory: 96 * MiB },
    });

    expect((await said('operation', 'undo', kept.operation.id)).status).toBe(0);
    expect(await limits()).toMatchObject({ memory });
    expect((await said('operation', 'undo', 'nonsense')).status).toBe(3);
  });
});
