import { isAbsolute } from 'node:path';
import { native } from './addon.ts';
import { NativeError } from './native-error.ts';

/**
 * Make a folder that only root may enter, with `upper` (0755) and `work` (0700) of an overlay in it. Idempotent. Throws
 * NativeError, ENOENT where its parent is missing.
 */
export async function makeGuestFolder(path: string): Promise<void> {
  if (!isAbsolute(path) || path.includes('\0')) {
    throw new NativeError({ code: 'EINVAL', action: 'make a folder by its absolute path', path });
  }
  await native((addon) => addon.makeGuestFolder(path));
}
