import { AppError } from '../errors/app-error.ts';
import { actorName } from '../operation/actor-name.ts';
import type { Actor } from '../platform.ts';
import type { RecordingsView, RecordingView } from '../recording/schema.ts';
import type { ConsoleServices } from './services.ts';

/**
 * Whether somebody may see what was in a terminal: who may look at its guest's, also while that is in the trash. Nobody can say any more who
 * could of one that is gone: its recordings are for who started them by a button, which took that right, and for who may enter every guest.
 * Who set a policy has started none.
 */
async function maySee(
  { guests }: ConsoleServices,
  actor: Actor,
  { guestId, isAlways, startedBy }: RecordingView,
): Promise<boolean> {
  const rights = await guests.rightsOn(actor, guestId);
  if (rights) return rights.mayWatch;
  return (!isAlways && startedBy === actorName(actor)) || (await guests.mayEnterAll(actor));
}

/** The recordings of a guest, or of all guests, that the actor may see; newest first. Throws `not_found`. */
export async function listRecordings(
  services: ConsoleServices,
  actor: Actor,
  input: { guest?: string },
): Promise<RecordingsView> {
  const guest = input.guest === undefined ? undefined : await services.guests.find(input.guest);
  const view = services.recordings.list(guest?.id);
  const recordings: RecordingView[] = [];
  const answers = new Map<string, boolean>();
  for (const one of view.recordings) {
    const key = `${one.guestId} ${one.isAlways} ${one.startedBy}`;
    const answer = answers.get(key) ?? (await maySee(services, actor, one));
    answers.set(key, answer);
    if (answer) recordings.push(one);
  }
  return { ...view, recordings };
}

/** One recording. Throws `not_found`, also for one that the actor may not see. */
export async function viewRecording(
  services: ConsoleServices,
  actor: Actor,
  input: { id: string },
): Promise<RecordingView> {
  const view = services.recordings.get(input.id);
  if (await maySee(services, actor, view)) return view;
  throw new AppError('not_found', `there is no recording ${input.id}`, { field: ['id'] });
}
