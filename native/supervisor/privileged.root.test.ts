import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import walls from '../protocol/walls.json' with { type: 'json' };
import { type Entry, TestGround, TestGuest } from './test-guest.ts';

let ground: TestGround;
beforeAll(() => {
  ground = new TestGround();
});
afterAll(async () => {
  await ground[Symbol.asyncDispose]();
});

type Kind = 'application' | 'system';

/** A guest whose root is root of the host, with the walls that the server gives it. */
function privileged(kind: Kind, more: Entry[] = []): TestGuest {
  const guest = new TestGuest(ground, kind, ['/bin/sleep', '1000'], [['namespace', 'user=host'], ...more]);
  const capabilities = guest.spec.find(([key]) => key === 'capabilities');
  if (capabilities) capabilities[1] = walls.privileged[kind].capabilities;
  return guest;
}

const plain = (kind: Kind) => new TestGuest(ground, kind, ['/bin/sleep', '1000']);
const field = (text: string, key: string) => new RegExp(`^${key}:\\t(.*)$`, 'm').exec(text)?.[1] ?? '';

describe.each(['application', 'system'] as const)('a privileged %s guest', (kind) => {
  it('is root of the host, in namespaces of its own', async () => {
    await using guest = await privileged(kind).running();
    const status = readFileSync(`/proc/${guest.state.init_pid}/status`, 'utf8');
    expect(field(status, 'Uid')).toBe('0\t0\t0\t0');
    await using other = await plain(kind).running();
    expect(field(readFileSync(`/proc/${other.state.init_pid}/status`, 'utf8'), 'Uid')).not.toContain(
      '0\t0\t0',
    );
    expect(guest.sh('hostname; echo $$').stdout).toMatch(/^berth-test\n\d{1,3}\n$/);
  });

  it('has at most the capabilities of its walls, and every other wall', async () => {
    await using guest = await privileged(kind).running();
    const bound = BigInt(`0x${walls.privileged[kind].capabilities}`);
    for (const status of [
      readFileSync(`/proc/${guest.state.init_pid}/status`, 'utf8'),
      guest.sh('cat /proc/self/status').stdout,
    ]) {
      for (const set of ['CapPrm', 'CapEff', 'CapBnd'])
        expect(BigInt(`0x${field(status, set)}`) & ~bound).toBe(0n);
      expect(BigInt(`0x${field(status, 'CapEff')}`)).toBeGreaterThan(0n);
      expect(field(status, 'Seccomp')).toBe('2');
      expect(field(status, 'NoNewPrivs')).toBe(walls[kind].noNewPrivs ? '1' : '0');
    }
    expect(guest.sh('cat /proc/kallsyms | wc -c; ls /sys/firmware').stdout).toBe('0\n');
    expect(guest.sh('echo x > /proc/sys/kernel/hostname').stderr).toMatch(/Read-only file system/);
  });

  it('makes and opens no device but those of the list', async () => {
    const wanted = privileged(kind);
    // A node that is there already: the overlay opens none.
    execFileSync('mknod', [join(wanted.guestDir, 'upper/mem'), 'c', '1', '1']);
    await using guest = await wanted.running();
    expect(guest.sh('cat /mem').stderr).toMatch(/Permission denied|Operation not permitted/);
    expect(guest.sh('mknod /root/null c 1 3').stderr).toMatch(/Operation not permitted/);
    expect(guest.sh('mknod /root/vda b 254 0').stderr).toMatch(/Operation not permitted/);
    expect(guest.sh('head -c3 /dev/zero | wc -c').stdout).toBe('3\n');
    // With the capability the device filter stands alone.
    const makes = privileged(kind);
    const capabilities = makes.spec.find(([key]) => key === 'capabilities');
    if (capabilities) capabilities[1] = (BigInt(`0x${capabilities[1]}`) | (1n << 27n)).toString(16);
    await using maker = await makes.running();
    expect(maker.sh('mknod /root/null c 1 3').status).toBe(0);
    expect(maker.sh('mknod /root/vda b 254 0').stderr).toMatch(/Operation not permitted/);
  });

  it('owns files as they are on disk, as guests with ids of their own do', async () => {
    const first = privileged(kind);
    await using guest = await first.running();
    guest.sh('echo text > /root/a; ln -s a /root/b');
    const disk = join(guest.guestDir, 'upper/root/a');
    expect(spawnSync('stat', ['-c', '%u:%g', disk], { encoding: 'utf8' }).stdout).toBe('0:0\n');
    expect(guest.sh('ls -ln /bin/busybox').stdout).toMatch(/ 0 +0 /);
    await guest.stop();
    expect(guest.leftovers()).toEqual([]);
  });

  it('cannot write the program that enters it, nor the image', async () => {
    await using guest = await privileged(kind).running();
    const { supervisor_pid } = guest.state;
    const write = spawnSync('sh', ['-c', `: >> /proc/${supervisor_pid}/exe`], { encoding: 'utf8' });
    expect(write.stderr).toMatch(/Text file busy|Read-only file system/);
    guest.sh('echo changed >> /etc/group');
    expect(readFileSync(join(ground.image, 'etc/group'), 'utf8')).not.toContain('changed');
  });

  it('sees no process of the host, unless it shares its pids', async () => {
    await using guest = await privileged(kind).running();
    expect(guest.sh('ls -d /proc/[0-9]*').stdout.split('\n').length).toBeLessThan(10);
    expect(guest.sh(`kill -0 ${process.pid}`).status).not.toBe(0);
    await using wide = await privileged('application', [['namespace', 'pid=host']]).running();
    expect(wide.sh(`kill -0 ${process.pid}`).status).toBe(0);
  });
});

describe('what only a privileged guest can do', () => {
  it('write what belongs to root of the host, where it has been given it', async () => {
    const folder = join(ground.dir, 'of-root');
    mkdirSync(folder, { mode: 0o700 });
    writeFileSync(join(folder, 'secret'), 'text', { mode: 0o600 });
    const mount: Entry = ['mount', `rw ${folder} /mnt`];
    await using guest = await privileged('application', [mount]).running();
    expect(guest.sh('cat /mnt/secret; echo more >> /mnt/secret').stdout).toBe('text');
    expect(readFileSync(join(folder, 'secret'), 'utf8')).toBe('textmore\n');
    const other = plain('application');
    other.spec.push(mount);
    await using unprivileged = await other.running();
    expect(unprivileged.sh('cat /mnt/secret').stderr).toMatch(/Permission denied/);
  });

  it('lift a mask, as root of a system: its walls are no walls against it', async () => {
    await using guest = await privileged('system').running();
    const lift = 'umount /proc/kallsyms && head -c1 /proc/kallsyms | wc -c';
    expect(guest.sh(lift).stdout).toBe('1\n');
    await using unprivileged = await plain('system').running();
    expect(unprivileged.sh(lift).stderr).toMatch(/Invalid argument|Operation not permitted/);
    await using application = await privileged('application').running();
    expect(application.sh(lift).stderr).toMatch(/Operation not permitted/);
  });

  it('but an application cannot raise its own limits', async () => {
    await using guest = await privileged('application').running();
    expect(guest.sh('mkdir /sys/fs/cgroup/more').stderr).toMatch(/Read-only file system/);
    await using system = await privileged('system').running();
    expect(system.sh('mkdir /sys/fs/cgroup/more && rmdir /sys/fs/cgroup/more').status).toBe(0);
    expect(existsSync('/sys/fs/cgroup/more')).toBe(false);
  });
});
