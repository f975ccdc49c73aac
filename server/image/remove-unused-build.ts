import { join } from 'node:path';
import type { Platform } from '../platform.ts';
import { folderOf, removeTree } from './image-folder.ts';
import { rowOf } from './image-row.ts';

/**
 * Remove a build that was replaced, unless guests are made of it: it goes with the last of them. A guest that is
 * being created and has no build yet may be about to take this one, unless nobody was told of it (`isUntold`: it failed).
 */
export async function removeUnusedBuild(
  { db, hosts, instance }: Pick<Platform, 'db' | 'hosts' | 'instance'>,
  { image, build, isUntold = false }: { image: string; build: string; isUntold?: boolean },
): Promise<void> {
  if (build === '') return;
  const row = await db.image.findUnique({ where: rowOf(hosts, image), select: { build: true } });
  if (row?.build === build) return;
  const takers = isUntold ? [build] : [build, ''];
  const made = { installationId: hosts.own, imageName: image };
  const users = await db.guest.count({ where: { ...made, imageBuild: { in: takers } } });
  if (users === 0) await removeTree(join(folderOf(instance.dataDir, image), build));
}
