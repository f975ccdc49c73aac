import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Entry, TestGround, TestGuest, until } from './test-guest.ts';
import { TestHolder } from './test-holder.ts';

/** Names of the spec and of /proc/PID/ns. */
const KINDS = {
  user: 'user',
  network: 'net',
  ipc: 'ipc',
  uts: 'uts',
  pid: 'pid',
  cgroup: 'cgroup',
  time: 'time',
} as const;
type Kind = keyof typeof KINDS;
const all = Object.keys(KINDS) as Kind[];
const ns = (pid: string | undefined, kind: Kind) => readlinkSync(`/proc/${pid ?? 'self'}/ns/${KINDS[kind]}`);

let ground: TestGround;
let lender: TestGuest;
beforeAll(async () => {
  ground = new TestGround();
  lender = await new TestGuest(ground, 'system', ['/bin/sleep', '1000']).running();
});
afterAll(async () => {
  await lender.stop();
  await ground[Symbol.asyncDispose]();
});

const guest = (
  kind: 'application' | 'system',
  more: Entry[],
  command: string[] = ['/bin/sleep', '1000'],
): TestGuest => new TestGuest(ground, kind, command, more);

describe.each(['application', 'system'] as const)('%s guests', (kind) => {
  it.each(all.map((name) => [name]))('share the %s namespace of the host, and only that', async (name) => {
    await using one = await guest(kind, [['namespace', `${name}=host`]]).running();
    for (const other of all) {
      expect([other, ns(one.state.init_pid, other) === ns(undefined, other)]).toEqual([
        other,
        other === name,
      ]);
      // What enters is where init is.
      const entered = one.exec(['readlink', `/proc/self/ns/${KINDS[other]}`]).stdout.trim();
      expect(entered).toBe(ns(one.state.init_pid, other));
    }
    await one.stop();
    expect(one.leftovers()).toEqual([]);
  });

  it.each(all.map((name) => [name]))(
    'share the %s namespace of another guest, and only that',
    async (name) => {
      await using one = await guest(kind, [['namespace', `${name}=${lender.runDir}`]]).running();
      for (const other of all) {
        const same = ns(one.state.init_pid, other) === ns(lender.state.init_pid, other);
        expect([other, same]).toEqual([other, other === name]);
        expect(ns(one.state.init_pid, other)).not.toBe(ns(undefined, other));
        const entered = one.exec(['readlink', `/proc/self/ns/${KINDS[other]}`]).stdout.trim();
        expect(entered).toBe(ns(one.state.init_pid, other));
      }
      await one.stop();
      expect(one.leftovers()).toEqual([]);
      expect(lender.sh('echo alive').stdout).toBe('alive\n');
    },
  );
});

it('several namespaces of two guests and the host at once', async () => {
  await using other = await guest('application', []).running();
  await using one = await guest('application', [
    ['namespace', `user=${other.runDir}`],
    ['namespace', `network=${lender.runDir}`],
    ['namespace', `ipc=${lender.runDir}`],
    ['namespace', 'uts=host'],
  ]).running();
  const { init_pid } = one.state;
  expect(ns(init_pid, 'user')).toBe(ns(other.state.init_pid, 'user'));
  for (const kind of ['network', 'ipc'] as const)
    expect(ns(init_pid, kind)).toBe(ns(lender.state.init_pid, kind));
  expect(one.sh('cat /etc/hostname').stdout).toBe(`${hostname()}\n`);
});

it('a guest that does not run lends nothing', async () => {
  const gone = guest('application', []);
  const one = guest('application', [['namespace', `ipc=${gone.runDir}`]]);
  expect((await one.start()).at(-1)).toBe(
    `error ESRCH join\\040the\\040ipc\\040namespace\\040of ${gone.runDir}`,
  );
  expect(one.leftovers()).toEqual([]);
});

