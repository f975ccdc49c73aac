import { removeTree } from '../../native/lib/remove-tree.ts';
import { inKernel } from './kernel-error.ts';

/**
 * Remove a folder that guests wrote in, and may still: follows no link, whatever is swapped for one meanwhile, and leaves
 * what is mounted in it. Idempotent.
 */
export function removeFolder(path: string): Promise<void> {
  return inKernel('cannot remove a folder', () => removeTree(path));
}
