import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HolderClient } from '../lib/holder-client.ts';
import { FileName, RING_BYTES, WINDOW_BYTES } from '../protocol/wire.ts';
import { ENTER, readEntries, TestGround, TestGuest, until } from '../supervisor/test-guest.ts';
import { TestHolder } from '../supervisor/test-holder.ts';

let ground: TestGround;
let guest: TestGuest;
beforeAll(async () => {
  ground = new TestGround();
  guest = await new TestGuest(ground, 'system', ['/bin/sleep', '1000']).running();
});
afterAll(async () => {
  await guest.stop();
  await ground[Symbol.asyncDispose]();
});

/** Whether a process is there and has not ended: who has to collect it takes its time (proc_pid_stat(5)). */
function runs(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat[stat.lastIndexOf(')') + 2] !== 'Z';
  } catch {
    return false;
  }
}

describe('exec', () => {
  it('passes stdin, stdout and stderr through, binary clean', () => {
    const input = Buffer.from(Array.from({ length: 70_000 }, (_, i) => i & 255));
    const run = spawnSync(ENTER, ['exec', '--run-dir', guest.runDir, '--', 'cat'], { input });
    expect(run.stdout.equals(input)).toBe(true);
    expect(guest.sh('echo out; echo err >&2')).toMatchObject({ stdout: 'out\n', stderr: 'err\n', status: 0 });
  });

  it.each([
    [['/bin/sh', '-c', 'exit 7'], 7, ''],
    [['/bin/sh', '-c', 'kill -9 $$'], 137, ''],
    [['/bin/nope'], 127, 'berth: cannot run /bin/nope: it does not exist in the guest\n'],
    [['nope'], 127, 'berth: cannot run nope: it does not exist in the guest\n'],
    [['/etc/passwd'], 126, 'berth: cannot run /etc/passwd: Permission denied\n'],
  ])('ends as %j does: %i', (command, status, stderr) => {
    expect(guest.exec(command)).toMatchObject({ status, stderr });
  });

  it('is in every namespace of the guest', () => {
    const { init_pid } = guest.state;
    for (const name of readdirSync(`/proc/${init_pid}/ns`)) {
      const own = guest.exec(['readlink', `/proc/self/ns/${name}`]).stdout.trim();
      expect(own).toBe(readlinkSync(`/proc/${init_pid}/ns/${name}`));
      expect(own).not.toBe(readlinkSync(`/proc/self/ns/${name}`));
    }
  });

  it('is in every cgroup of the guest', () => {
    const groups = guest.sh('cat /proc/self/cgroup').stdout.trim().split('\n');
    expect(groups.length).toBe(readFileSync('/proc/self/cgroup', 'utf8').trim().split('\n').length);
    for (const line of groups) expect(line).toMatch(/:\/$/);
  });

  it("is in the group that a system's init has moved to, also where processes live in leaves only", async () => {
    const script =
      'cd /sys/fs/cgroup && mkdir leaf && echo 1 > leaf/cgroup.procs && for c in $(cat cgroup.controllers); do echo +$c > cgroup.subtree_control; done; echo moved; exec sleep 1000';
    await using guest = await new TestGuest(ground, 'system', ['/bin/sh', '-c', script]).running();
    const console = await TestHolder.connect(guest.runDir, 'terminal');
    await until('init has moved', () => console.output.includes('moved'));
    expect(guest.sh('grep ^0:: /proc/self/cgroup')).toMatchObject({ status: 0, stdout: '0::/leaf\n' });
  });

  it('is whom --user names, by the files of the guest', () => {
    expect(guest.exec(['id'], ['--user', 'user']).stdout).toBe(
      'uid=1000(user) gid=1000(user) groups=10(wheel)\n',
    );
    expect(guest.exec(['id'], ['--user', '1000']).stdout).toContain('groups=10(wheel)');
    expect(guest.exec(['id'], ['--user', '42:10']).stdout).toBe('uid=42 gid=10(wheel)\n');
    expect(guest.exec(['id'], ['--user', 'nobody'])).toMatchObject({
      status: 125,
      stderr: 'berth: cannot find the user nobody: it does not exist in the guest\n',
    });
    expect(guest.sh('grep CapEff /proc/self/status', ['--user', 'user']).stdout).toBe(
      'CapEff:\t0000000000000000\n',
    );
  });

  it('takes --workdir and --env, and says what is wrong with them', () => {
    expect(guest.sh('echo $PWD $A', ['--workdir', '/etc', '--env', 'A=b c']).stdout).toBe('/etc b c\n');
    expect(guest.exec(['true'], ['--workdir', '/none']).stderr).toBe(
      'berth: cannot chdir /none: it does not exist in the guest\n',
    );
    expect(guest.exec(['true'], ['--env', 'none']).stderr).toBe('error EINVAL read\\040the\\040order env\n');
  });

  it('opens no descriptor but three', () => {
    const run = spawnSync(
      ENTER,
      ['exec', '--run-dir', guest.runDir, '--', 'sh', '-c', 'ls /proc/$$/fd; true'],
      {
        stdio: ['ignore', 'pipe', 'inherit', 'pipe', 'pipe'],
        encoding: 'utf8',
      },
    );
    // 10 is the shell's own.
    expect(
      run.stdout
        .trim()
        .split('\n')
        .filter((fd) => fd !== '10'),
    ).toEqual(['0', '1', '2']);
  });

  it('ends inside when enter is killed, and hands signals on', async () => {
    const killed = spawn(ENTER, ['exec', '--run-dir', guest.runDir, '--', 'sleep', '4321']);
    await until('it runs', () => guest.sh('ps').stdout.includes('sleep 4321'));
    killed.kill('SIGKILL');
    await until('it is gone', () => !guest.sh('ps').stdout.includes('sleep 4321'));
    const told = spawn(ENTER, ['exec', '--run-dir', guest.runDir, '--', 'sleep', '1234']);
    const status = new Promise((resolve) => told.on('exit', resolve));
    await until('it runs', () => guest.sh('ps').stdout.includes('sleep 1234'));
    told.kill('SIGTERM');
    expect(await status).toBe(143);
  });

  it('refuses a guest that does not run, also when its pid is another process now', async () => {
    const other = await new TestGuest(ground, 'application', ['/bin/sleep', '1000']).running();
    const file = join(other.runDir, FileName.state);
    const state = readFileSync(file, 'utf8');
    writeFileSync(file, state.replace(/init_start_time=\d+/, 'init_start_time=1'));
    expect(other.exec(['true'])).toMatchObject({
      status: 125,
      stderr: 'berth: the guest does not run\n',
    });
    writeFileSync(file, state);
    expect(other.exec(['true']).status).toBe(0);
    await other.stop();
    expect(other.exec(['true'])).toMatchObject({
      status: 125,
      stderr: 'berth: the guest does not run\n',
    });
  });
});

