import { isAbsolute } from 'node:path';
import { native } from './addon.ts';
import { NativeError } from './native-error.ts';

/**
 * Unmount what is mounted at a path of the host that leads through folders which a guest writes in: no link on the way is followed
 * (NativeError `ELOOP`), and nothing else is unmounted. `EINVAL`: nothing is mounted there.
 */
export async function unmountExactly(path: string): Promise<void> {
  if (!isAbsolute(path) || path.includes('\0')) {
    throw new NativeError({ code: 'EINVAL', action: 'unmount by an absolute path', path });
  }
  await native((addon) => addon.unmountExactly(path));
}
