import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HostCheckReport } from '../host/check-schema.ts';
import { readInstance } from '../instance/read-instance.ts';
import { Api } from './api.ts';
import { CliServer } from './cli-fixture.ts';

let server: CliServer;
beforeAll(async () => {
  server = await CliServer.start();
  const built = await server.berth(['image', 'build', 'berth/mini', '--json']);
  if (built.status !== 0) throw new Error(built.stderr);
  const made = await server.berth([
    'guest',
    'create',
    't1',
    '--image',
    'berth/mini',
    '--kind',
    'system',
    '--start',
    '--json',
  ]);
  if (made.status !== 0) throw new Error(made.stderr);
});
afterAll(() => server?.[Symbol.asyncDispose]());

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('guests', () => {
  test('are listed as documented', async () => {
    const guest = {
      name: 't1',
      state: 'running',
      kind: 'system',
      image: 'berth/mini',
      initPid: expect.any(Number),
    };
    expect(await server.json(['guest', 'ls'])).toEqual([expect.objectContaining(guest)]);
    const text = (await server.berth(['guest', 'ls'])).stdout.toString();
    expect(text).toMatch(/^NAME +STATE +KIND[^\n]+\nt1 +running +system +berth\/mini/);
  });

  test('are made, set, renamed and deleted, in bulk with a result for each', async () => {
    expect(
      await server.json([
        'guest',
        'create',
        'a1',
        '--image',
        'berth/mini',
        '--memory',
        '64MiB',
        '--cpu',
        '0.5',
      ]),
    ).toMatchObject({
      name: 'a1',
      state: 'stopped',
      limits: { memory: 64 * 1024 ** 2, cpu: 0.5 },
    });
    expect(await server.json(['guest', 'set', 'a1', '--pids', '100'])).toMatchObject({
      limits: { pids: 100 },
      readBack: null,
    });
    expect(await server.json(['guest', 'rename', 'a1', 'a2'])).toMatchObject({ name: 'a2' });
    const { status, stdout } = await server.berth(['guest', 'rm', '--now', 'a2', 'nobody', '--json']);
    expect(status).toBe(3);
    expect(JSON.parse(stdout.toString())).toMatchObject([
      { name: 'a2', ok: true, guest: null, error: null },
      { name: 'nobody', ok: false, error: { code: 'not_found' } },
    ]);
  });

  test.each<[string[], number, RegExp]>([
    [['guest', 'info', 't2'], 3, /did you mean t1\?/],
    [['guest', 'create', 't1'], 4, /t1.*\(name\)/],
    [['guest', 'create', 'Not_A_Name'], 2, /name: a name has.*Not_A_Name/],
    [
      ['guest', 'create', 'x', '--memory', '0'],
      2,
      /limits\.memory: memory must be at least 4 MiB \(not 0\)\n$/,
    ],
    [['guest', 'create', 'x', '--image', 'berth/minu'], 2, /did you mean berth\/mini\?|berth\/mini/],
    [['guest', 'start', 't1'], 4, /it is running/],
    [['guest', 'rm', '--now', 't1'], 4, /running/],
  ])('%j ends with %i and says why', async (args, status, message) => {
    const ran = await server.berth(args);
    expect(ran.stderr).toMatch(message);
    expect(ran.status).toBe(status);
    expect(ran.stderr).toMatch(/^berth: /);
  });
});

describe('exec', () => {
  test('passes 10 MB of random bytes there and back', async () => {
    const sent = randomBytes(10_000_000);
    const { status, stdout } = await server.berth(['guest', 'exec', 't1', '--', 'cat'], sent);
    expect(status).toBe(0);
    expect(sha256(stdout)).toBe(sha256(sent));
  });

  test('keeps stdout, stderr and the exit status', async () => {
    const ran = await server.berth([
      'guest',
      'exec',
      't1',
      '--env',
      'A=b',
      '--workdir',
      '/tmp',
      '--',
      'sh',
      '-c',
      'echo $A; pwd >&2; exit 7',
    ]);
    expect([ran.stdout.toString(), ran.stderr, ran.status]).toEqual(['b\n', '/tmp\n', 7]);
    expect((await server.berth(['guest', 'exec', 't1', '--', 'sh', '-c', 'kill -9 $$'])).status).toBe(137);
    const none = await server.berth(['guest', 'exec', 't1', '--', '/no/such/program']);
    expect(none.status).toBeGreaterThan(0);
    expect(none.stderr).not.toBe('');
  });

  test('leaves no process in the guest when its caller is killed', async () => {
    const run = server.terminal(['guest', 'exec', 't1', '--', 'sh', '-c', 'echo $$; exec sleep 4711']);
    await run.shows(/\d+/);
    const alive = async () =>
      (await server.berth(['guest', 'exec', 't1', '--', 'sh', '-c', "ps | grep -c '[s]leep 4711'"])).stdout
        .toString()
        .trim();
    expect(await alive()).toBe('1');
    process.kill(run.pty.pid, 'SIGKILL');
    await run.ended;
    await expect.poll(alive, { timeout: 10_000 }).toBe('0');
  });
});

