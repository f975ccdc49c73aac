import { lstat, mkdir, opendir, readdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../errors/app-error.ts';

/** A build that is not whole yet has this in front of its name. */
const UNFINISHED = '.building-';

/** `<data>/images/debian_12`. Pure: names of the catalogue have exactly one slash. */
export function folderOf(dataDir: string, image: string): string {
  return join(dataDir, 'images', image.replace('/', '_'));
}

/** Where a build is made, beside where it will be: the same file system, so that a rename completes it. */
export function unfinishedFolder(dataDir: string, image: string, build: string): string {
  return join(folderOf(dataDir, image), `${UNFINISHED}${build}`);
}

/** Remove a tree, also while the last of killed processes is still writing in it. */
export async function removeTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

/** Bytes that a tree takes on disk, each file once (st_blocks counts units of 512 bytes, stat(2)). */
export async function sizeOf(path: string): Promise<number> {
  const seen = new Set<number>();
  let bytes = 0;
  for await (const entry of await opendir(path, { recursive: true })) {
    const stat = await lstat(join(entry.parentPath, entry.name));
    if (stat.nlink > 1 && !stat.isDirectory()) {
      if (seen.has(stat.ino)) continue;
      seen.add(stat.ino);
    }
    bytes += stat.blocks * 512;
  }
  return bytes;
}

/** Throws AppError `no_space` unless the file system of the data folder has that many bytes left. */
export async function assertRoom(dataDir: string, image: string, bytes: number): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  const { bavail, bsize } = await statfs(dataDir);
  if (bavail * bsize >= bytes) return;
  const mib = (value: number) => `${Math.floor(value / 1024 / 1024)} MiB`;
  throw new AppError(
    'no_space',
    `${image} needs ${mib(bytes)} in ${dataDir} while it is built, and ${mib(bavail * bsize)} are free`,
    { field: ['image'] },
  );
}

/** Names of what is in an image's folder: whole builds, and unfinished ones. */
export async function listBuilds(
  dataDir: string,
  image: string,
): Promise<{ whole: string[]; unfinished: string[] }> {
  const names = await readdir(folderOf(dataDir, image)).catch(() => []);
  return {
    whole: names.filter((name) => !name.startsWith(UNFINISHED)),
    unfinished: names.filter((name) => name.startsWith(UNFINISHED)),
  };
}
