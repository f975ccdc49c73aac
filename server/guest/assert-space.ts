import { statfs } from 'node:fs/promises';
import { AppError } from '../errors/app-error.ts';
import { bytes } from './limits.ts';

/** What must be free for a new guest: its files, the database's journal and some room to write in. */
export const GUEST_NEEDS_BYTES = 64 * 1024 * 1024;

/** Throws `no_space` when the disk of `path` has less than `needed` bytes or no inodes left. */
export async function assertSpace(path: string, needed: number): Promise<void> {
  const disk = await statfs(path);
  const free = disk.bavail * disk.bsize;
  if (free < needed) {
    throw new AppError(
      'no_space',
      `the disk of ${path} has ${bytes(free)} left: a new guest needs ${bytes(needed)}`,
    );
  }
  // Some file systems (btrfs) count no inodes at all.
  if (disk.files > 0 && disk.ffree === 0) {
    throw new AppError('no_space', `the disk of ${path} has no inodes left: remove files first`);
  }
}
