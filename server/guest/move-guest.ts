import { may, type Rights } from '../access/may.ts';
import { AppError } from '../errors/app-error.ts';
import { actorName } from '../operation/actor-name.ts';
import type { Actor } from '../platform.ts';
import { requireDisk } from './disk-use.ts';
import { requireMovable } from './require-movable.ts';
import type { GuestView } from './schema.ts';
import type { GuestServices } from './services.ts';
import { patched, settingsOf } from './settings.ts';
import { takeRoom } from './take-room.ts';
import { publishGuest, viewOf } from './view.ts';

/**
 * Put a guest into another project: for who may change it and make guests there, and may do with it all that roles of that project
 * allow. Roles for the guest itself stay. Throws
 * `forbidden`, the same for a project that is somebody else's and one that is not there; `over_quota`; `busy`.
 */
export async function moveGuest(
  services: GuestServices,
  by: { actor: Actor; rights: Rights },
  input: { guest: string; project: string },
): Promise<GuestView> {
  const { guests, operations } = services;
  const { project } = input;
  const { id } = guests.get(input.guest);
  await judgeMove(services, by, { id, project });
  await requireDisk(services, project);
  const record = guests.get(id);
  if (record.project === project) return viewOf(services, record);
  if (operations.current(id))
    throw new AppError('busy', `guest ${record.name} is being worked on at the moment: try again`);
  const { lease, revert } = record;
  const claim = { project, guest: { id, lease, name: record.name }, limits: record.limits };
  const back = revert ? patched(settingsOf(record), revert.back).limits : undefined;
  const release = await takeRoom(services, back ? { ...claim, back } : claim);
  try {
    const from = guests.get(id).project;
    await guests.update(id, { project });
    services.events.publish({ type: 'guest.left', id, name: record.name, from: [{ project: from }] });
    publishGuest(services, id, { by: actorName(by.actor), what: ['project'] });
  } finally {
    release();
  }
  return viewOf(services, guests.get(id));
}

/** Throws `forbidden` unless the guest may be brought into the project by who asks. Nothing is moved. */
export async function judgeMove(
  services: GuestServices,
  by: { actor: Actor; rights: Rights },
  { id, project }: { id: string; project: string },
): Promise<void> {
  const { guests, projects } = services;
  if (!may(by.rights, 'guest.create', { project })) {
    const who = by.actor.kind === 'user' ? by.actor.username : 'USER';
    throw new AppError(
      'forbidden',
      `you may not make guests in project ${project} (guest.create): root grants it by berth user grant ${who} ROLE --project ${project}`,
      { field: ['project'] },
    );
  }
  projects.get(project);
  if (guests.get(id).project !== project) await requireMovable(services, by.actor, { id, project });
}
