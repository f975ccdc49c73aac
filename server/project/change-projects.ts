import type { z } from 'zod';
import { endSessionsOf } from '../auth/end-sessions.ts';
import { AppError } from '../errors/app-error.ts';
import type { GuestServices } from '../guest/services.ts';
import { actorName } from '../operation/actor-name.ts';
import type { Actor } from '../platform.ts';
import type { ProjectRecording } from '../recording/schema.ts';
import { changePeople } from '../user/change-people.ts';
import type { UserServices } from '../user/services.ts';
import { projectView } from './list-projects.ts';
import {
  type createProjectInput,
  DEFAULT_PROJECT,
  NO_QUOTAS,
  type ProjectView,
  type setProjectInput,
} from './schema.ts';

/** Make a project without guests. Throws `name_taken` on field `name`. */
export async function createProject(
  services: GuestServices,
  actor: Actor,
  input: z.output<typeof createProjectInput>,
): Promise<ProjectView> {
  const { projects, events } = services;
  const { name, about } = input;
  const quotas = { ...NO_QUOTAS, ...input.quotas };
  await projects.insert({
    ...{ name, about, quotas, fields: input.fields ?? [] },
    recording: recordingOf(null, input.recording ?? null, actor),
    ...{ createdAt: new Date().toISOString(), createdBy: actorName(actor) },
  });
  events.publish({ type: 'projects.changed' });
  return projectView(services, projects.get(name));
}

/**
 * Change what a project is for, its fields, its quotas and whether its guests' terminals are always recorded: below what is in use nothing
 * is taken away, but nothing more is given. Terminals that are open follow (console/adopt-recordings.ts). Throws `not_found`.
 */
export async function setProject(
  services: GuestServices,
  actor: Actor,
  input: z.output<typeof setProjectInput>,
): Promise<ProjectView> {
  const { projects, events } = services;
  const { about, quotas, fields, recording } = input;
  const before = projects.get(input.project).recording;
  const after = await projects.update(input.project, {
    ...(about !== undefined && { about }),
    ...(quotas && { quotas: definedOf(quotas) }),
    ...(fields && { fields }),
    ...(recording !== undefined && { recording: recordingOf(before, recording, actor) }),
  });
  events.publish({ type: 'projects.changed' });
  return projectView(services, after);
}

/**
 * Delete a project that has no guests and no volumes, with the roles for it; who had one is signed out. Throws `not_found`, `illegal_state` for the
 * default project and for one with guests or volumes.
 */
export async function deleteProject(
  services: GuestServices & { users: UserServices },
  actor: Actor,
  input: { project: string },
): Promise<{ project: string }> {
  const { guests, projects, users, events, db } = services;
  const { project } = input;
  projects.get(project);
  if (project === DEFAULT_PROJECT)
    throw refusal('the default project is always there: guests that nobody gives another one are in it');
  const inIt = guests.everyoneEverywhere().filter((guest) => guest.project === project);
  const coming = [...guests.claims.values()].filter((claim) => claim.project === project);
  const [first] = [...inIt, ...coming.map(({ guest }) => guest)];
  if (first && 'trash' in first && first.trash)
    throw refusal(
      `${first.name} is in the trash and of project ${project}: empty that first (berth trash empty --project ${project})`,
    );
  if (first)
    throw refusal(`${first.name} is in project ${project}: move it with berth guest move, or delete it`);
  // On whatever host.
  const volume = await db.volume.findFirst({ where: { project }, select: { name: true } });
  if (volume)
    throw refusal(
      `volume ${volume.name} is of project ${project}: move it with berth volume move, or delete it`,
    );
  await projects.remove(project, () =>
    changePeople(users, { actor }, async ({ tx }) => {
      await endSessionsOf(tx, { grants: { some: { project } } });
      await tx.project.delete({ where: { name: project }, select: { name: true } });
    }),
  );
  events.publish({ type: 'projects.changed' });
  return { project };
}

function refusal(message: string): AppError {
  return new AppError('illegal_state', message, { field: ['project'] });
}

/** How a project says it from now on; what was not said stays. Who has set what stays the same still has set it. */
function recordingOf(
  before: ProjectRecording | null,
  change: (z.output<typeof setProjectInput>['recording'] & {}) | null,
  actor: Actor,
): ProjectRecording | null {
  if (change === null) return null;
  const { input = false, mostBytes = null, keepDays = null } = { ...before, ...definedOf(change) };
  const isSame = before?.input === input && before.mostBytes === mostBytes && before.keepDays === keepDays;
  if (isSame) return before;
  return { input, mostBytes, keepDays, setBy: actorName(actor), setAt: new Date().toISOString() };
}

/** Without what is left out: null takes it away. */
function definedOf<Part extends object>(part: Part): Part {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as Part;
}
