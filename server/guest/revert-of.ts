import type { PendingRevert } from './record.ts';
import { namesIn, patched, patchTo, type Settings, type SettingsPatch, without } from './settings.ts';

/**
 * What goes back by itself, and when, once a change is made: `seconds` for one that is on trial, together with what is on
 * trial already; a change without is kept, and what it sets goes back no more. Pure but for the clock.
 */
export function revertOf(
  pending: PendingRevert | null,
  change: { before: Settings; after: Settings; patch: SettingsPatch; seconds: number | undefined },
): Omit<PendingRevert, 'operation'> | null {
  const { before, after, patch, seconds } = change;
  if (seconds === undefined) {
    if (!pending) return null;
    const back = without(pending.back, new Set(namesIn(patch)));
    return namesIn(back).length === 0 ? null : { at: pending.at, back };
  }
  const back = patchTo(after, patched(before, pending?.back ?? {}));
  if (namesIn(back).length === 0) return null;
  return { at: new Date(Date.now() + seconds * 1000).toISOString(), back };
}
