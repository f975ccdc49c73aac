import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import { actionOf, type GuestAction, runOnGuest } from './action.ts';
import type { GuestRecord, PendingRevert } from './record.ts';
import type { GuestLimits } from './schema.ts';
import type { GuestServices } from './services.ts';
import { type Settings, settingsOf } from './settings.ts';
import { takeRoom } from './take-room.ts';

/** What the journal keeps of a change, enough to undo it at any time. */
export interface ConfigureInput {
  id: string;
  before: Settings;
  after: Settings;
  /** When what goes back by itself; null: nothing does. */
  revert: Omit<PendingRevert, 'operation'> | null;
  revertBefore: PendingRevert | null;
}

export interface ConfigureResult extends GuestAction {
  /** What the kernel says that it applies now; null when the guest does not run. */
  readBack: GuestLimits | null;
}

/**
 * Run a change that has been checked as an operation, and wait for it. Throws `over_quota`, `busy`, also when the guest is not any more as
 * it was checked, and what the kernel refused.
 */
export async function changeSettings(
  services: GuestServices,
  actor: Actor,
  change: { record: GuestRecord; after: Settings; revert: ConfigureInput['revert'] },
): Promise<ConfigureResult> {
  const { record, after, revert } = change;
  assertUnchanged(services, record);
  const claim = { project: record.project, guest: record, limits: after.limits };
  const release = await takeRoom(services, claim);
  const run = async () => {
    // In one turn with the start of the operation, which nothing passes.
    assertUnchanged(services, record);
    return runOnGuest<ConfigureInput>(services, 'guest.configure', {
      record,
      actor,
      input: { id: record.id, before: settingsOf(record), after, revert, revertBefore: record.revert },
      wait: true,
    });
  };
  const operation = await run().finally(release);
  const readBack = services.guests.readBack.get(operation.id) ?? null;
  services.guests.readBack.delete(operation.id);
  return { ...actionOf(services, record.id, operation), readBack };
}

/** What was changed while a change was being checked, it would overwrite unasked. */
function assertUnchanged({ guests }: Pick<GuestServices, 'guests'>, record: GuestRecord): void {
  const now = guests.get(record.id);
  if (
    isDeepStrictEqual(settingsOf(now), settingsOf(record)) &&
    isDeepStrictEqual(now.revert, record.revert) &&
    isDeepStrictEqual(now.run, record.run) &&
    now.project === record.project
  ) {
    return;
  }
  throw new AppError('busy', `guest ${now.name} has been changed by somebody else meanwhile: try again`);
}
