import { execFile } from 'node:child_process';
import { access, chmod, copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { childEnv } from '../child/child-env.ts';
import { AppError } from '../errors/app-error.ts';
import type { ImageBuilder } from './image-builder.ts';
import { MINI_FILES, MINI_FOLDERS } from './mini-files.ts';

const run = promisify(execFile);

/** Where Debian's busybox-static and others put it. */
const CANDIDATES = ['/usr/bin/busybox', '/bin/busybox', '/usr/lib/busybox/busybox-static'];

/** Applets that a guest has no use for, or that would do harm in it. */
const LEFT_OUT = new Set(['busybox', 'dpkg', 'dpkg-deb', 'rpm', 'rpm2cpio', 'linuxrc', 'bash']);

/** Path of a BusyBox with init. Throws AppError `unavailable` when the host has none. */
async function findBusybox(): Promise<{ path: string; applets: string[] }> {
  for (const path of CANDIDATES) {
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (!there) continue;
    const { stdout } = await run(path, ['--list-full'], { env: childEnv({}) });
    const applets = stdout.trim().split('\n');
    if (applets.includes('sbin/init') || applets.includes('init')) return { path, applets };
  }
  throw new AppError(
    'unavailable',
    'berth/mini is made from BusyBox, which is not on this host: install the package busybox-static',
  );
}

/** `berth/mini` into an empty folder, as real root, without a network. */
export const buildMini: ImageBuilder = async ({ rootfs, signal, message }) => {
  message('copying BusyBox');
  const { path, applets } = await findBusybox();
  for (const [folder, mode] of MINI_FOLDERS) {
    await mkdir(join(rootfs, folder), { recursive: true });
    // mkdir's mode goes through the umask.
    await chmod(join(rootfs, folder), mode);
  }
  await symlink('../run', join(rootfs, 'var/run'));
  await symlink('/etc/crontabs', join(rootfs, 'var/spool/cron/crontabs'));
  await copyFile(path, join(rootfs, 'bin/busybox'));
  await chmod(join(rootfs, 'bin/busybox'), 0o755);
  signal.throwIfAborted();
  for (const applet of applets) {
    const name = applet.slice(applet.lastIndexOf('/') + 1);
    if (LEFT_OUT.has(name)) continue;
    const target = applet.includes('/') ? applet : `bin/${applet}`;
    await symlink('/bin/busybox', join(rootfs, target));
  }
  for (const file of MINI_FILES) {
    await writeFile(join(rootfs, file.path), file.text);
    await chmod(join(rootfs, file.path), file.mode);
  }
};
