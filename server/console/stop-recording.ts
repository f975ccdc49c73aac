import { AppError } from '../errors/app-error.ts';
import { actorName } from '../operation/actor-name.ts';
import type { Actor } from '../platform.ts';
import type { RecordingView } from '../recording/schema.ts';
import { viewRecording } from './list-recordings.ts';
import { requireDriver } from './require-driver.ts';
import type { ConsoleServices } from './services.ts';

/** One that the actor may see and, while its guest is there, type in. Throws `not_found` and `forbidden`. */
async function requireOwn(
  services: ConsoleServices,
  actor: Actor,
  input: { id: string },
): Promise<RecordingView> {
  const view = await viewRecording(services, actor, input);
  try {
    await requireDriver(services, actor, view.guestId);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'not_found') throw error;
  }
  return view;
}

/** End a recording. Throws `not_found`, `forbidden`, and `illegal_state` for one of a guest that is always recorded. */
export async function stopRecording(
  services: ConsoleServices,
  actor: Actor,
  input: { id: string },
): Promise<RecordingView> {
  const view = await requireOwn(services, actor, input);
  const { always, everywhere, setBy } = services.recordings.policies.of(view.guestId);
  if (view.isAlways && always) {
    const [what, where] = everywhere ? ['every guest', 'Recordings'] : [view.guest, 'its recordings'];
    const message = `${what} is always recorded, as ${setBy} has set it: turn that off under ${where}`;
    throw new AppError('illegal_state', message);
  }
  return services.recordings.finish(view.id, 'stopped', actorName(actor));
}

/** Delete a recording for good. Throws `not_found`, `forbidden`, and `busy` while it goes on. */
export async function deleteRecording(
  services: ConsoleServices,
  actor: Actor,
  input: { id: string },
): Promise<{ id: string }> {
  const view = await requireOwn(services, actor, input);
  await services.recordings.remove(view.id);
  services.platform.log.info('a recording is deleted', { recording: view.id, by: actorName(actor) });
  return { id: view.id };
}