it.each<[string, Entry[]]>([
  [
    'namespace',
    [
      ['namespace', 'ipc=host'],
      ['namespace', 'ipc=host'],
    ],
  ],
  ['id_map', [['id_map', '1 1310720000 1000']]],
  [
    'id_map',
    [
      ['namespace', 'user=host'],
      ['id_map', '0 1310720000 1000'],
    ],
  ],
])('a spec that makes no sense is refused by its key: %s', async (key, more) => {
  expect((await guest('application', more).start()).at(-1)).toBe(`error EINVAL read\\040the\\040spec ${key}`);
});

describe('a shared network', () => {
  it("has the owner's links, and cannot be changed from a user namespace that does not own it", async () => {
    await using one = await guest('system', [['namespace', 'network=host']]).running();
    const links = (text: string) => [...text.matchAll(/^\s*([^\s:|]+):/gm)].map(([, name]) => name).sort();
    expect(links(one.sh('cat /proc/net/dev').stdout)).toEqual(
      links(readFileSync('/proc/self/net/dev', 'utf8')),
    );
    expect(one.sh('ip link set lo mtu 1400').stderr).toMatch(/Operation not permitted/);
    await using own = await guest('system', []).running();
    expect(own.sh('ip link set lo mtu 1400; cat /sys/class/net/lo/mtu').stdout).toBe('1400\n');
  });

  it('is one with the user namespace that owns it', async () => {
    await using one = await guest('system', [
      ['namespace', `network=${lender.runDir}`],
      ['namespace', `user=${lender.runDir}`],
    ]).running();
    expect(one.sh('ip link set lo mtu 1401').status).toBe(0);
    expect(lender.sh('cat /sys/class/net/lo/mtu').stdout).toBe('1401\n');
    expect(one.sh('cat /sys/class/net/lo/mtu').stdout).toBe('1401\n');
  });
});

describe('shared IPC', () => {
  it('is the same /dev/shm and message queues', async () => {
    await using one = await guest('system', [
      ['namespace', `ipc=${lender.runDir}`],
      ['namespace', `user=${lender.runDir}`],
    ]).running();
    one.sh('echo seen > /dev/shm/berth-probe; touch /dev/mqueue/berth-probe');
    expect(lender.sh('cat /dev/shm/berth-probe; ls /dev/mqueue').stdout).toBe('seen\nberth-probe\n');
    await using own = await guest('system', []).running();
    expect(own.sh('ls /dev/shm /dev/mqueue').stdout).not.toContain('berth-probe');
  });
});

describe('a shared pid namespace', () => {
  it("shows the owner's processes, not to the users of an application", async () => {
    await using one = await guest('system', [['namespace', `pid=${lender.runDir}`]]).running();
    expect(one.sh('cat /proc/1/cmdline').stdout).toContain('/bin/sleep');
    expect(
      Number(/^NSpid:\t\d+\t(\d+)$/m.exec(readFileSync(`/proc/${one.state.init_pid}/status`, 'utf8'))?.[1]),
    ).toBeGreaterThan(1);
    await using host = await guest('application', [['namespace', 'pid=host']]).running();
    const seen = host.sh('ls -d /proc/[0-9]*').stdout.trim().split('\n');
    expect(seen).toContain(`/proc/${host.state.init_pid}`);
    expect(seen).not.toContain(`/proc/${process.pid}`);
  });

  it.each([false, true])('ends with all its processes when it is stopped, by force: %s', async (force) => {
    const script = 'setsid sleep 1111 & sleep 2222 & echo up; wait';
    await using one = await guest(
      'application',
      [['namespace', 'pid=host']],
      ['/bin/sh', '-c', script],
    ).running();
    const console = await TestHolder.connect(one.runDir, 'terminal');
    await until('it is up', () => console.output.includes('up'));
    const procs = cgroupProcs(one);
    expect(procs.length).toBe(3);
    await one.stop(force);
    for (const pid of procs) expect(existsSync(`/proc/${pid}/exe`)).toBe(false);
    expect(one.leftovers()).toEqual([]);
    expect(one.exit).toMatchObject({ kind: 'signalled', status: force ? '9' : '15' });
  });

  it('ends with the guest that owns it', async () => {
    const owner = await guest('system', []).running();
    await using one = await guest('application', [['namespace', `pid=${owner.runDir}`]]).running();
    const monitor = await TestHolder.connect(one.runDir, 'monitor');
    await owner.stop();
    await monitor.exited;
    expect(one.exit).toMatchObject({ kind: 'signalled', status: '9' });
    expect(one.leftovers()).toEqual([]);
    expect(owner.leftovers()).toEqual([]);
  });

  it('leaves orphans to init, which is not the first of the namespace', async () => {
    const script = '(sleep 3333 & ) ; echo up; read line';
    await using one = await guest(
      'application',
      [['namespace', 'pid=host']],
      ['/bin/sh', '-c', script],
    ).running();
    const console = await TestHolder.connect(one.runDir, 'terminal');
    await until('it is up', () => console.output.includes('up'));
    // Its shell may say that it is up before it has become the sleeper.
    const orphan = () => cgroupProcs(one).find((pid) => textOf(pid, 'cmdline').startsWith('sleep\0'));
    await until('it sleeps', () => orphan() !== undefined);
    const sleeper = orphan() ?? '';
    await until('init has it', () => textOf(sleeper, 'status').includes(`\nPPid:\t${one.state.init_pid}\n`));
  });
});

