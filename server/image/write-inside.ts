import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, rm, symlink } from 'node:fs/promises';
import { AppError } from '../errors/app-error.ts';
import type { ImageFile } from './mini-files.ts';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_CREAT, O_EXCL, O_WRONLY } = constants;
const FOLDER = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;

/** The path of an open folder: it names exactly that one, whatever is renamed meanwhile. */
const pathOf = (folder: FileHandle) => `/proc/self/fd/${folder.fd}`;

/**
 * Put a file, or a link when `target` is given, at `path` below the root of an image, replacing what is there; missing folders are
 * made. What packages or archives laid in the way is not followed: each folder is opened without following links and held
 * (CVE-2026-48749). Throws AppError `unavailable` that names a folder which is a link.
 */
export async function writeInside(
  rootfs: string,
  file: ImageFile | { path: string; target: string },
): Promise<void> {
  const parts = file.path.split('/');
  const name = parts.pop() ?? '';
  await using stack = new AsyncDisposableStack();
  let folder = stack.use(await open(rootfs, FOLDER));
  for (const part of parts) {
    const at = `${pathOf(folder)}/${part}`;
    await mkdir(at).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    folder = stack.use(
      await open(at, FOLDER).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code !== 'ELOOP' && cause.code !== 'ENOTDIR') throw cause;
        const where = `/${parts.slice(0, parts.indexOf(part) + 1).join('/')}`;
        throw new AppError(
          'unavailable',
          `the image cannot be used: its ${where} is a link, and ${file.path} belongs in it`,
          {
            cause,
          },
        );
      }),
    );
  }
  const at = `${pathOf(folder)}/${name}`;
  await rm(at, { force: true });
  // Awaited here: the folders are held until the function ends, and no longer.
  if ('target' in file) return await symlink(file.target, at);
  await using made = await open(at, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, file.mode);
  await made.writeFile(file.text);
  // The mode of open goes through the umask.
  await made.chmod(file.mode);
}
