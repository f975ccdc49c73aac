import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { may, projectsOf, type Rights } from '../access/may.ts';
import type { Db } from '../db/client.ts';
import { AppError, type FieldPath } from '../errors/app-error.ts';
import { failpoint } from '../failpoint/failpoint.ts';
import { type BindMount, guestIsolation } from '../guest/isolation-schema.ts';
import { actorName } from '../operation/actor-name.ts';
import type { Actor, Platform } from '../platform.ts';
import { DEFAULT_PROJECT } from '../project/schema.ts';
import { type VolumeView, volumeName } from './schema.ts';
import type { VolumeService } from './service.ts';
import { makeVolumeFolder, removeVolumeFolder, volumeFolder } from './volume-folder.ts';

type Services = Pick<Platform, 'db' | 'hosts' | 'events' | 'instance'>;

const PREFIX = 'volume:';

/** What of a guest's stored settings tells which volumes it has, and which it has again when a change goes back. */
const storedMounts = z.object({ isolation: guestIsolation.pick({ mounts: true }) }).partial();
const storedConfig = storedMounts.extend({ revert: z.object({ back: storedMounts }).nullish() });

type Row = Awaited<ReturnType<Db['volume']['findUniqueOrThrow']>>;
type Users = { id: string; name: string; isTrashed: boolean }[];
/** Who reads an event is judged when it is told (event/visible-events.ts). */
const EVERYTHING: Rights = { unlimited: true };

