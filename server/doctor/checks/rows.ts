import { AppError } from '../../errors/app-error.ts';
import { forgetGuest } from '../../guest/forget-guest.ts';
import type { GuestServices } from '../../guest/services.ts';
import { CATALOGUE } from '../../image/catalogue.ts';
import { listBuilds } from '../../image/image-folder.ts';
import { tidyBuilds } from '../../image/tidy-builds.ts';
import type { Check, Found } from '../check.ts';

const WITH_BUILDS = ['image.build', 'image.delete', 'guest.create'];

/** What the database says is at work or half made while nothing is at work on it, and builds of images that nobody uses. */
export function checkRows(services: GuestServices): Check {
  return {
    what: 'half-made guests, operations and images',
    async find() {
      const { db, hosts } = services;
      const rows = await db.operation.findMany({
        where: { installationId: hosts.own, status: 'running' },
        select: { id: true, kind: true, subjectId: true, subjectName: true },
      });
      return [
        ...rows.flatMap((row) => stuck(services, row)),
        ...halfMade(services),
        // One that is at work has builds that nobody uses yet.
        ...(rows.some(({ kind }) => WITH_BUILDS.includes(kind)) ? [] : await unusedBuilds(services)),
      ];
    },
  };
}

function stuck(
  { operations }: GuestServices,
  row: { id: string; kind: string; subjectId: string; subjectName: string },
): Found[] {
  if (operations.current(row.subjectId)) return [];
  return [
    {
      ...{ kind: 'database', subject: `operation ${row.id}` },
      problem: `${row.kind} of ${row.subjectName} is written down as at work, and nothing works on it`,
      remedy: 'restart the server, which finishes or undoes it (guests run on)',
    },
  ];
}

function halfMade(services: GuestServices): Found[] {
  const { guests, operations, runtime } = services;
  return guests
    .all()
    .filter(({ id, state }) => (state === 'creating' || state === 'deleting') && !operations.current(id))
    .map(({ id, name, state }) => ({
      ...{ kind: 'database', subject: `guest ${name}`, problem: `it was left half made (${state})` },
      remedy: 'remove it',
      mend: async () => {
        await runtime.cleanGuest(id);
        await runtime.removeGuestDir(id);
        await forgetGuest(services, id);
      },
    }));
}

async function unusedBuilds(services: GuestServices): Promise<Found[]> {
  const { db, hosts, instance } = services;
  const here = { installationId: hosts.own };
  const [images, guests] = await Promise.all([
    db.image.findMany({ where: here, select: { name: true, build: true } }),
    db.guest.findMany({ where: here, select: { imageName: true, imageBuild: true } }),
  ]);
  const used = new Set([
    ...images.map(({ name, build }) => `${name} ${build}`),
    ...guests.map(({ imageName, imageBuild }) => `${imageName} ${imageBuild}`),
  ]);
  const found: Found[] = [];
  for (const { name } of CATALOGUE) {
    const { whole, unfinished } = await listBuilds(instance.dataDir, name);
    const unneeded = [...unfinished, ...whole.filter((build) => !used.has(`${name} ${build}`))];
    if (unneeded.length === 0) continue;
    found.push({
      ...{ kind: 'image', subject: `image ${name}` },
      problem: `nobody uses its ${unneeded.length === 1 ? 'build' : 'builds'} ${unneeded.join(', ')}`,
      ...{ remedy: 'remove what nobody uses', mend: () => tidy(services) },
    });
  }
  return found;
}

/** What began since somebody looked has builds that nobody uses yet. */
async function tidy(services: GuestServices): Promise<void> {
  const atWork = await services.db.operation.count({
    where: { installationId: services.hosts.own, status: 'running', kind: { in: WITH_BUILDS } },
  });
  if (atWork > 0)
    throw new AppError('busy', 'an image is being built or removed: try again when that has ended');
  await tidyBuilds(services);
}