describe('chosen ids', () => {
  it('are those of the map, on disk as inside', async () => {
    await using one = await guest('application', [
      ['id_map', '0 1310730000 1000'],
      ['id_map', '1000 1310740000 1000'],
    ]).running();
    const map = readFileSync(`/proc/${one.state.init_pid}/uid_map`, 'utf8').trim().split(/\s+/);
    expect(map).toEqual(['0', '1310730000', '1000', '1000', '1310740000', '1000']);
    expect(one.sh('touch /root/a; ls -ln /bin/busybox /root/a | grep -c " 0  *0 "').stdout).toBe('2\n');
    expect(one.exec(['id', '-u'], ['--user', 'user']).stdout).toBe('1000\n');
    const shown = spawnSync('stat', ['-c', '%u', join(one.guestDir, 'upper/root/a')], { encoding: 'utf8' });
    expect(shown.stdout).toBe('0\n');
    const outside = one.exec(['id'], ['--user', '5000']);
    expect(outside.status).toBe(125);
    expect(outside.stderr).toMatch(/5000/);
  });
});

describe("init's user", () => {
  it.each([
    ['user', 'uid=1000(user) gid=1000(user) groups=10(wheel)'],
    ['1000', 'uid=1000(user) gid=1000(user) groups=10(wheel)'],
    ['42:10', 'uid=42 gid=10(wheel)'],
  ])('%s is whom it says, without any capability', async (user, ids) => {
    const script = 'id; grep CapEff /proc/self/status; echo $HOME; tty; echo ok > /dev/console; sleep 1000';
    await using one = await guest('application', [['user', user]], ['/bin/sh', '-c', script]).running();
    const console = await TestHolder.connect(one.runDir, 'terminal');
    await until('it has written', () => console.output.includes('ok\r\n'));
    expect(console.output).toContain(`${ids}\r\nCapEff:\t0000000000000000\r\n/\r\n/dev/pts/0\r\nok`);
  });

  it('must be there', async () => {
    const one = guest('application', [['user', 'nobody']]);
    expect((await one.start()).at(-1)).toBe('error ENOENT find\\040the\\040user nobody');
    expect(one.leftovers()).toEqual([]);
  });
});

/** A file of a process's folder in /proc, empty when it has ended. */
function textOf(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

function cgroupProcs(one: TestGuest): string[] {
  const unified = ['/sys/fs/cgroup/unified', '/sys/fs/cgroup'].find((path) =>
    existsSync(join(path, one.cgroup, 'cgroup.procs')),
  );
  return readFileSync(join(unified ?? '', one.cgroup, 'cgroup.procs'), 'utf8')
    .trim()
    .split('\n');
}
