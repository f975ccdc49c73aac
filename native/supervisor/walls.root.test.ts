import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import walls from '../protocol/walls.json' with { type: 'json' };
import { byI386, installCall } from './test-call.ts';
import { TestGround, TestGuest } from './test-guest.ts';

let ground: TestGround;
const guests = {} as Record<'application' | 'system', TestGuest>;
beforeAll(async () => {
  ground = new TestGround();
  installCall(ground);
  for (const kind of ['application', 'system'] as const)
    guests[kind] = await new TestGuest(ground, kind, ['/bin/sleep', '1000']).running();
});
afterAll(async () => {
  for (const guest of Object.values(guests)) await guest.stop();
  await ground[Symbol.asyncDispose]();
});

const status = (pid: string) => {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  return (key: string) => new RegExp(`^${key}:\\t(.*)$`, 'm').exec(text)?.[1];
};

describe.each(['application', 'system'] as const)('the walls of %s guests', (kind) => {
  const wall = walls[kind];
  const mask = wall.capabilities.padStart(16, '0');

  it('are around init', () => {
    const guest = guests[kind];
    const field = status(guest.state.init_pid ?? '');
    expect(field('Uid')).toBe(Array(4).fill(1_310_720_000).join('\t'));
    for (const set of ['CapPrm', 'CapEff', 'CapBnd']) expect(field(set)).toBe(mask);
    for (const set of ['CapInh', 'CapAmb']) expect(field(set)).toBe('0'.repeat(16));
    expect(field('NoNewPrivs')).toBe(wall.noNewPrivs ? '1' : '0');
    expect(field('Seccomp')).toBe('2');
    expect(readFileSync(`/proc/${guest.state.init_pid}/uid_map`, 'utf8').trim().split(/ +/)).toEqual([
      '0',
      '1310720000',
      '65536',
    ]);
    expect(readFileSync(`/proc/${guest.state.init_pid}/gid_map`, 'utf8').trim().split(/ +/)).toEqual([
      '0',
      '1310720000',
      '65536',
    ]);
  });

  it('are around what enters', () => {
    const text = guests[kind].sh('cat /proc/self/status').stdout;
    for (const set of ['CapPrm', 'CapEff', 'CapBnd']) expect(text).toContain(`${set}:\t${mask}`);
    expect(text).toContain(`NoNewPrivs:\t${wall.noNewPrivs ? 1 : 0}`);
    expect(text).toContain('Seccomp:\t2');
  });

  it('hide the masked paths, for good', () => {
    const guest = guests[kind];
    const there = walls.mask.filter((path) => existsSync(path));
    expect(there.length).toBeGreaterThan(5);
    for (const path of there) {
      const seen = guest.sh(`if [ -d ${path} ]; then ls -A ${path}; else cat ${path}; fi | wc -c`);
      expect([path, seen.stdout.trim()]).toEqual([path, '0']);
    }
    expect(guest.sh('cat /proc/version').stdout).toContain('Linux');
    const lifted = guest.sh(
      'umount /proc/kallsyms 2>&1; umount /sys/firmware 2>&1; mount -t proc proc /root 2>&1; ls /root',
    );
    expect(lifted.stdout).toMatch(/kallsyms: (Invalid argument|Operation not permitted)/);
    expect(lifted.stdout).toMatch(/firmware: (Invalid argument|Operation not permitted)/);
    expect(lifted.stdout).not.toContain('kallsyms\n');
    expect(guest.sh('ls /root').stdout).toBe('');
  });

  it('leave the read-only paths read-only', () => {
    const guest = guests[kind];
    expect(guest.sh('echo x > /proc/sys/kernel/hostname').stderr).toMatch(/Read-only file system/);
    expect(guest.sh('mount -o remount,rw /proc/sys').status).not.toBe(0);
    expect(guest.sh('echo x > /proc/sys/kernel/hostname').stderr).toMatch(/Read-only file system/);
    expect(guest.sh('touch /root/w && echo written').stdout).toBe('written\n');
  });

  it('refuse every device but those of the list', () => {
    const guest = guests[kind];
    expect(guest.sh('head -c3 /dev/zero | wc -c; echo x > /dev/null && echo null').stdout).toBe('3\nnull\n');
    expect(guest.sh('mknod /root/vda b 254 0').stderr).toMatch(/Operation not permitted/);
    // The filter alone: a process of the host with all capabilities, in the guest's cgroups.
    const probe = (major: number, minor: number) =>
      spawnSync(
        'sh',
        [
          '-c',
          `for t in ${tasks(guest)}; do echo 0 > $t; done; node=${ground.dir}/node; rm -f $node; mknod $node c ${major} ${minor} && cat < $node 2>&1; rm -f $node`,
        ],
        { encoding: 'utf8' },
      );
    expect(probe(1, 3)).toMatchObject({ stdout: '', stderr: '' });
    expect(probe(1, 11).stderr + probe(1, 11).stdout).toMatch(/Operation not permitted/); // /dev/kmsg
  });

  const calls: [name: string, call: (string | number)[], result: string][] = [
    ['AF_UNIX socket', [41, 1, 1, 0], 'ok'],
    ['TCP socket', [41, 2, 1, 6], 'ok'],
    ['route netlink', [41, 16, 3, 0], 'ok'],
    ['XFRM netlink', [41, 16, 3, 6], 'ENOSYS'],
    ['XFRM netlink with high bits', [41, '0x100000010', 3, '0x100000006'], 'ENOSYS'],
    ['AF_ALG', [41, 38, 5, 0], 'EAFNOSUPPORT'],
    ['AF_VSOCK', [41, 40, 1, 0], 'EAFNOSUPPORT'],
    ['AF_KEY', [41, 15, 3, 2], 'EAFNOSUPPORT'],
    ['AF_ALG by i386', ['i386-socket', 38, 5, 0], 'EAFNOSUPPORT'],
    ['XFRM netlink by i386', ['i386-socket', 16, 3, 6], 'ENOSYS'],
    ['route netlink by i386', ['i386-socket', 16, 3, 0], 'ok'],
    ['a socket by the multiplexer of i386', ['i386-socketcall', 1], 'EPERM'],
    ['another call by the multiplexer of i386', ['i386-socketcall', 2], 'EFAULT'],
    ['AF_UNIX by i386', ['i386-socket', 1, 1, 0], 'ok'],
    ['getpid by i386', ['i386-getpid'], 'ok'],
    ['getpid by x32', [0x40000000 + 39], 'ENOSYS'],
    ['bpf', [321, 0, 0, 0], 'EPERM'],
    ['perf_event_open', [298, 0, 0, 0, 0, 0], 'EPERM'],
    ['keyctl', [250, 0, -3, 0], 'EPERM'],
    ['userfaultfd', [323, 0], 'EPERM'],
    ['open_by_handle_at', [304, 0, 0, 0], 'EPERM'],
    ['kexec_load', [246, 0, 0, 0, 0], 'EPERM'],
    ['io_uring_setup', [425, 1, 0], 'EPERM'],
    ['fsopen', [430, 0, 0], 'ENOSYS'],
    ['TIOCSTI', [16, 0, 0x5412, 0], 'EPERM'],
    ['TIOCSTI with high bits', [16, 0, '0x100005412', 0], 'EPERM'],
    ['TIOCLINUX', [16, 0, 0x541c, 0], 'EPERM'],
    ['a new user namespace', [272, 0x10000000], 'EPERM'],
    ['a new user namespace by clone', [56, 0x10000000 + 17, 0, 0, 0, 0], 'EPERM'],
  ];
  it.each(calls)('answer %s', (_name, call, result) => {
    const wanted = String(call[0]).startsWith('i386') ? byI386(ground, `${result}\n`) : `${result}\n`;
    expect(guests[kind].exec(['/bin/call', ...call.map(String)]).stdout).toBe(wanted);
  });

  it(`answer a new mount namespace with ${kind === 'system' ? 'yes' : 'EPERM'}`, () => {
    expect(guests[kind].exec(['/bin/call', '272', String(0x20000)]).stdout).toBe(
      kind === 'system' ? 'ok\n' : 'EPERM\n',
    );
  });
});

