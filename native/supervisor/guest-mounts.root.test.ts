import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENTER, readEntries, TestGround, TestGuest } from './test-guest.ts';

let ground: TestGround;
/** A folder of the host that guests get: `file`, owned by root, and a folder `sub`. */
let shared: string;
beforeAll(() => {
  ground = new TestGround();
  shared = join(ground.dir, 'shared');
  mkdirSync(join(shared, 'sub'), { recursive: true });
  writeFileSync(join(shared, 'file'), 'of the host\n');
});
afterAll(() => ground[Symbol.asyncDispose]());

const SLEEP = ['/bin/sleep', '1000'];

/** Change a running guest by `enter`; what it said. */
function change(guest: TestGuest, verb: string, value: string): string {
  const { status, stderr } = spawnSync(ENTER, [verb, '--run-dir', guest.runDir, value], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  return status === 0 ? 'done' : stderr.trim();
}

const mountsOf = (guest: TestGuest) =>
  readFileSync(join(guest.runDir, 'spec'), 'utf8')
    .split('\0')
    .filter((entry) => /^(mount|guest_device)=/.test(entry));

describe.each(['application', 'system'] as const)('mounts of %s guests', (kind) => {
  it('are there when init starts, read-only and with the ids of the guest where they say so', async () => {
    await using guest = await new TestGuest(ground, kind, SLEEP, [
      ['mount', `ro,idmap ${shared} /srv/data`],
      ['mount', `rw ${shared} /srv/plain`],
      ['mount', `rw,idmap ${shared}/file /etc/host-file`],
    ]).running();
    expect(guest.sh('cat /srv/data/file /srv/plain/file /etc/host-file').stdout).toBe(
      'of the host\n'.repeat(3),
    );
    const owner = (path: string) => guest.sh(`ls -ln ${path}`).stdout.split(/ +/)[2];
    expect([owner('/srv/data/file'), owner('/srv/plain/file')]).toEqual(['0', '65534']);
    expect(guest.sh('echo x > /srv/data/new').stderr).toMatch(/Read-only file system/);
    // The control: the same write where the mount is not read-only.
    expect(guest.sh('echo x > /etc/host-file').stderr).toBe('');
    expect(readFileSync(join(shared, 'file'), 'utf8')).toBe('x\n');
    writeFileSync(join(shared, 'file'), 'of the host\n');
    expect(guest.sh('echo x > /srv/plain/new').stderr).toMatch(/Permission denied/);
  });

  it('cannot be loosened by root of the guest', async () => {
    await using guest = await new TestGuest(ground, kind, SLEEP, [
      ['mount', `ro,idmap ${shared} /srv`],
    ]).running();
    const loosened = guest.sh('mount -o remount,rw,bind /srv; echo x > /srv/loose');
    expect(loosened.stderr).toMatch(/(not permitted|permission denied).*\n.*Read-only file system/i);
    expect(existsSync(join(shared, 'loose'))).toBe(false);
  });
});

it('root of a system guest may loosen what it mounted itself', async () => {
  await using guest = await new TestGuest(ground, 'system', SLEEP).running();
  const loosened = guest.sh(
    'mount -o bind /etc /root && mount -o remount,ro,bind /root && ! touch /root/x && mount -o remount,rw,bind /root && touch /root/x && echo loose',
  );
  expect(loosened.stdout).toBe('loose\n');
});

describe('targets', () => {
  const start = async (name: string, prepare: (upper: string) => void, target: string) => {
    const guest = new TestGuest(ground, 'system', SLEEP, [['mount', `rw,idmap ${shared} ${target}`]]);
    prepare(join(guest.guestDir, 'upper'));
    const report = await guest.start();
    return { guest, last: report.at(-1) ?? '', name };
  };

  it('through a link of the image stay inside the guest', async () => {
    const outside = join(ground.dir, 'outside');
    mkdirSync(outside);
    const { guest, last } = await start(
      'link',
      (upper) => symlinkSync(outside, join(upper, 'way')),
      '/way/on',
    );
    // The link leads nowhere inside, and is not followed outside.
    expect(last).toBe('error ELOOP mkdir /way');
    expect(existsSync(join(outside, 'on'))).toBe(false);
    expect(guest.leftovers()).toEqual([]);

    const up = await start(
      'up',
      (upper) => symlinkSync('../../../../../../root', join(upper, 'way')),
      '/way/on',
    );
    expect(up.last).toMatch(/^ready /);
    expect(up.guest.sh('cat /root/on/file').stdout).toBe('of the host\n');
    expect(existsSync('/root/on')).toBe(false);
    await up.guest.stop();
  });

  it('that are links, of the kernel, or the root are refused by name', async () => {
    const link = await start('link', (upper) => symlinkSync('/root', join(upper, 'way')), '/way');
    expect(link.last).toBe('error ELOOP mount\\040on /way');
    const proc = await start('proc', (upper) => symlinkSync('/proc/self', join(upper, 'way')), '/way/attr');
    expect(proc.last).toMatch(
      /^error (EPERM mount\\040on\\040a\\040file\\040of\\040the\\040kernel|ELOOP open|ENOENT|ELOOP)/,
    );
    const sys = await start('sys', () => undefined, '/sys/kernel');
    expect(sys.last).toBe('error EPERM mount\\040on\\040a\\040file\\040of\\040the\\040kernel /sys/kernel');
    const root = await start('root', () => undefined, '/./');
    expect(root.last).toMatch(/^error EINVAL mount\\040on/);
    for (const { guest } of [link, proc, sys, root]) expect(guest.leftovers()).toEqual([]);
  });

  it('of the wrong kind are refused, and nothing of the start is left', async () => {
    const { guest, last } = await start('file', (upper) => writeFileSync(join(upper, 'thing'), ''), '/thing');
    expect(last).toBe('error ENOTDIR mount\\040on /thing');
    expect(guest.leftovers()).toEqual([]);
  });
});

it('a source is not reached through a link', async () => {
  symlinkSync(shared, join(ground.dir, 'other'));
  const guest = new TestGuest(ground, 'system', SLEEP, [['mount', `rw,idmap ${ground.dir}/other/sub /srv`]]);
  expect((await guest.start()).at(-1)).toBe(`error ELOOP open\\040the\\040source ${ground.dir}/other/sub`);
  const missing = new TestGuest(ground, 'system', SLEEP, [['mount', `rw,idmap ${ground.dir}/none /srv`]]);
  expect((await missing.start()).at(-1)).toBe(`error ENOENT open\\040the\\040source ${ground.dir}/none`);
});

describe('what is mounted below a source', () => {
  it('comes along where it is recursive, and later where it is a slave', async () => {
    const source = join(ground.dir, 'tree');
    const below = join(source, 'below');
    const later = join(source, 'later');
    for (const folder of [below, later]) mkdirSync(folder, { recursive: true });
    execFileSync('mount', ['--bind', source, source]);
    try {
      execFileSync('mount', ['--make-shared', source]);
      execFileSync('mount', ['-t', 'tmpfs', 'berth-test', below]);
      writeFileSync(join(below, 'deep'), 'deep\n');
      await using guest = await new TestGuest(ground, 'system', SLEEP, [
        ['mount', `rw,recursive,rslave ${source} /srv/slave`],
        ['mount', `rw,recursive,rprivate ${source} /srv/private`],
        ['mount', `rw ${source} /srv/flat`],
      ]).running();
      expect(guest.sh('cat /srv/slave/below/deep /srv/private/below/deep').stdout).toBe('deep\ndeep\n');
      expect(guest.sh('ls /srv/flat/below').stdout).toBe('');
      execFileSync('mount', ['-t', 'tmpfs', 'berth-test', later]);
      writeFileSync(join(later, 'new'), 'new\n');
      expect(guest.sh('cat /srv/slave/later/new; ls /srv/private/later').stdout).toBe('new\n');
      // What hides below a mount of the host stays hidden.
      expect(guest.sh('umount /srv/slave/below').status).not.toBe(0);
    } finally {
      for (const path of [later, below, source]) spawnSync('umount', ['-l', path]);
    }
  });
});

describe('a mount of a running guest', () => {
  it('comes, is locked, survives in the spec, and goes', async () => {
    await using guest = await new TestGuest(ground, 'system', SLEEP).running();
    const value = `ro,idmap ${shared} /srv/live`;
    expect(change(guest, 'mount', value)).toBe('done');
    expect(change(guest, 'mount', value)).toBe('done');
    expect(guest.sh('cat /srv/live/file').stdout).toBe('of the host\n');
    expect(guest.sh('grep -c /srv/live /proc/self/mountinfo').stdout).toBe('1\n');
    expect(guest.sh('mount -o remount,rw,bind /srv/live; touch /srv/live/x').stderr).toMatch(
      /Read-only file system/,
    );
    expect(mountsOf(guest)).toEqual([`mount=${value}`]);
    expect(change(guest, 'unmount', value)).toBe('done');
    expect(change(guest, 'unmount', value)).toBe('done');
    expect(guest.sh('ls /srv/live').stdout).toBe('');
    expect(mountsOf(guest)).toEqual([]);
  });

  it('follows no link that the guest has put in its way, and leaves what the guest mounted there', async () => {
    await using guest = await new TestGuest(ground, 'system', SLEEP).running();
    guest.sh(`ln -s ${ground.dir} /way; ln -s /proc /kernel`);
    expect(change(guest, 'mount', `rw,idmap ${shared} /way/evil`)).toBe('error ELOOP mkdir /way');
    expect(existsSync(join(ground.dir, 'evil'))).toBe(false);
    expect(change(guest, 'mount', `rw,idmap ${shared} /kernel/sys`)).toMatch(/^error EPERM/);
    expect(mountsOf(guest)).toEqual([]);

    expect(change(guest, 'mount', `rw,idmap ${shared} /srv`)).toBe('done');
    guest.sh('mount -t tmpfs own /srv; touch /srv/own');
    expect(change(guest, 'unmount', `rw,idmap ${shared} /srv`)).toBe('done');
    expect(guest.sh('ls /srv').stdout).toBe('own\n');
  });

  it('is refused to a guest that does not run', async () => {
    const guest = new TestGuest(ground, 'system', SLEEP);
    expect(change(guest, 'mount', `rw ${shared} /srv`)).toBe(
      `error ESRCH find\\040the\\040running\\040guest ${guest.runDir}`,
    );
  });
});

describe('devices', () => {
  const FUSE = 'c 10:229 rwm /dev/fuse /dev/fuse 640 7 5';
  const open = (guest: TestGuest, path = '/dev/fuse') => guest.sh(`: < ${path} && echo opened`);

  it.each(['application', 'system'] as const)(
    'of a start are there for %s guests, others not',
    async (kind) => {
      await using guest = await new TestGuest(ground, kind, SLEEP, [
        ['guest_device', FUSE],
        ['guest_device', 'c 10:200 rw /dev/net/tun /dev/net/tun 666 0 0'],
      ]).running();
      expect(open(guest).stdout).toBe('opened\n');
      expect(guest.sh('ls -ln /dev/fuse /dev/net/tun').stdout).toMatch(
        /^crw-r----- +1 7 +5 +10, 229 .*\ncrw-rw-rw- +1 0 +0 +10, 200 /,
      );
      expect(open(guest, '/dev/net/tun').stdout).toBe('opened\n');
    },
  );

  it('come and go while it runs: an open is refused at once, also by a node that it kept', async () => {
    await using guest = await new TestGuest(ground, 'system', SLEEP).running();
    expect(open(guest).stderr).toMatch(/no such file/i);
    expect(change(guest, 'plug', FUSE)).toBe('done');
    expect(change(guest, 'plug', FUSE)).toBe('done');
    expect(open(guest).stdout).toBe('opened\n');
    guest.sh('touch /root/kept; mount -o bind /dev/fuse /root/kept');
    expect(open(guest, '/root/kept').stdout).toBe('opened\n');
    expect(mountsOf(guest)).toEqual([`guest_device=${FUSE}`]);

    expect(change(guest, 'unplug', FUSE)).toBe('done');
    expect(change(guest, 'unplug', FUSE)).toBe('done');
    expect(open(guest).stderr).toMatch(/no such file/i);
    expect(open(guest, '/root/kept').stderr).toMatch(/Operation not permitted/);
    expect(mountsOf(guest)).toEqual([]);
    expect(guest.sh('head -c1 /dev/zero | wc -c').stdout).toBe('1\n');
  });

  it('that are of the usual ones too stay when they are unplugged', async () => {
    await using guest = await new TestGuest(ground, 'system', SLEEP).running();
    const zero = 'c 1:5 r /dev/zero /dev/nil 444 0 0';
    expect(change(guest, 'plug', zero)).toBe('done');
    expect(guest.sh('head -c2 /dev/nil | wc -c').stdout).toBe('2\n');
    expect(change(guest, 'unplug', zero)).toBe('done');
    expect(guest.sh('echo x > /dev/zero && head -c1 /dev/zero | wc -c').stdout).toBe('1\n');
  });

  it('give only the access that is asked for', async () => {
    await using guest = await new TestGuest(ground, 'system', SLEEP, [
      ['guest_device', 'c 10:229 r /dev/fuse /dev/fuse 666 0 0'],
    ]).running();
    expect(open(guest).stdout).toBe('opened\n');
    expect(guest.sh(': <> /dev/fuse').stderr).toMatch(/Operation not permitted/);
  });

  it('go to ids that the guest has', async () => {
    const guest = new TestGuest(ground, 'system', SLEEP, [
      ['guest_device', 'c 10:229 rwm /dev/fuse /dev/fuse 666 70000 0'],
    ]);
    expect((await guest.start()).at(-1)).toMatch(/^error EINVAL give\\040to\\040id\\04070000/);
    expect(guest.leftovers()).toEqual([]);
  });
});

it("a guest of the host's user namespace gets them too, with the ids as they are", async () => {
  await using guest = await new TestGuest(ground, 'system', SLEEP, [
    ['namespace', 'user=host'],
    ['mount', `ro,idmap ${shared} /srv/data`],
    ['guest_device', 'c 10:229 rw /dev/fuse /dev/fuse 640 7 5'],
    ['sysctl', 'net.ipv4.ip_unprivileged_port_start=82'],
    ['sysctl', 'kernel.shmmax=12345'],
  ]).running();
  expect(guest.sh('cat /srv/data/file; touch /srv/data/x').stdout).toBe('of the host\n');
  expect(guest.sh('ls -ln /dev/fuse').stdout).toMatch(/^crw-r----- +1 7 +5 +10, 229 /);
  expect(guest.sh(': < /dev/fuse && echo opened').stdout).toBe('opened\n');
  const values = guest.sh('cat /proc/sys/net/ipv4/ip_unprivileged_port_start /proc/sys/kernel/shmmax');
  expect(values.stdout).toBe('82\n12345\n');
  expect(change(guest, 'unmount', `ro,idmap ${shared} /srv/data`)).toBe('done');
  expect(change(guest, 'mount', `rw ${shared} /srv/live`)).toBe('done');
  expect(guest.sh('cat /srv/live/file; ls /srv/data').stdout).toBe('of the host\n');
});

it('a stop leaves neither mounts nor staging behind', async () => {
  const guest = await new TestGuest(ground, 'system', SLEEP, [
    ['mount', `rw,idmap ${shared} /srv`],
  ]).running();
  const { supervisor_pid } = readEntries(join(guest.runDir, 'state'));
  const mounts = readFileSync(`/proc/${supervisor_pid}/mountinfo`, 'utf8');
  expect(mounts).not.toContain(shared);
  await guest.stop();
  expect(guest.leftovers()).toEqual([]);
  rmSync(join(shared, 'sub'), { recursive: true });
  expect(statSync(shared).uid).toBe(0);
});
