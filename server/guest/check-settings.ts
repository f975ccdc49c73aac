import { hostBounds } from '../host/host-bounds.ts';
import { checkLimits } from './limits.ts';
import type { GuestKind, GuestLimits } from './schema.ts';
import type { GuestServices } from './services.ts';
import type { Settings, SettingsPatch } from './settings.ts';

/** Settings as they will be. */
export interface ChangedSettings {
  kind: GuestKind;
  /** What of them is given now; the rest was checked when it was given. */
  patch: SettingsPatch;
  settings: Settings;
}

/** Throws `bad_input` or `unsupported` on the setting's field for what this host cannot give, before anything is made. */
export async function checkSettings(
  { runtime, volumes }: Pick<GuestServices, 'runtime' | 'volumes'>,
  { kind, patch, settings }: ChangedSettings,
): Promise<void> {
  const given: Partial<GuestLimits> = patch.limits ?? {};
  checkLimits(given, settings.limits, hostBounds());
  const { isolation } = settings;
  if (patch.isolation?.mounts) {
    for (const [at, mount] of isolation.mounts.entries()) {
      await volumes.resolve(mount, ['isolation', 'mounts', at, 'source']);
    }
  }
  const { seccomp, capabilities, privileged, nesting } = patch.isolation ?? {};
  if (seccomp || capabilities || privileged !== undefined || nesting !== undefined) {
    await runtime.checkSeccomp({ kind, isolation });
  }
}
