import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { GuestRecord } from '../../guest/record.ts';
import type { GuestServices } from '../../guest/services.ts';
import { folderOf } from '../../image/image-folder.ts';
import { makeVolumeFolder, volumeFolder } from '../../volume/volume-folder.ts';
import type { Check, Found } from '../check.ts';
import { keepAside } from '../keep-aside.ts';

/** What lies on this host and is nobody's, and what of somebody's is not there. */
export function checkRemnants(services: GuestServices): Check {
  return {
    what: 'folders and control groups of guests, volumes and images',
    async find() {
      return [...(await ofGuests(services)), ...(await ofVolumes(services)), ...(await ofImages(services))];
    },
  };
}

async function ofGuests(services: GuestServices): Promise<Found[]> {
  const { guests, operations, runtime } = services;
  const orphans = (await runtime.listRemnants()).filter(
    (id) => !guests.findAny(id) && !operations.current(id),
  );
  const running = new Set((await runtime.listRunning()).map(({ id }) => id));
  const known = guests.everyone().filter(({ id }) => !operations.current(id));
  return [
    ...orphans.map((id) => orphan(services, id)),
    ...known.flatMap((record) => partsOf(services, record, running.has(record.id))),
  ];
}

function orphan({ instance, runtime }: GuestServices, id: string): Found {
  const hasFiles = existsSync(join(instance.dataDir, 'guests', id));
  return {
    ...{
      kind: hasFiles ? 'folder' : 'run',
      subject: id,
      problem: 'it is left of a guest that is not in the inventory',
    },
    remedy: hasFiles ? 'move its files aside and remove the rest' : 'remove it',
    mend: async () => {
      if (hasFiles) await keepAside(instance.dataDir, 'guests', id);
      await runtime.cleanGuest(id);
    },
  };
}

/** What a guest of the inventory has too much of, or lacks. */
function partsOf({ images, instance, runtime }: GuestServices, record: GuestRecord, runs: boolean): Found[] {
  const { id, name, run, image, imageBuild, trash } = record;
  const { dataDir, runDir } = instance;
  const subject = trash ? `guest ${name} (${id}, in the trash)` : `guest ${name}`;
  const found: Found[] = [];
  if (run === null && !runs && existsSync(join(runDir, 'guests', id))) {
    found.push({
      ...{ kind: 'run', subject, problem: 'it does not run, and a run of it was not cleared away' },
      ...{ remedy: 'clear it away', mend: () => runtime.cleanGuest(id) },
    });
  }
  // Until its image is there, a guest has nothing.
  if (imageBuild === '') return found;
  const folder = join(dataDir, 'guests', id);
  const lacking = ['upper', 'work'].filter((part) => !existsSync(join(folder, part)));
  if (lacking.length > 0) {
    found.push({
      ...{
        kind: 'folder',
        subject,
        problem: `its folder ${folder} lacks ${lacking.join(' and ')}: files that it wrote are lost`,
      },
      remedy: run === null ? 'put it back from a back-up of your own; or make an empty one' : 'stop it first',
      ...(run === null && { mend: () => runtime.createGuestDir(id) }),
    });
  }
  if (!existsSync(images.rootOf(image, imageBuild))) {
    found.push({
      ...{
        kind: 'image',
        subject,
        problem: `the build of ${image} that it is made of is gone: it cannot start`,
      },
      remedy: `put ${folderOf(dataDir, image)} back, or build it (berth image build ${image}) and make the guest anew`,
    });
  }
  return found;
}

async function ofVolumes({ db, hosts, instance }: GuestServices): Promise<Found[]> {
  const { dataDir } = instance;
  const where = { installationId: hosts.own };
  const names = new Set(
    (await db.volume.findMany({ where, select: { name: true } })).map(({ name }) => name),
  );
  const folders = await readdir(join(dataDir, 'volumes')).catch(() => []);
  const gone = [...names].filter((name) => !existsSync(volumeFolder(dataDir, name)));
  return [
    ...gone.map(
      (name): Found => ({
        ...{
          kind: 'volume',
          subject: `volume ${name}`,
          problem: `its folder ${volumeFolder(dataDir, name)} is gone`,
        },
        remedy: 'put it back from a back-up of your own; or make an empty one',
        mend: () => makeVolumeFolder(dataDir, name),
      }),
    ),
    ...folders
      .filter((name) => !names.has(name))
      .map(
        (name): Found => ({
          ...{
            kind: 'volume',
            subject: volumeFolder(dataDir, name),
            problem: 'it is the folder of no volume',
          },
          remedy: 'move it aside',
          mend: () => keepAside(dataDir, 'volumes', name),
        }),
      ),
  ];
}

async function ofImages({ db, hosts, instance }: GuestServices): Promise<Found[]> {
  const rows = await db.image.findMany({
    where: { installationId: hosts.own, state: 'ready' },
    select: { name: true, build: true },
  });
  return rows
    .filter(({ name, build }) => !existsSync(join(folderOf(instance.dataDir, name), build, 'rootfs')))
    .map(({ name }) => ({
      ...{
        kind: 'image',
        subject: `image ${name}`,
        problem: 'its files are gone: no guest can be made of it',
      },
      remedy: `build it again: berth image build ${name}`,
    }));
}
