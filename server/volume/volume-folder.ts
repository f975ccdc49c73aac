import { chmod, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

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

/** With everything in it; links in it are removed, not followed. Idempotent. */
export async function removeVolumeFolder(dataDir: string, name: string): Promise<void> {
  await rm(volumeFolder(dataDir, name), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}
