import { chmod, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Make a guest's own folder with what its overlay needs. Only root may look in; `upper` is what the guest sees as its
 * root and has that one's mode. Idempotent.
 */
export async function createGuestDir(path: string): Promise<string> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  for (const [name, mode] of [
    ['upper', 0o755],
    ['work', 0o700],
  ] as const) {
    const folder = join(path, name);
    await mkdir(folder, { recursive: true });
    // mkdir's mode is cut by the umask.
    await chmod(folder, mode);
  }
  return path;
}

/** The names in a folder; none when it is not there. */
export async function namesIn(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
