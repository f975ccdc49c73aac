import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileName, RING_BYTES, WINDOW_BYTES } from '../protocol/wire.ts';
import { TestGround, TestGuest, until } from './test-guest.ts';
import { TestHolder } from './test-holder.ts';

let ground: TestGround;
beforeAll(() => {
  ground = new TestGround();
});
afterAll(() => ground[Symbol.asyncDispose]());

/** What a pty holds that nobody has read: the kernel's limit for its buffers (TTYB_DEFAULT_MEM_LIMIT). */
const TERMINAL_BYTES = 640 * 1024;

/** CPU time so far in hundredths of a second (proc_pid_stat(5)); 0 of one that is gone. */
function ticksOf(pid: string | undefined): number {
  let stat = '';
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return 0;
  }
  const fields = stat.split(') ')[1]?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

const PATIENT = "trap 'exit 5' TERM; echo up; while :; do sleep 0.05; done";

describe('a start', () => {
  it('reports its steps, is what the state file says, and stops without a trace', async () => {
    const guest = new TestGuest(ground, 'application', ['/bin/sleep', '1000']);
    const report = await guest.start();
    expect(report.map((line) => line.split(' ').slice(0, 2).join(' ')).slice(0, -1)).toEqual(
      ['order', 'detach', 'folder', 'cgroup', 'clone', 'map', 'root', 'link', 'console', 'exec'].map(
        (step) => `step ${step}`,
      ),
    );
    const { state } = guest;
    expect(report.at(-1)).toBe(`ready ${state.init_pid} ${state.init_start_time} ${state.supervisor_pid}`);
    expect(readFileSync(`/proc/${state.init_pid}/comm`, 'utf8')).toBe('sleep\n');
    expect(state.boot_id).toBe(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
    expect(guest.leftovers()).not.toEqual([]);

    await guest.stop();
    expect(guest.leftovers()).toEqual([]);
    expect(guest.exit).toMatchObject({ kind: 'signalled', status: '9', out_of_memory: '0' });
    await until('the supervisor ends', () => !existsSync(`/proc/${state.supervisor_pid}`));
  });

  it('that fails in exec names errno, action and path and leaves nothing', async () => {
    const guest = new TestGuest(ground, 'system', ['/bin/nope']);
    expect((await guest.start()).at(-1)).toBe('error ENOENT exec /bin/nope');
    expect(guest.leftovers()).toEqual([]);
    expect(existsSync(guest.runDir)).toBe(false);
  });

  it('that fails early leaves nothing', async () => {
    const guest = new TestGuest(
      ground,
      'application',
      ['/bin/sleep', '9'],
      [
        ['bridge', 'berth-nobridge'],
        ['link', 'bt-none'],
        ['mac', '02:00:00:00:00:07'],
        ['ipv4', '10.9.9.7/24'],
        ['ipv4_gateway', '10.9.9.1'],
        ['ipv6', 'fd00::7/64'],
        ['ipv6_gateway', 'fd00::1'],
      ],
    );
    expect((await guest.start()).at(-1)).toMatch(/^error ENODEV find\\040the\\040bridge berth-nobridge$/);
    expect(guest.leftovers()).toEqual([]);
    expect(existsSync(guest.runDir)).toBe(false);
  });

  it('refuses a spec with an unknown key', async () => {
    const guest = new TestGuest(ground, 'application', ['/bin/true'], [['colour', 'red']]);
    expect(await guest.start()).toEqual(['error EINVAL read\\040the\\040spec colour']);
  });

  it('is refused while the guest runs', async () => {
    await using guest = await new TestGuest(ground, 'application', ['/bin/sleep', '1000']).running();
    const before = guest.state;
    expect((await guest.start()).at(-1)).toBe(`error EBUSY lock ${guest.runDir}`);
    expect(guest.state).toEqual(before);
    expect(guest.sh('echo alive').stdout).toBe('alive\n');
  });

  it('waits until the run before has written back what it shares with this one', async () => {
    const guest = new TestGuest(ground, 'application', ['/bin/sleep', '1000']);
    const layers = join(guest.guestDir, 'work');
    const { ino } = statSync(layers);
    const locks = () =>
      readFileSync('/proc/locks', 'utf8')
        .split('\n')
        .filter((line) => line.includes('FLOCK') && line.includes(`:${ino} `));
    const before = spawn('flock', [layers, 'cat'], { stdio: ['pipe', 'ignore', 'inherit'] });
    await until('the layers are locked', () => locks().length === 1);
    const report = guest.start();
    await until('the start waits', () => locks().some((line) => line.includes('->')));
    before.stdin.end();
    expect((await report).at(-1)).toMatch(/^ready /);
    expect(locks()).toHaveLength(1);

    await guest.stop();
    await until('nobody has them', () => locks().length === 0);
  });

  it('takes less than 1 MiB for the supervisor', async () => {
    await using guest = await new TestGuest(ground, 'application', ['/bin/sleep', '1000']).running();
    const rollup = `/proc/${guest.state.supervisor_pid}/smaps_rollup`;
    const pss = () => Number(/^Pss: +(\d+) kB/m.exec(readFileSync(rollup, 'utf8'))?.[1]);
    expect(pss()).toBeGreaterThan(0);
    // It answers before it gives back what only the start needed.
    await until('it shed what it does not need', () => pss() < 1024);
    expect(guest.exec(['true']).status).toBe(0);
    expect(pss()).toBeLessThan(1024);
  });

  it('writes the identity of the guest into its layer and follows no link of the guest', async () => {
    const guest = new TestGuest(
      ground,
      'application',
      ['/bin/sleep', '1000'],
      [['resolv_conf', 'nameserver 192.0.2.1\n']],
    );
    const outside = join(ground.dir, 'outside');
    writeFileSync(outside, 'untouched');
    mkdirSync(join(guest.guestDir, 'upper/etc'));
    symlinkSync(outside, join(guest.guestDir, 'upper/etc/resolv.conf'));
    symlinkSync(`../../../../../../../..${outside}`, join(guest.guestDir, 'upper/etc/hostname'));
    await using running = await guest.running();
    expect(readFileSync(outside, 'utf8')).toBe('untouched');
    expect(running.sh('cat /etc/resolv.conf /etc/hostname; hostname').stdout).toBe(
      'nameserver 192.0.2.1\nberth-test\nberth-test\n',
    );
    expect(statSync(join(guest.guestDir, 'upper/etc/hostname')).uid).toBe(0);
    expect(existsSync(join(ground.image, 'etc/hostname'))).toBe(false);
  });
});

describe('a stop', () => {
  it('asks init by the signal, and records how it ended', async () => {
    const guest = await new TestGuest(ground, 'system', ['/bin/sh', '-c', PATIENT]).running();
    const console = await TestHolder.connect(guest.runDir, 'terminal');
    await until('init is up', () => console.output.includes('up'));
    await guest.stop(false);
    expect(guest.exit).toMatchObject({ kind: 'exited', status: '5' });
    expect(guest.leftovers()).toEqual([]);
  });

  it('kills an init that ignores it, after the time limit', async () => {
    const guest = await new TestGuest(ground, 'system', [
      '/bin/sh',
      '-c',
      "trap 'echo no' TERM; echo up; while :; do sleep 0.05; done",
    ]).running();
    const console = await TestHolder.connect(guest.runDir, 'terminal');
    await until('init is up', () => console.output.includes('up'));
    const before = Date.now();
    await guest.stop(false, 300);
    expect(Date.now() - before).toBeGreaterThanOrEqual(300);
    expect(console.output).toContain('no');
    expect(guest.exit).toMatchObject({ kind: 'signalled', status: '9' });
    expect(guest.leftovers()).toEqual([]);
  });

  it('comes too when the supervisor is killed: init does not outlive it', async () => {
    const guest = await new TestGuest(ground, 'application', ['/bin/sleep', '1000']).running();
    const { supervisor_pid, init_pid } = guest.state;
    process.kill(Number(supervisor_pid), 'SIGKILL');
    await until('init is gone', () => !existsSync(`/proc/${init_pid}`));
    // What it could not clean is taken over by the next start.
    await guest.running();
    await guest.stop();
    expect(guest.leftovers()).toEqual([]);
  });

  it('says that memory ran out', async () => {
    const guest = new TestGuest(ground, 'application', ['/bin/sh', '-c', 'x=x; while :; do x=$x$x; done']);
    const limit = guest.spec.find(([key]) => key === 'memory_bytes');
    if (limit) limit[1] = 16 * 1024 * 1024;
    await guest.start();
    await until('the guest ended', () => existsSync(join(guest.runDir, FileName.exit)));
    expect(guest.exit).toMatchObject({ kind: 'signalled', status: '9', out_of_memory: '1' });
    // How it ended is written down before its socket goes.
    await until('nothing is left', () => guest.leftovers().length === 0);
  });

  it.each([
    ['exits', true],
    ['is killed', false],
  ])('does not blame memory for an init that %s after a child ran out of it', async (_, orderly) => {
    const script =
      "trap 'exit 5' TERM; (x=x; while :; do x=$x$x; done); echo survived; while :; do sleep 0.05; done";
    const guest = new TestGuest(ground, 'application', ['/bin/sh', '-c', script]);
    const limit = guest.spec.find(([key]) => key === 'memory_bytes');
    if (limit) limit[1] = 16 * 1024 * 1024;
    await using running = await guest.running();
    const terminal = await TestHolder.connect(running.runDir, 'terminal');
    await until('the child was killed', () => terminal.output.includes('survived'), 60_000);
    await running.stop(!orderly, 60_000);
    expect(guest.exit).toMatchObject(
      orderly
        ? { kind: 'exited', status: '5', out_of_memory: '0' }
        : { kind: 'signalled', out_of_memory: '0' },
    );
  });
});

describe('the console', () => {
  it('echoes, resizes, and continues where a client stopped', async () => {
    await using guest = await new TestGuest(ground, 'application', ['/bin/sh']).running();
    const first = await TestHolder.connect(guest.runDir, 'terminal');
    first.resize(132, 43);
    first.type('stty size; echo one-$((1+1))\n');
    await until('the answer', () => first.output.includes('43 132') && first.output.includes('one-2'));
    const stopped = first.lastOffset;
    first.socket.destroy();
    const second = await TestHolder.connect(guest.runDir, 'terminal', stopped);
    second.type('echo two-$((1+1))\n');
    await until('the second answer', () => second.output.includes('two-2'));
    expect(second.output).not.toContain('one-2');
    expect(second.welcome?.readUInt16LE(16)).toBe(132);
  });

  it('never blocks init for a client that does not read, and jumps past what the ring lost', async () => {
    const script =
      'i=0; while [ $i -lt 40000 ]; do echo "$i 0123456789012345678901234567890123456789012345678901234567890123456789"; i=$((i+1)); done; echo finished; exec sleep 1000';
    await using guest = await new TestGuest(ground, 'application', ['/bin/sh', '-c', script]).running();
    const lazy = await TestHolder.connect(guest.runDir, 'terminal');
    lazy.acknowledge = false;
    const comm = `/proc/${guest.state.init_pid}/comm`;
    await until('the script went on', () => readFileSync(comm, 'utf8') === 'sleep\n', 60_000);
    await until('the window is full', () => lazy.output.length >= WINDOW_BYTES);
    expect(lazy.output.length).toBe(WINDOW_BYTES);
    lazy.acknowledge = true;
    lazy.sendAcknowledge();
    await until('the end comes', () => lazy.output.endsWith('finished\r\n'));
    // On a busy machine the last of it comes out of the terminal while the ring is read.
    expect(lazy.output.length).toBeLessThanOrEqual(WINDOW_BYTES + RING_BYTES + TERMINAL_BYTES);
    expect(Number(lazy.lastOffset)).toBeGreaterThan(WINDOW_BYTES + RING_BYTES);
  });

  it('rests while a client that knows the end does not leave', async () => {
    const guest = await new TestGuest(ground, 'application', ['/bin/sleep', '1000']).running();
    const { supervisor_pid: pid } = guest.state;
    const stays = await TestHolder.connect(guest.runDir, 'monitor', 0n, { allowHalfOpen: true });
    stays.stop(true, 0);
    await stays.exited;
    const first = ticksOf(pid);
    let used = 0;
    await until('it has waited for long enough', () => {
      used = Math.max(used, ticksOf(pid) - first);
      return used >= 10 || !existsSync(`/proc/${pid}`);
    });
    stays.socket.destroy();
    // It waits for seconds; turning round in its loop it would use all of the processor that it gets.
    expect(used).toBeLessThan(10);
  });

  it('refuses a client that breaks the protocol, and serves the others', async () => {
    await using guest = await new TestGuest(ground, 'application', ['/bin/sh']).running();
    const good = await TestHolder.connect(guest.runDir, 'terminal');
    const bad = await TestHolder.connect(guest.runDir, 'monitor');
    bad.socket.write(Buffer.from([0x49, 0xff, 0xff, 0xff, 0xff]));
    await expect(bad.exited).rejects.toThrow('without an exit');
    good.type('echo still-$((1+1))\n');
    await until('the answer', () => good.output.includes('still-2'));
  });
});

it('keeps no descriptor of the one who started it', async () => {
  await using guest = await new TestGuest(ground, 'application', ['/bin/sleep', '1000']).running();
  expect(readdirSync(`/proc/${guest.state.init_pid}/fd`)).toEqual(['0', '1', '2']);
});
