import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** Move `<data>/<kind>/<name>` to `<data>/kept-TIME/<kind>/<name>`: what nobody knows may be somebody's all the same. */
export async function keepAside(dataDir: string, kind: string, name: string): Promise<string> {
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const folder = join(dataDir, `kept-${stamp}`, kind);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const to = join(folder, name);
  await rename(join(dataDir, kind, name), to);
  return to;
}
