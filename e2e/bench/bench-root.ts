import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A root file system of busybox alone, the same for every peer. */
export function makeBenchRoot(dir: string): string {
  for (const name of [
    'bin',
    'dev',
    'proc',
    'sys',
    'tmp',
    'etc',
    'root',
    'run',
    'sbin',
    'usr',
    'mnt',
    'var/lib/lxc',
  ])
    mkdirSync(path.join(dir, name), { recursive: true });
  copyFileSync('/bin/busybox', path.join(dir, 'bin/busybox'));
  execFileSync('chroot', [dir, '/bin/busybox', '--install', '-s', '/bin']);
  symlinkSync('../bin/busybox', path.join(dir, 'sbin/init'));
  writeFileSync(path.join(dir, 'etc/inittab'), '::sysinit:/bin/true\n::respawn:/bin/sleep 100000\n');
  writeFileSync(path.join(dir, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  writeFileSync(path.join(dir, 'etc/os-release'), 'ID=bench\n');
  return dir;
}
