import { may, reachOf } from './access/may.ts';
import type { RightsBook } from './access/rights-book.ts';
import type { GuestDirectory } from './console/services.ts';
import { AppError } from './errors/app-error.ts';
import { isPrivileged } from './guest/privileges.ts';
import { mayEnter, requireEntry } from './guest/require-entry.ts';
import type { GuestServices } from './guest/services.ts';
import { publishGuest } from './guest/view.ts';

/** What consoles may know of guests, and who may be in them: as the database says at the moment of each question. */
export function consoleDirectory(services: GuestServices, rights: RightsBook): GuestDirectory {
  const { guests } = services;
  return {
    find: async (ref) => {
      const { id, name, state, project } = guests.get(ref);
      return { id, name, state, project };
    },
    requireEntry: async (actor, ref) => {
      await requireEntry(services, actor, ref);
      const { id, name } = guests.get(ref);
      if (may(await rights.of(actor), 'console.watch', { guest: id })) return;
      throw new AppError('forbidden', `you may not look at the terminals of ${name}`, { field: ['guest'] });
    },
    isThere: (id) => guests.findAny(id) !== null,
    rightsOn: async (actor, id) => {
      const record = guests.findAny(id);
      if (!record) return null;
      const held = await rights.of(actor);
      const isOpen = await mayEnter(services, actor, record);
      return {
        mayWatch: isOpen && may(held, 'console.watch', { guest: id }),
        mayDrive: isOpen && may(held, 'console.use', { guest: id }),
      };
    },
    mayDrive: async (actor, ref) => {
      const { id } = guests.get(ref);
      return may(await rights.of(actor), 'console.use', { guest: id });
    },
    mayDriveAll: async (actor) => reachOf(await rights.of(actor), 'console.use') === 'everything',
    running: () =>
      guests
        .all()
        .filter(({ state }) => state === 'running' || state === 'frozen')
        .map(({ id }) => id),
    mayEnterAll: async (actor) =>
      (await isPrivileged(services, actor)) &&
      reachOf(await rights.of(actor), 'console.watch') === 'everything',
    recordingOf: (project) => services.projects.find(project)?.recording ?? null,
    mayManageProjects: async (actor) => reachOf(await rights.of(actor), 'project.manage') === 'everything',
    tellRecorded: (id, always) => {
      if (guests.alwaysRecorded.has(id) === always) return;
      if (always) guests.alwaysRecorded.add(id);
      else guests.alwaysRecorded.delete(id);
      publishGuest(services, id);
    },
  };
}
