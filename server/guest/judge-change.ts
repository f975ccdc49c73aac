import { isDeepStrictEqual } from 'node:util';
import type { Actor } from '../platform.ts';
import { ownRange } from './own-range.ts';
import { isolationInForce } from './pending-restart.ts';
import {
  hasHostsRoot,
  isPrivileged,
  type OwnRange,
  type PrivilegedSetting,
  privilegedSettings,
  requirePrivilege,
} from './privileges.ts';
import type { GuestRecord, PendingRevert } from './record.ts';
import type { GuestServices } from './services.ts';
import { patched, type Settings, settingsOf } from './settings.ts';
import { requireVolumeRight } from './volume-right.ts';

/** Settings as they will be, and what of them goes back by itself. */
interface Change {
  after: Settings;
  revert: Pick<PendingRevert, 'back'> | null;
}

/**
 * Throws `forbidden` unless the actor may make a change: what the guest has then, and also what it will have when all that
 * is on trial went back, which nobody asks about any more.
 */
export async function judgeChange(
  services: Pick<GuestServices, 'db' | 'instance' | 'volumes'>,
  actor: Actor,
  record: GuestRecord,
  change: Change,
): Promise<void> {
  const own = ownRange(services, record);
  const inForce = record.run ? isolationInForce(record) : null;
  const before = settingsOf(record);
  const settings: PrivilegedSetting[] = [
    ...privilegedSettings(before, change.after, own, inForce),
    ...privilegedSettings(gone(before, record.revert), gone(change.after, change.revert), own),
    ...returnToHostsRoot(record, change, own),
  ];
  requirePrivilege({ actor, privileged: await isPrivileged(services, actor) }, settings);
  await requireVolumeRight(services, actor, before, change.after);
}

/** Whether a guest will have ids of the host beyond its own when what is on trial went back. Pure. */
export function willHaveHostsRoot(record: GuestRecord, own: OwnRange): boolean {
  return hasHostsRoot(gone(settingsOf(record), record.revert).isolation, own);
}

/** Who may enter it meanwhile would say by its files what runs as root of the host afterwards. */
function returnToHostsRoot(record: GuestRecord, change: Change, own: OwnRange): PrivilegedSetting[] {
  const { after, revert } = change;
  if (isDeepStrictEqual(revert?.back, record.revert?.back)) return [];
  if (hasHostsRoot(after.isolation, own) || !hasHostsRoot(gone(after, revert).isolation, own)) return [];
  return [{ field: ['revertAfterSeconds'], what: 'that a guest becomes privileged again by itself' }];
}

function gone(settings: Settings, revert: Change['revert']): Settings {
  return patched(settings, revert?.back ?? {});
}