describe('a terminal', () => {
  test('is as large as the caller’s, follows its size, and ends with the status of the shell', async () => {
    const shell = server.terminal(['guest', 'shell', 't1']);
    await shell.shows(/[#$] /);
    shell.pty.write('stty size\r');
    await shell.shows(/20 90/);
    shell.pty.resize(111, 33);
    shell.pty.write('while [ "$(stty size)" != "33 111" ]; do :; done; echo re""sized\r');
    await shell.shows(/resized/);
    shell.pty.write('exit 5\r');
    expect(await shell.ended).toBe(5);
  });

  test('is left with Ctrl-] and come back to, with what it printed meanwhile', async () => {
    const shell = server.terminal(['guest', 'shell', 't1']);
    await shell.shows(/[#$] /);
    shell.pty.write('X=kept; echo be""fore\r');
    await shell.shows(/before/);
    shell.pty.write('\u001d');
    expect(await shell.ended).toBe(0);
    const session = /--session (\w+)/.exec(shell.text)?.[1] ?? '';
    expect((await server.berth(['guest', 'info', 't1'])).stdout.toString()).toContain(session);
    const again = server.terminal(['guest', 'shell', 't1', '--session', session]);
    await again.shows(/before/);
    again.pty.write('echo "$X-again"; exit 0\r');
    await again.shows(/kept-again/);
    expect(await again.ended).toBe(0);
  });

  test('has a name, a folder, variables and an idle limit, is listed, renamed and ended', async () => {
    const given = ['--name', 'deploy', '--idle', '2h', '--workdir', '/tmp', '--env', 'WORD=two words'];
    const shell = server.terminal(['guest', 'shell', 't1', ...given]);
    await shell.shows(/[#$] /);
    shell.pty.write('echo "$PWD:$WORD"\r');
    await shell.shows(/\/tmp:two words/);
    const [listed] = (await server.json(['terminal', 'ls', 't1'])) as { id: string }[];
    expect(listed).toMatchObject({ guest: 't1', name: 'deploy', idleMinutes: 120, user: 'root' });
    const id = listed?.id ?? '';
    await server.berth(['terminal', 'rename', id, 'release']);
    expect((await server.berth(['terminal', 'ls'])).stdout.toString()).toMatch(
      new RegExp(`^${id} +t1 +release +login shell +root .* 120 min$`, 'm'),
    );
    expect((await server.berth(['terminal', 'end', id])).stdout.toString()).toBe(`shell ${id} is ended\n`);
    await shell.ended;
    expect(await server.json(['terminal', 'ls'])).toEqual([]);
    const refused = await server.berth(['guest', 'shell', 't1', '--idle', '90s']);
    expect(refused.stderr).toContain('--idle is "90s": give whole minutes, such as 30m or 8h');
    expect((await server.berth(['terminal', 'end', id])).stderr).toContain(`there is no shell ${id}`);
  });

  test('shows what the console printed before, and leaves the guest alone', async () => {
    const marker = randomBytes(8).toString('hex');
    await server.berth(['guest', 'exec', 't1', '--', 'sh', '-c', `echo ${marker} > /dev/console`]);
    const attached = server.terminal(['guest', 'console', 't1']);
    await attached.shows(new RegExp(marker));
    attached.pty.write('\u001d');
    expect(await attached.ended).toBe(0);
    expect(await server.json(['guest', 'info', 't1'])).toMatchObject({ state: 'running' });
  });

  test('draws the steps of slow work, and takes them away', async () => {
    const run = server.terminal(['guest', 'restart', 't1', '--force']);
    expect(await run.ended).toBe(0);
    expect(run.text).toMatch(/t1 runs again\r\n$/);
  });
});

test('completion knows the names of now', async () => {
  expect((await server.berth(['__complete', '--', 'guest', 'stop', 't'])).stdout.toString()).toBe('t1\n');
});

test('users are listed and let make privileged guests, or not any more', async () => {
  const { adminSocket } = readInstance(server.dataDir) ?? { adminSocket: '' };
  const api = new Api(adminSocket);
  const link = await api.mutate('admin', 'createLink');
  const ann = { username: 'ann', password: 'correct horse battery' };
  await api.mutate('setup', 'createAdmin', { token: link.path.split('#')[1] ?? '', ...ann, name: 'Ann' });
  expect(await server.json(['user', 'ls'])).toMatchObject([{ username: 'ann', privileged: false }]);
  const on = await server.berth(['admin', 'privileged', 'ann', 'on']);
  expect(on).toMatchObject({ status: 0, stderr: '' });
  expect(on.stdout.toString()).toBe('ann may make and enter privileged guests\n');
  const listed = (await server.berth(['user', 'ls'])).stdout.toString();
  expect(listed).toMatch(/^USER +NAME +ROLES +PRIVILEGED .*\nann +Ann +admin +yes +/);
  expect(await server.json(['admin', 'privileged', 'ann', 'off'])).toMatchObject({ privileged: false });
  expect(await server.berth(['admin', 'privileged', 'ann', 'maybe'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('"maybe" is neither on nor off'),
  });
  expect(await server.berth(['admin', 'privileged', 'bob', 'on'])).toMatchObject({
    status: 3,
    stderr: expect.stringContaining('there is no user bob: see berth user ls'),
  });
});

test('without a server it says so and how to start one', async () => {
  const ran = await server.berth(['guest', 'ls', '--data', '/nonexistent/berth']);
  expect(ran.status).toBe(9);
  expect(ran.stderr).toContain('start one with berth up');
  expect(existsSync('/nonexistent')).toBe(false);
});

test('the host is checked by the server, and by the command itself where none runs', async () => {
  const asked = await server.berth(['check', '--json']);
  expect(asked).toMatchObject({ status: 0, stderr: '' });
  const alone = await server.berth(['check', '--json', '--data', '/nonexistent/berth']);
  expect(alone).toMatchObject({ status: 0, stderr: expect.stringContaining('tries it itself') });
  const facts = (text: Buffer) => {
    const report: HostCheckReport = JSON.parse(text.toString());
    // What the two look at differs in the folder only.
    return report.checks
      .filter(({ group }) => group !== 'file systems')
      .map(({ id, state, required }) => ({ id, state, required }));
  };
  expect(facts(asked.stdout)).toEqual(facts(alone.stdout));
  expect(facts(asked.stdout).length).toBeGreaterThan(40);
  expect((await server.berth(['check', '--problems'])).stdout.toString()).toMatch(
    /: guests can run on this host; \d+ of \d+ are there/,
  );
  expect(existsSync('/nonexistent')).toBe(false);
  // The control: a folder on a file system whose mounts cannot be id-mapped.
  const lacking = await server.berth(['check', '--data', '/proc/nothing']);
  expect(lacking.status).toBe(1);
  expect(lacking.stdout.toString()).toMatch(/no {6}id-mapped mounts .*\(needed\)/);
});

test('a seccomp profile is learnt from a guest, and lets it do what it did', async () => {
  const set = (seccomp: object) =>
    server.json(['guest', 'set', 'learner', '--settings', JSON.stringify({ isolation: { seccomp } })]);
  const unshare = async () => {
    await server.json(['guest', 'restart', 'learner', '--force']);
    return (await server.berth(['guest', 'exec', 'learner', '--', 'unshare', '-U', 'true'])).status;
  };
  const made = ['guest', 'create', 'learner', '--image', 'berth/mini', '--kind', 'application', '--start'];
  const created = await server.berth([...made, '--', '/bin/sleep', '1000']);
  if (created.status !== 0) throw new Error(created.stderr);
  const refused = await server.berth(['guest', 'learn', 'learner']);
  expect(refused).toMatchObject({ status: 4, stderr: expect.stringContaining('is default') });
  expect(await unshare()).not.toBe(0);
  await set({ mode: 'log' });
  expect(await unshare()).toBe(0);
  let learnt = await server.berth(['guest', 'learn', 'learner']);
  // The record is on its way to the supervisor while the command has ended already.
  for (let i = 0; i < 100 && !learnt.stderr.includes('unshare'); i++) {
    learnt = await server.berth(['guest', 'learn', 'learner']);
  }
  expect(learnt).toMatchObject({ status: 0, stderr: expect.stringContaining('beyond the default: unshare') });
  await set({ mode: 'profile', profile: JSON.parse(learnt.stdout.toString()) });
  expect(await unshare()).toBe(0);
  const wrong = { mode: 'profile', profile: { defaultAction: 'SCMP_ACT_ALOW' } };
  const settings = JSON.stringify({ isolation: { seccomp: wrong } });
  expect(await server.berth(['guest', 'set', 'learner', '--settings', settings])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('did you mean SCMP_ACT_ALLOW?'),
  });
  await server.berth(['guest', 'rm', '--now', 'learner', '--force']);
});
