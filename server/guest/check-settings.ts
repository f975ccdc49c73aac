import { hostBounds } from '../host/host-bounds.ts';
import { checkLimits } from './limits.ts';
import type { GuestKind } from './schema.ts';
import type { GuestServices } from './services.ts';
import type { Settings, SettingsPatch } from './settings.ts';

/** A guest as it will be, with what of it is new. */
export interface ChangedGuest {
  kind: GuestKind;
  patch: SettingsPatch;
  settings: Settings;
}

/** Throws `bad_input` or `unsupported` on the setting's field for what this host cannot give, before anything is made. */
export async function checkSettings(_services: GuestServices, change: ChangedGuest): Promise<void> {
  checkLimits(change.patch.limits ?? {}, change.settings.limits, hostBounds());
}
