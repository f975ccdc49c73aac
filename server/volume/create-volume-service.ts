import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { AppError, type FieldPath } from '../errors/app-error.ts';
import { failpoint } from '../failpoint/failpoint.ts';
import { type BindMount, guestIsolation } from '../guest/isolation-schema.ts';
import { actorName } from '../operation/actor-name.ts';
import type { Actor, Platform } from '../platform.ts';
import { type VolumeView, volumeName } from './schema.ts';
import type { VolumeService } from './service.ts';
import { makeVolumeFolder, removeVolumeFolder, volumeFolder } from './volume-folder.ts';

type Services = Pick<Platform, 'db' | 'events' | 'instance'>;

const PREFIX = 'volume:';

/** What of a guest's stored settings tells which volumes it has, and which it has again when a change goes back. */
const storedMounts = z.object({ isolation: guestIsolation.pick({ mounts: true }) }).partial();
const storedConfig = storedMounts.extend({ revert: z.object({ back: storedMounts }).nullish() });

class Volumes implements VolumeService {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  async list(): Promise<VolumeView[]> {
    const [rows, users] = await Promise.all([
      this.#services.db.volume.findMany({ orderBy: { name: 'asc' } }),
      this.#users(),
    ]);
    return rows.map((row) => ({
      name: row.name,
      path: volumeFolder(this.#services.instance.dataDir, row.name),
      createdAt: row.createdAt.toISOString(),
      createdBy: row.createdBy,
      guests: (users.get(row.name) ?? []).flatMap(({ name, isTrashed }) => (isTrashed ? [] : [name])),
    }));
  }

  async create(actor: Actor, name: string): Promise<VolumeView> {
    const { db, events, instance } = this.#services;
    const taken = await db.volume.findUnique({ where: { name }, select: { name: true } });
    if (taken) {
      throw new AppError('name_taken', `there is a volume ${name} already: choose another name`, {
        field: ['volume'],
      });
    }
    await failpoint('volume.create.row', 'before');
    const row = await db.volume.create({ data: { name, createdBy: actorName(actor) } });
    await failpoint('volume.create.row', 'after');
    // What an earlier instance or a restored database left there is nobody's any more.
    await removeVolumeFolder(instance.dataDir, name);
    // Where a crash comes before it, the first guest that has it makes it.
    await failpoint('volume.create.files', 'before');
    await makeVolumeFolder(instance.dataDir, name);
    await failpoint('volume.create.files', 'after');
    const volume: VolumeView = {
      name,
      path: volumeFolder(instance.dataDir, name),
      createdAt: row.createdAt.toISOString(),
      createdBy: row.createdBy,
      guests: [],
    };
    events.publish({ type: 'volume.changed', volume });
    return volume;
  }

  async delete(name: string): Promise<void> {
    const { db, events, instance } = this.#services;
    await this.#find(name, ['volume'], 'not_found');
    const users = (await this.#users()).get(name) ?? [];
    const guests = users.map((one) => (one.isTrashed ? `${one.name} (in the trash)` : one.name));
    if (guests.length > 0) {
      const who = guests.length === 1 ? `guest ${guests[0]} has` : `guests ${guests.join(', ')} have`;
      throw new AppError(
        'illegal_state',
        `volume ${name} is in use: ${who} it mounted; remove the mount first`,
        {
          field: ['volume'],
        },
      );
    }
    // The row last: what could not be removed, because somebody still writes in it, can be tried again.
    await failpoint('volume.delete.files', 'before');
    await removeVolumeFolder(instance.dataDir, name);
    await failpoint('volume.delete.files', 'after');
    await failpoint('volume.delete.row', 'before');
    await db.volume.deleteMany({ where: { name } });
    await failpoint('volume.delete.row', 'after');
    events.publish({ type: 'volume.removed', name });
  }

  async resolve(mount: BindMount, field: FieldPath): Promise<BindMount> {
    if (!mount.source.startsWith(PREFIX)) {
      await assertSource(mount.source, field);
      return mount;
    }
    const name = mount.source.slice(PREFIX.length);
    await this.#find(name, field, 'bad_input');
    const { dataDir } = this.#services.instance;
    await makeVolumeFolder(dataDir, name);
    return { ...mount, source: volumeFolder(dataDir, name), idmap: true };
  }

  async drop(): Promise<void> {
    const { db, instance } = this.#services;
    for (const { name } of await db.volume.findMany({ select: { name: true } })) {
      await removeVolumeFolder(instance.dataDir, name);
      await db.volume.deleteMany({ where: { name } });
    }
  }

  async #find(name: string, field: FieldPath, code: 'not_found' | 'bad_input'): Promise<void> {
    const { db } = this.#services;
    const known = volumeName.safeParse(name).success
      ? await db.volume.findUnique({ where: { name }, select: { name: true } })
      : null;
    if (known) return;
    const make = `berth volume create ${name}`;
    throw new AppError(
      code,
      `there is no volume ${name}${code === 'bad_input' ? `: make it with ${make}` : ''}`,
      {
        field,
      },
    );
  }

  /** The guests that have each volume in their settings. */
  async #users(): Promise<Map<string, { name: string; isTrashed: boolean }[]>> {
    const rows = await this.#services.db.guest.findMany({
      select: { name: true, config: true, trashId: true },
      orderBy: { name: 'asc' },
    });
    const users = new Map<string, { name: string; isTrashed: boolean }[]>();
    for (const { name, config, trashId } of rows) {
      const stored = storedConfig.safeParse(config).data;
      const mounts = [stored, stored?.revert?.back].flatMap((one) => one?.isolation?.mounts ?? []);
      const sources = new Set(mounts.map(({ source }) => source));
      for (const source of sources) {
        if (!source.startsWith(PREFIX)) continue;
        const volume = source.slice(PREFIX.length);
        users.set(volume, [...(users.get(volume) ?? []), { name, isTrashed: trashId !== '' }]);
      }
    }
    return users;
  }
}

async function assertSource(source: string, field: FieldPath): Promise<void> {
  if (!source.startsWith('/')) {
    throw new AppError(
      'bad_input',
      `a mount's source is an absolute path of the host or volume:NAME, not ${source}`,
      {
        field,
      },
    );
  }
  const facts = await stat(source).catch(() => null);
  if (facts?.isDirectory() || facts?.isFile()) return;
  const why = facts === null ? 'is not there on this host' : 'is neither a folder nor a file';
  throw new AppError('bad_input', `${source} cannot be mounted: it ${why}`, { field });
}

/** Volumes of this instance. One per server. */
export function createVolumeService(services: Services): VolumeService {
  return new Volumes(services);
}
