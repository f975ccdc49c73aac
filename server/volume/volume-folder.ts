import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { removeFolder } from '../runtime/remove-folder.ts';

/** `<data>/volumes/<name>`. Pure. */
export function volumeFolder(dataDir: string, name: string): string {
  return join(dataDir, 'volumes', name);
}

/** Only root of the host walks to it; inside it, guests see it as their root's. Idempotent. */
export async function makeVolumeFolder(dataDir: string, name: string): Promise<void> {
  const parent = join(dataDir, 'volumes');
  await mkdir(parent, { recursive: true });
  await chmod(parent, 0o700);
  const folder = volumeFolder(dataDir, name);
  await mkdir(folder, { recursive: true });
  // mkdir's mode is cut by the umask.
  await chmod(folder, 0o755);
}

/**
 * With everything in it. A guest that had it mounted may hold it still, as a program keeps the folder it works in: what it
 * swaps for a link meanwhile leads nowhere. Idempotent.
 */
export function removeVolumeFolder(dataDir: string, name: string): Promise<void> {
  return removeFolder(volumeFolder(dataDir, name));
}
