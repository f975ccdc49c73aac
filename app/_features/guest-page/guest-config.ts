import type { z } from 'zod';
import type { configureGuestInput, GuestView } from '../../../server/guest/schema.ts';
import { type GuestConfig, sameValue } from '../settings/index.ts';

export type ConfigureInput = Omit<z.infer<typeof configureGuestInput>, 'guest'>;

/** What of a guest can be changed while it exists, as it is now. */
export function configOf(guest: GuestView): GuestConfig {
  const { limits, isolation, init, command, stopTimeoutMs } = guest;
  return { limits, isolation, init, command, stopTimeoutMs };
}

/** Only what differs, as `guest.configure` takes it: limits one by one, isolation and init part by part. */
export function configureInput(before: GuestConfig, after: GuestConfig): ConfigureInput {
  const limits = differing(before.limits, after.limits);
  const isolation = differing(before.isolation, after.isolation);
  const init = differing(before.init, after.init);
  return {
    ...(limits && { limits }),
    ...(isolation && { isolation }),
    ...(init && { init }),
    ...(!sameValue(before.command, after.command) && { command: after.command }),
    ...(before.stopTimeoutMs !== after.stopTimeoutMs && { stopTimeoutMs: after.stopTimeoutMs }),
  };
}

/** The parts of `after` that are not as in `before`; null when all are. */
function differing<Section extends object>(before: Section, after: Section): Partial<Section> | null {
  const parts: Partial<Section> = {};
  for (const key of Object.keys(after) as (keyof Section)[]) {
    if (!sameValue(before[key], after[key])) parts[key] = after[key];
  }
  return Object.keys(parts).length > 0 ? parts : null;
}
