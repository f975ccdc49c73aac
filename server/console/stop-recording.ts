import { AppError } from '../errors/app-error.ts';
import { actorName } from '../operation/actor-name.ts';
import type { Actor } from '../platform.ts';
import type { RecordingView } from '../recording/schema.ts';
import { recordIfAlways } from './always-record.ts';
import { appliedPolicy } from './applied-policy.ts';
import { viewRecording } from './list-recordings.ts';
import type { ConsoleServices } from './services.ts';

/** One that the actor may see and, while its guest is there, also in the trash, type in. Throws `not_found` and `forbidden`. */
async function requireOwn(
  services: ConsoleServices,
  actor: Actor,
  input: { id: string },
): Promise<RecordingView> {
  const view = await viewRecording(services, actor, input);
  const rights = await services.guests.rightsOn(actor, view.guestId);
  if (rights?.mayDrive !== false) return view;
  throw new AppError('forbidden', `you may watch the terminals of ${view.guest}, and no more`, {
    field: ['id'],
  });
}

/** End a recording. Throws `not_found`, `forbidden`, and `illegal_state` for one of a guest that is always recorded. */
export async function stopRecording(
  services: ConsoleServices,
  actor: Actor,
  input: { id: string },
): Promise<RecordingView> {
  const view = await requireOwn(services, actor, input);
  if (view.isAlways && view.endedAt === null) await refuseByPolicy(services, view);
  const after = await services.recordings.finish(view.id, 'stopped', actorName(actor));
  // One by a button ends; what a policy wants goes on.
  const { guestId, session } = view;
  await recordIfAlways(services, session === null ? { guest: guestId } : { session });
  return after;
}

/** Throws `illegal_state`, saying whose policy it is and who changes it. */
async function refuseByPolicy(services: ConsoleServices, view: RecordingView): Promise<void> {
  const guest = await services.guests.find(view.guestId).catch(() => null);
  const policy = guest && appliedPolicy(services, guest);
  if (!policy) return;
  const { project, startedBy: setBy } = policy;
  if (project !== null) {
    throw new AppError(
      'illegal_state',
      `${view.guest} is always recorded by the policy of project ${project}, as ${setBy} has set it: who may manage projects (project.manage) changes that under Projects`,
    );
  }
  const { everywhere } = services.recordings.policies.of(view.guestId);
  const [what, where] = everywhere ? ['every guest', 'Recordings'] : [view.guest, 'its recordings'];
  const message = `${what} is always recorded, as ${setBy} has set it: turn that off under ${where}`;
  throw new AppError('illegal_state', message);
}

/**
 * Delete a recording for good; one that a project's policy made goes when its days are over, or by who may manage projects. Throws
 * `not_found`, `forbidden`, and `busy` while it goes on.
 */
export async function deleteRecording(
  services: ConsoleServices,
  actor: Actor,
  input: { id: string },
): Promise<{ id: string }> {
  const view = await requireOwn(services, actor, input);
  if (view.project !== null && !(await services.guests.mayManageProjects(actor))) {
    throw new AppError(
      'forbidden',
      `this recording is kept by the policy of project ${view.project}: who may manage projects (project.manage) deletes it before its days are over`,
      { field: ['id'] },
    );
  }
  await services.recordings.remove(view.id);
  services.platform.log.info('a recording is deleted', { recording: view.id, by: actorName(actor) });
  return { id: view.id };
}
