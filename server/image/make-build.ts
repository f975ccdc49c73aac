import { execFile } from 'node:child_process';
import { chmod, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { childEnv } from '../child/child-env.ts';
import { newId } from '../db/new-id.ts';
import { failpoint } from '../failpoint/failpoint.ts';
import { buildDebian } from './build-debian.ts';
import { buildMini } from './build-mini.ts';
import type { CatalogueEntry } from './catalogue.ts';
import type { BuildContext, ImageBuilder } from './image-builder.ts';
import { assertRoom, folderOf, removeTree, sizeOf, unfinishedFolder } from './image-folder.ts';

const run = promisify(execFile);

const BUILDERS: Readonly<Record<string, ImageBuilder>> = {
  'berth/mini': buildMini,
  'debian/12': buildDebian,
};

/** What is on disk afterwards. */
export interface FinishedBuild {
  build: string;
  sizeBytes: number;
}

/**
 * Build into an unfinished folder, make it durable, give it its name: whoever sees the name sees all of it. On
 * failure, or when the signal aborts, nothing is left.
 */
export async function makeBuild(
  dataDir: string,
  entry: CatalogueEntry,
  context: Omit<BuildContext, 'rootfs'>,
): Promise<FinishedBuild> {
  const builder = BUILDERS[entry.name];
  if (!builder) throw new Error(`image ${entry.name} is in the catalogue but has no builder`);
  await assertRoom(dataDir, entry.name, entry.needsBytes);
  const build = newId();
  const unfinished = unfinishedFolder(dataDir, entry.name, build);
  const rootfs = join(unfinished, 'rootfs');
  try {
    await mkdir(rootfs, { recursive: true, mode: 0o711 });
    // Guests reach it only through a mount of their own; the host's users have nothing to look for in it.
    await chmod(unfinished, 0o700);
    await chmod(rootfs, 0o755);
    await failpoint('image.build.files', 'before');
    await builder({ ...context, rootfs });
    await failpoint('image.build.files', 'after');
    context.signal.throwIfAborted();
    await run('sync', ['--file-system', unfinished], { env: childEnv({ PATH: '/usr/bin:/bin' }) });
    const sizeBytes = await sizeOf(rootfs);
    await failpoint('image.build.name', 'before');
    await rename(unfinished, join(folderOf(dataDir, entry.name), build));
    await failpoint('image.build.name', 'after');
    context.progress(1);
    return { build, sizeBytes };
  } catch (error) {
    await removeTree(unfinished);
    throw error;
  }
}
