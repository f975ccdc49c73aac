import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileName } from '../protocol/wire.ts';
import { TestGround, TestGuest, until } from './test-guest.ts';
import { TestHolder } from './test-holder.ts';

let ground: TestGround;
beforeAll(() => {
  ground = new TestGround();
});
afterAll(() => ground[Symbol.asyncDispose]());

const MiB = 1024 * 1024;
const IDLE = ['/bin/sleep', '1000'];
/** Eats until it is killed: the shell doubles a word. */
const HOG = 'x=x; while :; do x=$x$x; done';
const WAITING = 60_000;

async function monitored(guest: TestGuest): Promise<TestHolder> {
  await guest.running();
  const monitor = await TestHolder.connect(guest.runDir, 'monitor');
  await until('the holder greets', () => monitor.welcome !== null);
  return monitor;
}

const state = (guest: TestGuest) => readFileSync(join(guest.runDir, FileName.state), 'utf8');

describe('the supervisor tells', () => {
  it('a fork that was refused, once, where the kernel notifies of it (v2)', async () => {
    await using guest = new TestGuest(ground, 'system', IDLE).set('pids', 4);
    const monitor = await monitored(guest);
    expect(guest.sh('true').status).toBe(0);
    expect(readFileSync(guest.cgroupFile('pids.events'), 'utf8')).toMatch(/^max 0$/m);
    guest.sh('for i in 1 2 3 4 5 6; do sleep 1 & done; wait');
    expect(readFileSync(guest.cgroupFile('pids.events'), 'utf8')).toMatch(/^max [1-9]/m);
    // What was told before this came before it.
    writeFileSync(guest.cgroupFile('cgroup.freeze'), '1');
    await until('frozen', () => monitor.events.at(-1) === 'frozen');
    const refused = monitor.events.filter((event) => event.startsWith('pids-refused'));
    const notifies = dirname(guest.cgroupFile('pids.events')) === dirname(guest.cgroupFile('cgroup.freeze'));
    expect(refused).toHaveLength(notifies ? 1 : 0);
  });

  it('a kill for memory, and that init is still there', async () => {
    await using guest = new TestGuest(ground, 'system', IDLE).set('memory_bytes', 16 * MiB);
    const monitor = await monitored(guest);
    expect(guest.sh(HOG).status).not.toBe(0);
    await until('it is told', () => monitor.events.some((event) => event.startsWith('oom-kill')), WAITING);
    expect(monitor.events).toContain('oom-kill 1');
    expect(existsSync(`/proc/${guest.state.init_pid}`)).toBe(true);
  });

  it('what happened while nobody listened, to the next who does, once', async () => {
    await using guest = await new TestGuest(ground, 'system', IDLE).set('memory_bytes', 16 * MiB).running();
    guest.sh(HOG);
    const counted = () => /oom_kill 1$/m.test(readFileSync(guest.cgroupFile(oomFile(guest)), 'utf8'));
    await until('the kernel counts it', counted, WAITING);
    const first = await TestHolder.connect(guest.runDir, 'monitor');
    await until('the first hears of it', () => first.events.length > 0);
    const second = await TestHolder.connect(guest.runDir, 'monitor');
    await until('the second is there', () => second.welcome !== null);
    writeFileSync(guest.cgroupFile('cgroup.freeze'), '1');
    await until('both hear more', () => [first, second].every(({ events }) => events.at(-1) === 'frozen'));
    expect(first.events).toEqual(['oom-kill 1', 'frozen']);
    expect(second.events).toEqual(['frozen']);
  });

  it('a freeze and a thaw by anybody', async () => {
    await using guest = new TestGuest(ground, 'system', IDLE);
    const monitor = await monitored(guest);
    writeFileSync(guest.cgroupFile('cgroup.freeze'), '1');
    await until('frozen', () => monitor.events.length === 1);
    writeFileSync(guest.cgroupFile('cgroup.freeze'), '0');
    await until('thawed', () => monitor.events.length === 2);
    expect(monitor.events).toEqual(['frozen', 'thawed']);
  });

  it('refuses an order that it does not know', async () => {
    await using guest = new TestGuest(ground, 'system', IDLE);
    const monitor = await monitored(guest);
    monitor.memory('dance');
    await expect(monitor.exited).rejects.toThrow('without an exit');
  });
});

