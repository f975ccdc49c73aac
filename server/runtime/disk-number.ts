import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../errors/app-error.ts';

/**
 * `8:0` of a whole disk that is named so or by its node (`/dev/sda`, links too): the kernel limits disks, not partitions.
 * Throws `bad_input` on `field` that says what it is instead, and the disk of a partition.
 */
export async function diskNumber(device: string, field: readonly (string | number)[]): Promise<string> {
  const number = device.startsWith('/') ? await numberOfNode(device, field) : device;
  // sysfs(5): a link to the folder of the disk, or of the partition below it.
  const folder = await realpath(join('/sys/dev/block', number)).catch(() => null);
  if (folder === null) throw new AppError('bad_input', `this host has no disk ${device}`, { field });
  const isPartition = await readFile(join(folder, 'partition')).then(
    () => true,
    () => false,
  );
  if (isPartition) {
    const disk = basename(dirname(folder));
    throw new AppError('bad_input', `${device} is a partition: limit its disk, /dev/${disk}`, { field });
  }
  return number;
}

async function numberOfNode(path: string, field: readonly (string | number)[]): Promise<string> {
  const node = await stat(path, { bigint: true }).catch(() => null);
  if (node === null) throw new AppError('bad_input', `there is no ${path} on this host`, { field });
  if (!node.isBlockDevice()) throw new AppError('bad_input', `${path} is no block device`, { field });
  // makedev(3): 12 bits of the major number, 8 of the minor, then the rest of both.
  const major = ((node.rdev >> 8n) & 0xfffn) | ((node.rdev >> 32n) & ~0xfffn);
  const minor = (node.rdev & 0xffn) | ((node.rdev >> 12n) & ~0xffn);
  return `${major}:${minor}`;
}
