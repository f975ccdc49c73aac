import { unmountExactly } from '../../native/lib/unmount.ts';
import { inKernel } from './kernel-error.ts';

/** Unmount what is mounted at a path that leads through folders of a guest: follows no link, and unmounts nothing else. */
export function unmountFolder(path: string): Promise<void> {
  return inKernel('cannot unmount', () => unmountExactly(path));
}