class Volumes implements VolumeService {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  /** Each host has its own. */
  #here(): { installationId: string };
  #here(name: string): { installationId: string; name: string };
  #here(name?: string) {
    const { own: installationId } = this.#services.hosts;
    return name === undefined ? { installationId } : { installationId, name };
  }

  async list(rights: Rights): Promise<VolumeView[]> {
    const reach = projectsOf(rights, 'volume.view');
    const within = reach === 'everything' ? {} : { project: { in: [...reach] } };
    const [rows, users] = await Promise.all([
      this.#services.db.volume.findMany({ where: { ...this.#here(), ...within }, orderBy: { name: 'asc' } }),
      this.#users(),
    ]);
    return rows.map((row) => this.#view(row, { users: users.get(row.name), rights }));
  }

  async create(
    actor: Actor,
    { volume: name, project = DEFAULT_PROJECT }: { volume: string; project?: string | undefined },
  ): Promise<VolumeView> {
    const { db, events, instance } = this.#services;
    await this.#requireProject(project);
    const taken = await db.volume.findFirst({ where: this.#here(name), select: { name: true } });
    if (taken) {
      throw new AppError('name_taken', `there is a volume ${name} already: choose another name`, {
        field: ['volume'],
      });
    }
    await failpoint('volume.create.row', 'before');
    const row = await db.volume.create({
      data: { ...this.#here(name), project, createdBy: actorName(actor) },
    });
    await failpoint('volume.create.row', 'after');
    // What an earlier instance or a restored database left there is nobody's any more.
    await removeVolumeFolder(instance.dataDir, name);
    // Where a crash comes before it, the first guest that has it makes it.
    await failpoint('volume.create.files', 'before');
    await makeVolumeFolder(instance.dataDir, name);
    await failpoint('volume.create.files', 'after');
    const volume = this.#view(row, { users: [], rights: EVERYTHING });
    events.publish({ type: 'volume.changed', volume });
    return volume;
  }

  async move(
    by: { actor: Actor; rights: Rights; requireRoom: (project: string) => Promise<void> },
    { volume: name, project }: { volume: string; project: string },
  ): Promise<VolumeView> {
    const { db, events } = this.#services;
    const { actor, rights } = by;
    if (!may(rights, 'volume.manage', { project })) {
      const who = actor.kind === 'user' ? actor.username : 'USER';
      throw new AppError(
        'forbidden',
        `you may not make volumes in project ${project} (volume.manage): root grants it by berth user grant ${who} ROLE --project ${project}`,
        { field: ['project'] },
      );
    }
    await this.#requireProject(project);
    const { project: from } = await this.#find(name, ['volume'], 'not_found');
    if (from !== project) await by.requireRoom(project);
    const { own: installationId } = this.#services.hosts;
    const one = { installationId_name: { installationId, name } };
    const row = await db.volume.update({ where: one, data: { project } });
    const users = (await this.#users()).get(name);
    // Who saw it in the former project alone sees it no more.
    if (from !== project) events.publish({ type: 'volume.removed', name, project: from });
    events.publish({ type: 'volume.changed', volume: this.#view(row, { users, rights: EVERYTHING }) });
    return this.#view(row, { users, rights });
  }

  async projectOf(name: string, installation = this.#services.hosts.own): Promise<string | null> {
    if (!volumeName.safeParse(name).success) return null;
    const named = { where: { installationId: installation, name }, select: { project: true } };
    return (await this.#services.db.volume.findFirst(named))?.project ?? null;
  }

  async foldersOf(project: string): Promise<string[]> {
    const { db, instance } = this.#services;
    const rows = await db.volume.findMany({ where: { ...this.#here(), project }, select: { name: true } });
    return rows.map(({ name }) => volumeFolder(instance.dataDir, name));
  }

  async delete(name: string, rights: Rights = EVERYTHING): Promise<void> {
    const { db, events, instance } = this.#services;
    const { project } = await this.#find(name, ['volume'], 'not_found');
    const users = (await this.#users()).get(name) ?? [];
    const seen = users.filter(({ id }) => may(rights, 'guest.view', { guest: id }));
    const hidden = users.length - seen.length;
    const guests = [
      ...seen.map((one) => (one.isTrashed ? `${one.name} (in the trash)` : one.name)),
      ...(hidden > 0 ? [`${hidden} that you may not see`] : []),
    ];
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
    await db.volume.deleteMany({ where: this.#here(name) });
    await failpoint('volume.delete.row', 'after');
    events.publish({ type: 'volume.removed', name, project });
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
    for (const { name } of await db.volume.findMany({
      where: this.#here(),
      select: { name: true },
    })) {
      await removeVolumeFolder(instance.dataDir, name);
      await db.volume.deleteMany({ where: this.#here(name) });
    }
  }

  async #requireProject(name: string): Promise<void> {
    const known = await this.#services.db.project.findUnique({ where: { name }, select: { name: true } });
    if (known) return;
    throw new AppError('not_found', `there is no project ${JSON.stringify(name)}: see berth project ls`, {
      field: ['project'],
    });
  }

  async #find(name: string, field: FieldPath, code: 'not_found' | 'bad_input'): Promise<{ project: string }> {
    const project = await this.projectOf(name);
    if (project !== null) return { project };
    const make = `berth volume create ${name}`;
    throw new AppError(
      code,
      `there is no volume ${name}${code === 'bad_input' ? `: make it with ${make}` : ''}`,
      {
        field,
      },
    );
  }

  #view(row: Row, { users = [], rights }: { users: Users | undefined; rights: Rights }): VolumeView {
    const { name, project, createdBy } = row;
    const all = users.filter(({ isTrashed }) => !isTrashed);
    const seen = all.filter(({ id }) => may(rights, 'guest.view', { guest: id }));
    return {
      ...{ name, project, createdBy, path: volumeFolder(this.#services.instance.dataDir, name) },
      createdAt: row.createdAt.toISOString(),
      guests: seen.map(({ id, name: guest }) => ({ id, name: guest })),
      hidden: all.length - seen.length,
    };
  }

  /** The guests that have each volume in their settings. */
  async #users(): Promise<Map<string, Users>> {
    // Of thousands of guests few have one: those that name none are not read.
    const rows = await this.#services.db.$queryRaw<
      { id: string; name: string; config: unknown; trashId: string }[]
    >`SELECT id, name, config, "trashId" FROM guest WHERE "installationId" = ${this.#services.hosts.own} AND config::text LIKE ${`%"${PREFIX}%`} ORDER BY name`;
    const users = new Map<string, Users>();
    for (const { id, name, config, trashId } of rows) {
      const stored = storedConfig.safeParse(config).data;
      const mounts = [stored, stored?.revert?.back].flatMap((one) => one?.isolation?.mounts ?? []);
      const sources = new Set(mounts.map(({ source }) => source));
      for (const source of sources) {
        if (!source.startsWith(PREFIX)) continue;
        const volume = source.slice(PREFIX.length);
        users.set(volume, [...(users.get(volume) ?? []), { id, name, isTrashed: trashId !== '' }]);
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