/** The `tasks` file of the device controller, or v2's cgroup.procs. */
function tasks(guest: TestGuest): string {
  const v1 = `/sys/fs/cgroup/devices/${guest.cgroup}/tasks`;
  return existsSync(v1) ? v1 : `/sys/fs/cgroup/${guest.cgroup}/cgroup.procs`;
}

it('an application sees no process of another user', () => {
  expect(guests.application.sh('ps', ['--user', 'user']).stdout).not.toContain('sleep 1000');
  expect(guests.system.sh('ps', ['--user', 'user']).stdout).toContain('sleep 1000');
});

it('the clock of a guest starts with it', () => {
  const uptimeIn = (text: string) => Number(text.split(' ')[0]);
  const inside = uptimeIn(guests.system.sh('cat /proc/uptime').stdout);
  const startedAt = uptimeIn(readFileSync('/proc/uptime', 'utf8')) - inside;
  // The host's clock was well on its way when the guest's began.
  expect(startedAt).toBeGreaterThan(10);
  expect(inside).toBeLessThan(120);
});

it('the program that root runs is on a read-only mount', () => {
  const { supervisor_pid } = guests.application.state;
  const write = spawnSync('sh', ['-c', `: >> /proc/${supervisor_pid}/exe`], { encoding: 'utf8' });
  expect(write.stderr).toMatch(/Text file busy|Read-only file system/);
});
