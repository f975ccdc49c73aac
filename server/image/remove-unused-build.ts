import { join } from 'node:path';
import type { Platform } from '../platform.ts';
import { folderOf, removeTree } from './image-folder.ts';

/**
 * Remove a build that was replaced, unless guests are made of it: it goes with the last of them. A guest that is
 * being created and has no build yet may be about to take this one.
 */
export async function removeUnusedBuild(
  { db, instance }: Pick<Platform, 'db' | 'instance'>,
  { image, build }: { image: string; build: string },
): Promise<void> {
  if (build === '') return;
  const row = await db.image.findUnique({ where: { name: image }, select: { build: true } });
  if (row?.build === build) return;
  const users = await db.guest.count({ where: { imageName: image, imageBuild: { in: [build, ''] } } });
  if (users === 0) await removeTree(join(folderOf(instance.dataDir, image), build));
}
