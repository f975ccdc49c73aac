import { isAbsolute, normalize } from 'node:path';
import { native } from './addon.ts';
import { NativeError } from './native-error.ts';

/**
 * Remove a folder that a guest wrote in, however deep it is nested: follows no symbolic link and stays on its file
 * system (EXDEV where something is mounted in it). Idempotent.
 */
export async function removeTree(path: string): Promise<void> {
  if (!isAbsolute(path) || normalize(path) === '/' || path.includes('\0')) {
    throw new NativeError({ code: 'EINVAL', action: 'remove a folder by its absolute path', path });
  }
  await native((addon) => addon.removeTree(path));
}
