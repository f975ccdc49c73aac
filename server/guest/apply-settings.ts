import { isDeepStrictEqual } from 'node:util';
import type { RuntimePort } from '../runtime/port.ts';
import type { GuestRecord } from './record.ts';
import type { GuestLimits } from './schema.ts';
import type { GuestServices } from './services.ts';
import { type Settings, settingsOf } from './settings.ts';

/** What plugging needs: the runtime takes mounts and devices as they are configured. */
type Plugging = Pick<RuntimePort, 'plugDevice' | 'unplugDevice' | 'addMount' | 'removeMount'>;

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
      readBack = await runtime.setLimits(id, to.limits);
      await plugAll(runtime, id, { from, to, undo });
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
  runtime: Plugging,
  id: string,
  { from, to, undo }: { from: Settings; to: Settings; undo: (() => Promise<unknown>)[] },
): Promise<void> {
  const devices = difference(from.isolation.devices, to.isolation.devices);
  const mounts = difference(from.isolation.mounts, to.isolation.mounts);
  for (const mount of mounts.gone.toReversed()) {
    undo.push(() => runtime.addMount(id, mount));
    await runtime.removeMount(id, mount);
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
    await runtime.addMount(id, mount);
  }
}

function difference<Item>(from: readonly Item[], to: readonly Item[]): { gone: Item[]; come: Item[] } {
  const missing = (list: readonly Item[], other: readonly Item[]) =>
    list.filter((one) => !other.some((same) => isDeepStrictEqual(one, same)));
  return { gone: missing(from, to), come: missing(to, from) };
}
