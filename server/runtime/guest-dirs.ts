import { mkdir, readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeGuestFolder } from '../../native/lib/make-guest-folder.ts';

/**
 * Make a guest's own folder with what its overlay needs. Only root may look in; `upper` is what the guest sees as its
 * root and has that one's mode. Idempotent.
 */
export async function createGuestDir(path: string): Promise<string> {
  try {
    await makeGuestFolder(path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await makeGuestFolder(path);
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