describe('a session', () => {
  it('is a login shell on a terminal of the guest, and leaves how it ended', async () => {
    const dir = join(ground.dir, 'session-1');
    const report = await guest.session(dir, ['--columns', '100', '--rows', '30']);
    expect(report).toEqual([expect.stringMatching(/^ready \d+ \d+ \d+$/)]);
    const shell = await TestHolder.connect(dir, 'terminal');
    shell.type('tty; stty size; echo $0 $HOME $TERM; echo $((6*7))\n');
    await until('the answer', () => shell.output.includes('42\r\n'));
    expect(shell.output).toMatch(/\/dev\/pts\/\d+\r\n30 100\r\n-sh \/root xterm-256color\r\n/);
    shell.type('exit 3\n');
    expect((await shell.exited).readInt32LE(1)).toBe(3);
    expect(readEntries(join(dir, FileName.exit))).toMatchObject({ kind: 'exited', status: '3' });
    expect(existsSync(join(dir, FileName.socket))).toBe(false);
  });

  it('names the shells that it tried', async () => {
    const bare = new TestGuest(ground, 'application', ['/bin/busybox', 'sleep', '1000']);
    await using running = await bare.running();
    expect(running.sh('rm /bin/sh 2>/dev/null || busybox rm /bin/sh').status).toBe(0);
    const dir = join(ground.dir, 'session-2');
    expect(await running.session(dir, ['--user', 'odd'])).toEqual([
      'error ENOENT exec\\040a\\040shell,\\040tried\\040in\\040turn /bin/nosh,\\040/bin/sh',
    ]);
    expect(existsSync(dir)).toBe(false);
  });

  it('waits for a client that does not acknowledge, and loses nothing', async () => {
    const dir = join(ground.dir, 'session-3');
    const script =
      'i=0; while [ $i -lt 30000 ]; do echo "$i 01234567890123456789012345678901234567890123456789"; i=$((i+1)); done; echo over';
    const gate = join('/', 'tmp', 'gate');
    await guest.session(dir, [], ['/bin/sh', '-c', `while [ ! -e ${gate} ]; do sleep 0.02; done; ${script}`]);
    const slow = await TestHolder.connect(dir, 'terminal');
    slow.acknowledge = false;
    await until('welcome', () => slow.welcome !== null);
    guest.exec(['touch', gate]);
    await until('the window is full', () => slow.output.length === WINDOW_BYTES);
    const monitor = await TestHolder.connect(dir, 'monitor');
    await until('the holder says where it is', () => monitor.welcome !== null);
    expect(Number(monitor.welcome?.readBigUInt64LE(8))).toBeLessThan(RING_BYTES);
    slow.acknowledge = true;
    slow.sendAcknowledge();
    await slow.exited;
    expect(
      slow.output
        .split('\r\n')
        .slice(0, 30_000)
        .every((line, i) => line.startsWith(`${i} `)),
    ).toBe(true);
    expect(slow.output.endsWith('over\r\n')).toBe(true);
  });

  it('waits for the next reader when the last one is lost, so that the ring loses nothing meanwhile', async () => {
    const dir = join(ground.dir, 'session-7');
    // 3 MB: three rings.
    const script =
      'read go; i=0; while [ $i -lt 50000 ]; do echo "$i 01234567890123456789012345678901234567890123456789"; i=$((i+1)); done; echo over';
    await guest.session(dir, [], ['/bin/sh', '-c', script]);
    const first = await TestHolder.connect(dir, 'terminal');
    first.type('\n');
    await until('it prints', () => first.output.includes('\r\n100 '));
    first.socket.destroy();
    const position = async () => {
      const monitor = await TestHolder.connect(dir, 'monitor');
      await until('the holder says where it is', () => monitor.welcome !== null);
      monitor.socket.destroy();
      return Number(monitor.welcome?.readBigUInt64LE(8));
    };
    let before = -1;
    for (let now = 0; before !== now || now < RING_BYTES / 2; ) {
      before = now;
      await new Promise((resolve) => setTimeout(resolve, 200));
      now = await position();
    }
    expect(before).toBeLessThanOrEqual(RING_BYTES + first.output.length);
    const second = await TestHolder.connect(dir, 'terminal', BigInt(first.output.length));
    await second.exited;
    const lines = (first.output + second.output).split('\r\n').filter((line) => /^\d+ /.test(line));
    expect(lines).toHaveLength(50_000);
    expect(lines.every((line, i) => line.startsWith(`${i} `))).toBe(true);
  });

  it('hears a client out that acknowledges after the end and reads then: it loses nothing', async () => {
    const dir = join(ground.dir, 'session-8');
    // More than Node reads while it is paused, less than a socket holds: all is under way when the shell ends.
    const script =
      'read go; i=0; while [ $i -lt 2000 ]; do echo "$i 01234567890123456789012345678901234567890123456789"; i=$((i+1)); done; echo over';
    await guest.session(dir, [], ['/bin/sh', '-c', script]);
    const late = await TestHolder.connect(dir, 'terminal');
    late.acknowledge = false;
    await until('welcome', () => late.welcome !== null);
    const monitor = await TestHolder.connect(dir, 'monitor');
    await until('welcome', () => monitor.welcome !== null);
    late.type('\n');
    late.socket.pause();
    // The monitor is told in the same turn, and by the time its socket ends the holder has said all to the other too.
    const ended = new Promise((resolve) => monitor.socket.once('end', resolve));
    await monitor.exited;
    await ended;
    late.sendAcknowledge();
    await new Promise((resolve) => late.socket.write('', resolve));
    late.socket.resume();
    expect((await late.exited).readInt32LE(1)).toBe(0);
    const lines = late.output.split('\r\n').filter((line) => /^\d+ /.test(line));
    expect(lines).toHaveLength(2000);
    expect(late.output.endsWith('over\r\n')).toBe(true);
  });

  it('is gone at once when its clients go at once', async () => {
    const times: number[] = [];
    for (const round of [1, 2, 3]) {
      const dir = join(ground.dir, `session-9-${round}`);
      const [report] = await guest.session(dir, [], ['/bin/sh', '-c', 'read go']);
      const holder = Number(/^ready \d+ \d+ (\d+)$/.exec(report ?? '')?.[1]);
      const clients = [await TestHolder.connect(dir, 'terminal'), await TestHolder.connect(dir, 'monitor')];
      for (const client of clients) await until('welcome', () => client.welcome !== null);
      const server = await HolderClient.connect(join(dir, FileName.socket), { role: 'terminal' });
      const told = new Promise((resolve) => server.once('exit', resolve));
      clients[0]?.type('\n');
      await Promise.all([told, ...clients.map((client) => client.exited)]);
      const begun = performance.now();
      await until('the holder is gone', () => !runs(holder));
      times.push(performance.now() - begun);
    }
    // It would hear a client for 5 s; a machine at work on other things is slow once, not each time.
    expect(Math.min(...times)).toBeLessThan(2500);
  });

  it('has no descriptor of another session, neither in its shell nor in its holder', async () => {
    const dirs = ['session-10', 'session-11'].map((name) => join(ground.dir, name));
    const pids: number[][] = [];
    for (const dir of dirs) {
      const [report] = await guest.session(dir, [], ['/bin/sh', '-c', 'echo up; read go; exec sleep 1000']);
      const found = /^ready (\d+) \d+ (\d+)$/.exec(report ?? '');
      pids.push([Number(found?.[1]), Number(found?.[2])]);
    }
    const shells = await Promise.all(dirs.map((dir) => TestHolder.connect(dir, 'terminal')));
    for (const shell of shells) await until('it is up', () => shell.output.includes('up'));
    const open = (pid = 0) =>
      readdirSync(`/proc/${pid}/fd`).map((fd) => ({ fd, to: readlinkSync(`/proc/${pid}/fd/${fd}`) }));
    // its terminal's inode tells it from the other's
    const own = pids.map(([shell]) => open(shell).map(({ to }) => to));
    const terminals = own.map((targets) => targets.filter((to) => to.includes('pts')));
    expect(terminals[0]).toHaveLength(3);
    expect(terminals[0]?.[0]).not.toBe(terminals[1]?.[0]);
    for (const [at, [shell, holder]] of pids.entries()) {
      const other = 1 - at;
      expect(open(shell).map(({ fd }) => fd)).toEqual(['0', '1', '2']);
      const held = open(holder).map(({ to }) => to);
      // the control: it holds what is its own
      expect(held.some((to) => to.includes(dirs[at] ?? '-'))).toBe(true);
      expect(held.filter((to) => to.includes(dirs[other] ?? '-'))).toEqual([]);
      expect(held).not.toContain(terminals[other]?.[0]);
    }
    for (const shell of shells) {
      shell.stop(true, 0);
      await shell.exited;
    }
  });

  it('hangs up on stop, and kills what stays', async () => {
    const dir = join(ground.dir, 'session-4');
    await guest.session(dir, [], ['/bin/sh', '-c', "trap '' HUP; echo up; while :; do sleep 0.05; done"]);
    const shell = await TestHolder.connect(dir, 'terminal');
    await until('it is up', () => shell.output.includes('up'));
    shell.stop(false, 200);
    await shell.exited;
    expect(readEntries(join(dir, FileName.exit))).toMatchObject({ kind: 'signalled', status: '9' });
  });

  it('ends with its shell, whatever floods its terminal in the background', async () => {
    const dir = join(ground.dir, 'session-6');
    const flood = "trap '' HUP; for i in 1 2 3 4; do cat /dev/zero & done; sleep 0.2; exit 3";
    await guest.session(dir, [], ['/bin/sh', '-c', flood]);
    const monitor = await TestHolder.connect(dir, 'monitor');
    expect((await monitor.exited).readInt32LE(1)).toBe(3);
    expect(readEntries(join(dir, FileName.exit))).toMatchObject({ kind: 'exited', status: '3' });
    // Its terminal is gone: what wrote to it cannot go on.
    await until('the flood has ended', () => !guest.sh('ps').stdout.includes('cat /dev/zero'));
  });

  it('ends with its guest', async () => {
    const short = await new TestGuest(ground, 'application', ['/bin/sleep', '1000']).running();
    const dir = join(ground.dir, 'session-5');
    await short.session(dir);
    const shell = await TestHolder.connect(dir, 'terminal');
    await until('the prompt', () => shell.output.length > 0);
    await short.stop();
    await shell.exited;
    expect(readEntries(join(dir, FileName.exit))).toMatchObject({ kind: 'signalled', status: '9' });
    expect(short.leftovers()).toEqual([]);
  });
});
