import { hostBounds } from '../host/host-bounds.ts';
import { hostParts } from '../host/host-limits.ts';
import { checkKernelSettings, hostSettings } from './check-kernel-settings.ts';
import { checkLimits } from './check-limits.ts';
import { assertNamespaces } from './resolve-namespaces.ts';
import type { GuestKind } from './schema.ts';
import type { GuestServices } from './services.ts';
import type { Settings, SettingsPatch } from './settings.ts';

/** Settings as they will be. */
export interface ChangedSettings {
  /** null: it has none yet, nor do others know it. */
  name: string | null;
  kind: GuestKind;
  /** What of them is given now; the rest was checked when it was given. */
  patch: SettingsPatch;
  settings: Settings;
}

/** Throws `bad_input` or `unsupported` on the setting's field for what this host cannot give, before anything is made. */
export async function checkSettings(
  services: Pick<GuestServices, 'runtime' | 'volumes' | 'guests'>,
  { name, kind, patch, settings }: ChangedSettings,
): Promise<void> {
  const { runtime, volumes } = services;
  if (patch.limits) {
    const asked = { given: patch.limits, limits: settings.limits };
    checkLimits(asked, { bounds: hostBounds(), parts: hostParts() });
    await runtime.checkLimits(settings.limits);
  }
  const { isolation } = settings;
  const { namespaces, idMap } = patch.isolation ?? {};
  if (namespaces || idMap || patch.isolation?.privileged) {
    assertNamespaces(services, { name: name ?? '', kind, isolation });
  }
  if (patch.isolation?.mounts) {
    for (const [at, mount] of isolation.mounts.entries()) {
      await volumes.resolve(mount, ['isolation', 'mounts', at, 'source']);
    }
  }
  if (patch.isolation) checkKernelSettings(isolation, hostSettings());
  const { seccomp, capabilities, privileged, nesting } = patch.isolation ?? {};
  if (seccomp || capabilities || privileged !== undefined || nesting !== undefined) {
    await runtime.checkSeccomp({ kind, isolation });
  }
}
