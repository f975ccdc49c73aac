import { join } from 'node:path';
import type { Platform } from '../platform.ts';
import { CATALOGUE } from './catalogue.ts';
import { folderOf, listBuilds, removeTree } from './image-folder.ts';
import { rowOf } from './image-row.ts';

/**
 * Make database and disk agree after a crash: unfinished builds and builds that nobody needs are removed, and an
 * image whose files somebody took away is absent. For a server that starts: no build is at work.
 */
export async function tidyBuilds({
  db,
  hosts,
  instance,
  log,
}: Pick<Platform, 'db' | 'hosts' | 'instance' | 'log'>): Promise<void> {
  for (const { name } of CATALOGUE) {
    const [row, guests, found] = await Promise.all([
      db.image.findUnique({ where: rowOf(hosts, name), select: { build: true, state: true } }),
      db.guest.findMany({
        where: { installationId: hosts.own, imageName: name },
        select: { imageBuild: true },
      }),
      listBuilds(instance.dataDir, name),
    ]);
    const used = new Set(guests.map((guest) => guest.imageBuild));
    if (row) used.add(row.build);
    const leavings = [...found.unfinished, ...found.whole.filter((build) => !used.has(build))];
    for (const leaving of leavings) {
      log.info(`removing a build of ${name} that nobody needs`, { folder: leaving });
      await removeTree(join(folderOf(instance.dataDir, name), leaving));
    }
    if (row?.state === 'ready' && !found.whole.includes(row.build)) {
      log.warn(`image ${name} is gone from the disk`, { build: row.build });
      await db.image.delete({ where: rowOf(hosts, name) });
    }
  }
}
