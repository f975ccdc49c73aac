import { isDeepStrictEqual } from 'node:util';
import { failpoint } from '../failpoint/failpoint.ts';
import type { BindMount } from './isolation-schema.ts';
import type { GuestRecord } from './record.ts';
import type { GuestLimits } from './schema.ts';
import type { GuestServices } from './services.ts';
import { type Settings, settingsOf } from './settings.ts';

/**
 * Give a guest other settings: a running one has limits, devices and mounts at once, everything else counts from its
 * next start on. Resolves to the limits that the kernel reads back; null when it does not run. When a part is refused,
 * those before it are taken back, last first, and nothing is written down.
 */
export async function applySettings(
  services: GuestServices,
  id: string,
  change: { from: Settings; to: Settings; revert?: GuestRecord['revert'] },
): Promise<GuestLimits | null> {
  const { guests, runtime } = services;
  const { from, to } = change;
  const { state } = guests.get(id);
  const running = state === 'running' || state === 'frozen';
  const undo: (() => Promise<unknown>)[] = [];
  try {
    let readBack: GuestLimits | null = null;
    if (running) {
      undo.push(() => runtime.setLimits(id, from.limits));
      await failpoint('guest.settings.kernel', 'before');
      readBack = await runtime.setLimits(id, to.limits);
      await plugAll(services, id, { from, to, undo });
      await failpoint('guest.settings.kernel', 'after');
    }
    const revert = change.revert === undefined ? {} : { revert: change.revert };
    await guests.update(id, { ...settingsOf(to), ...revert });
    return readBack;
  } catch (error) {
    for (const step of undo.toReversed()) {
      await step().catch((failure: unknown) => {
        services.log.error('a change of a guest cannot be taken back', { guest: id, error: failure });
      });
    }
    throw error;
  }
}

/** Out with what goes first, then in with what comes: a target may be given to another source. */
async function plugAll(
  { runtime, volumes }: GuestServices,
  id: string,
  { from, to, undo }: { from: Settings; to: Settings; undo: (() => Promise<unknown>)[] },
): Promise<void> {
  const devices = difference(from.isolation.devices, to.isolation.devices);
  const mounts = difference(from.isolation.mounts, to.isolation.mounts);
  const resolve = (mount: BindMount) => volumes.resolve(mount, ['isolation', 'mounts']);
  for (const mount of mounts.gone.toReversed()) {
    undo.push(async () => runtime.addMount(id, await resolve(mount)));
    // It goes by its target: that its source may be gone meanwhile must not keep it.
    await runtime.removeMount(id, await resolve(mount).catch(() => mount));
  }
  for (const device of devices.gone.toReversed()) {
    undo.push(() => runtime.plugDevice(id, device));
    await runtime.unplugDevice(id, device);
  }
  for (const device of devices.come) {
    undo.push(() => runtime.unplugDevice(id, device));
    await runtime.plugDevice(id, device);
  }
  for (const mount of mounts.come) {
    undo.push(() => runtime.removeMount(id, mount));
    await runtime.addMount(id, await resolve(mount));
  }
}

function difference<Item>(from: readonly Item[], to: readonly Item[]): { gone: Item[]; come: Item[] } {
  const missing = (list: readonly Item[], other: readonly Item[]) =>
    list.filter((one) => !other.some((same) => isDeepStrictEqual(one, same)));
  return { gone: missing(from, to), come: missing(to, from) };
}
