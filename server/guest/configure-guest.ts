import type { z } from 'zod';
import type { Actor } from '../platform.ts';
import { guestFor } from './action.ts';
import { type ConfigureResult, changeSettings } from './change-settings.ts';
import { checkSettings } from './check-settings.ts';
import { judgeChange } from './judge-change.ts';
import type { GuestRecord } from './record.ts';
import { revertOf } from './revert-of.ts';
import type { configureGuestInput } from './schema.ts';
import type { GuestServices } from './services.ts';
import { patched, settingsOf } from './settings.ts';

/**
 * Change a guest's settings. A running guest has limits, devices and mounts at once; the rest counts from its next start
 * on (GuestView.pendingRestart) and the stop time from its next stop. Throws `bad_input` and `forbidden` on the setting's
 * field; what the kernel refuses is undone, all of it.
 *
 * With `revertAfterSeconds` the change goes back by itself unless `keepChange` is called. A change meanwhile with
 * `revertAfterSeconds` joins it, with the new time for both; one without is kept, and what it sets does not go back.
 *
 * A guest that waits for memory goes on when it is given more.
 */
export async function configureGuest(
  services: GuestServices,
  actor: Actor,
  input: z.infer<typeof configureGuestInput>,
): Promise<ConfigureResult> {
  const record = guestFor(services, 'configure', input.guest);
  const { limits, isolation, init, stopTimeoutMs } = input;
  const command = await commandOf(services, record, input.command);
  const patch = { limits, isolation, init, command, stopTimeoutMs };
  const before = settingsOf(record);
  const after = patched(before, patch);
  const revert = revertOf(record.revert, { before, after, patch, seconds: input.revertAfterSeconds });
  await judgeChange(services, actor, record, { after, revert });
  await checkSettings(services, { name: record.name, kind: record.kind, patch, settings: after });
  const result = await changeSettings(services, actor, { record, after, revert });
  // Who stands still since its memory is full was waiting for just this.
  if (after.limits.memory > before.limits.memory && services.guests.waitingForMemory.has(record.id))
    await services.runtime.decideMemory(record.id, 'go-on');
  return result;
}

/** argv of init; an empty one is the image's own. */
async function commandOf(
  services: GuestServices,
  record: GuestRecord,
  asked: readonly string[] | undefined,
): Promise<string[] | undefined> {
  if (asked === undefined) return undefined;
  if (asked.length > 0) return [...asked];
  const image = await services.images.resolve(record.image);
  const own = image.command[record.kind];
  return own.length > 0 ? [...own] : record.command;
}
