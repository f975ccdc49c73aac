import { unlink } from 'node:fs/promises';

/** Remove a file that may not be there: one call, where rm(force) makes several. */
export async function forgetFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
