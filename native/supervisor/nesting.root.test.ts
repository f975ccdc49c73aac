import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import walls from '../protocol/walls.json' with { type: 'json' };
import { ENTER, type Entry, RELEASE, SUPERVISOR, TestGround, TestGuest } from './test-guest.ts';

const NESTING = join(RELEASE, 'seccomp/nesting.bpf');
/** Two ranges: one for the guest, one for what nests in it. */
const IDS: Entry[] = [['id_map', '0 1310720000 131072']];

let ground: TestGround;
beforeAll(() => {
  ground = new TestGround();
});
afterAll(async () => {
  await ground[Symbol.asyncDispose]();
});

function nesting(
  kind: 'application' | 'system',
  more: Entry[] = [['nesting', 1]],
  command = ['/bin/sleep', '1000'],
): TestGuest {
  const guest = new TestGuest(ground, kind, command, [...IDS, ...more]);
  const seccomp = guest.spec.find(([key]) => key === 'seccomp');
  if (seccomp) seccomp[1] = NESTING;
  return guest;
}

const UNSHARE = 'unshare -Urmpf --mount-proc sh -c "echo pid \\$\\$; ls /proc/1/exe && id -u"';

describe.each(['application', 'system'] as const)('a nesting %s guest', (kind) => {
  it('makes user, mount and pid namespaces with a proc of their own', async () => {
    await using guest = await nesting(kind).running();
    expect(guest.sh(UNSHARE)).toMatchObject({ status: 0, stdout: 'pid 1\n/proc/1/exe\n0\n' });
    expect(guest.sh('unshare -Urmn sh -c "mount -t sysfs none /root && ls /root/class/net"').stdout).toBe(
      'lo\n',
    );
  });

  it('as no other does: neither by its filter nor with a proc that hides', async () => {
    await using plain = await new TestGuest(ground, kind, ['/bin/sleep', '1000'], IDS).running();
    expect(plain.sh(UNSHARE).stderr).toMatch(/Operation not permitted/);
    await using masked = await nesting(kind, []).running();
    expect(masked.sh('unshare -Ur echo made').stdout).toBe('made\n');
    expect(masked.sh(UNSHARE).stderr).toMatch(/mount.*: Operation not permitted/);
  });

  it('keeps its own walls', async () => {
    await using guest = await nesting(kind).running();
    expect(guest.sh('cat /proc/kallsyms | wc -c').stdout.trim()).toBe('0');
    expect(guest.sh('echo x > /proc/sys/kernel/hostname').stderr).toMatch(/Read-only/);
    expect(guest.sh('echo x > /dev/.berth/proc/sys/vm/swappiness').stderr).toMatch(/Permission denied/);
    expect(guest.sh('echo 1 > /dev/.berth/proc/sys/kernel/panic').stderr).toMatch(/Permission denied/);
    expect(guest.sh('ls /dev/.berth', ['--user', 'user']).stderr).toMatch(/Permission denied/);
    expect(guest.sh('unshare -Ur mknod /root/vda b 254 0').stderr).toMatch(/Operation not permitted/);
  });
});

describe('Berth in a guest of Berth', () => {
  /** What a supervisor inside needs, in the image: the static programs, the filters and an image of its own. */
  beforeAll(() => {
    const place = join(ground.image, 'opt/berth');
    mkdirSync(join(place, 'seccomp'), { recursive: true });
    for (const program of [SUPERVISOR, ENTER])
      copyFileSync(program, join(place, program.split('/').at(-1) ?? ''));
    for (const filter of ['application.bpf', 'system.bpf'])
      copyFileSync(join(RELEASE, 'seccomp', filter), join(place, 'seccomp', filter));
    execFileSync('cp', ['-a', join(ground.image, 'bin'), join(ground.image, 'etc'), place]);
  });

  it.each(['application', 'system'] as const)('runs an %s guest with its walls', async (kind) => {
    const ready = 'mkdir /sys/fs/cgroup/init && echo 1 > /sys/fs/cgroup/init/cgroup.procs; exec sleep 1000';
    await using guest = await nesting('system', [['nesting', 1]], ['/bin/sh', '-c', ready]).running();
    const wall = walls[kind];
    const spec: Entry[] = [
      ['version', 1],
      ['id', 'inner'],
      ['hostname', 'inner'],
      ['kind', kind],
      ['run_dir', '/tmp/run'],
      ['image_root', '/tmp/image'],
      ['guest_dir', '/tmp/guest'],
      ['arg', '/bin/sleep'],
      ['arg', '2000'],
      ['env', 'PATH=/bin'],
      ['id_base', 65_536],
      ['cgroup', 'inner/guests/one'],
      ['supervisor_cgroup', 'inner/supervisors'],
      ['stop_signal', 15],
      ['stop_timeout_ms', 2000],
      ['seccomp', `/opt/berth/seccomp/${wall.seccomp}`],
      ['capabilities', wall.capabilities],
      ['no_new_privs', wall.noNewPrivs ? 1 : 0],
      ...wall.devices.map((device): Entry => ['device', device]),
      ...wall.bindDevices.map((name): Entry => ['bind_device', name]),
      ...walls.mask.map((path): Entry => ['mask', path]),
      ...walls.readOnly.map((path): Entry => ['read_only', path]),
      ...wall.procOptions.map((option): Entry => ['proc_option', option]),
    ];
    const file = spec.map(([key, value]) => `${key}=${value}\0`).join('');
    guest.exec(['sh', '-c', 'cat > /tmp/spec'], [], file);
    const start =
      'mkdir -p /tmp/guest/upper /tmp/guest/work /tmp/image && cp -a /opt/berth/bin /opt/berth/etc /tmp/image && /opt/berth/supervisor 3</tmp/spec 4>&1 | cat';
    const report = guest.sh(start).stdout;
    // What nests can mount only a tmpfs with ids of its own, and those have been mapped since Linux 6.3.
    if (!idmapsTmpfs()) {
      expect(report).toContain('\nerror EINVAL idmap /tmp/image\n');
      return;
    }
    expect(report).toMatch(/\nready \d+ \d+ \d+\n$/);
    const inside = (script: string) => {
      const run = guest.exec(['/opt/berth/enter', 'exec', '--run-dir', '/tmp/run', '--', 'sh', '-c', script]);
      return run.stdout + run.stderr;
    };
    expect(inside('hostname; cat /proc/1/cmdline | tr "\\0" " "; id -u; touch /a && ls -d /a')).toBe(
      'inner\n/bin/sleep 2000 0\n/a\n',
    );
    expect(inside('cat /proc/self/uid_map').trim().split(/ +/)).toEqual(['0', '65536', '65536']);
    expect(inside('grep -E "CapEff|Seccomp_filters" /proc/self/status')).toBe(
      `CapEff:\t${wall.capabilities.padStart(16, '0')}\nSeccomp_filters:\t2\n`,
    );
    expect(inside('cat /proc/kallsyms | wc -c')).toBe('0\n');
    // A folder that replaces one of the image hides all that was in it; so does a file that is gone.
    expect(inside('rm -r /etc && mkdir /etc && ls /etc; rm /bin/echo; ls /bin/echo')).toBe(
      'ls: /bin/echo: No such file or directory\n',
    );
    // The image inside is as it was.
    expect(guest.sh('ls /tmp/image/bin/echo').stdout).toBe('/tmp/image/bin/echo\n');
  });
});

function idmapsTmpfs(): boolean {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  return major > 6 || (major === 6 && minor >= 3);
}