function oomFile(guest: TestGuest): string {
  try {
    guest.cgroupFile('memory.oom_control');
    return 'memory.oom_control';
  } catch {
    return 'memory.events';
  }
}

describe('when memory runs out', () => {
  it('kill-all ends the guest, which says why', async () => {
    const guest = new TestGuest(ground, 'system', ['/bin/sh', '-c', `sleep 1000 & (${HOG}); sleep 1000`])
      .set('memory_bytes', 16 * MiB)
      .set('out_of_memory', 'kill-all');
    await guest.start();
    await until('it ended', () => existsSync(join(guest.runDir, FileName.exit)), WAITING);
    expect(guest.exit).toMatchObject({ kind: 'signalled', status: '9', out_of_memory: '1' });
    expect(guest.leftovers()).toEqual([]);
  });

  const freezing = () =>
    new TestGuest(ground, 'system', IDLE).set('memory_bytes', 16 * MiB).set('out_of_memory', 'freeze');

  async function full(guest: TestGuest, monitor: TestHolder): Promise<string> {
    const session = join(guest.runDir, '..', `${guest.id}-shell`);
    expect((await guest.session(session, [], ['/bin/sh', '-c', HOG])).at(-1)).toMatch(/^ready /);
    await until('it waits', () => monitor.events.includes('memory-full'), WAITING);
    return session;
  }

  it('freeze lets nothing die, and writes down that it waits; a kill takes one and goes on', async () => {
    await using guest = freezing();
    const monitor = await monitored(guest);
    const session = await full(guest, monitor);
    expect(state(guest)).toContain('memory_full=1\0');
    expect(readFileSync(guest.cgroupFile(oomFile(guest)), 'utf8')).toMatch(/oom_kill 0$/m);
    const shell = await TestHolder.connect(session, 'monitor');
    monitor.memory('kill');
    await shell.exited;
    await until('it goes on', () => monitor.events.includes('thawed'), WAITING);
    expect(monitor.events.filter((event) => event.startsWith('oom-kill'))).toEqual(['oom-kill 1']);
    expect(state(guest)).not.toContain('memory_full');
    expect(guest.sh('echo alive').stdout).toBe('alive\n');
    // And it would wait again.
    await full(guest, monitor);
    await guest.stop(false);
    expect(guest.leftovers()).toEqual([]);
  });

  it('freeze goes on with more memory', async () => {
    await using guest = freezing();
    const monitor = await monitored(guest);
    const session = await full(guest, monitor);
    // As Berth sets them: v2's high is under the maximum, or the kernel would kill before anybody hears of it.
    const limits = {
      'memory.memsw.limit_in_bytes': 64,
      'memory.limit_in_bytes': 64,
      'memory.high': 62,
      'memory.max': 64,
    };
    for (const [file, size] of Object.entries(limits))
      try {
        writeFileSync(guest.cgroupFile(file), `${size * MiB}`);
      } catch {
        // Another kind of host has that one.
      }
    monitor.memory('go-on');
    await until('it goes on', () => monitor.events.includes('thawed'), WAITING);
    await until(
      'and fills that too',
      () => monitor.events.filter((e) => e === 'memory-full').length === 2,
      WAITING,
    );
    const used = ['memory.usage_in_bytes', 'memory.current'].flatMap((file) => {
      try {
        return [Number(readFileSync(guest.cgroupFile(file), 'utf8'))];
      } catch {
        return [];
      }
    });
    expect(used[0]).toBeGreaterThan(32 * MiB);
    const shell = await TestHolder.connect(session, 'monitor');
    await guest.stop(true);
    await shell.exited;
    expect(guest.leftovers()).toEqual([]);
  });
});
