import { native } from './addon.ts';

/**
 * Close a descriptor of this process in whatever it starts from now on (FD_CLOEXEC, fcntl(2)). It is done before this returns.
 * Rejects with NativeError EBADF.
 */
export function keepFromPrograms(descriptor: number): Promise<void> {
  return native(async (addon) => addon.keepFromPrograms(descriptor));
}
