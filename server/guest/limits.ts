import type { HostBounds } from '../host/host-bounds.ts';
import { type GuestKind, type GuestLimits, MORE_LIMITS } from './schema.ts';

export { bytes } from './limit-text.ts';

const MiB = 1024 * 1024;

/** What a guest gets when nothing is said: enough for a small server, little enough for forty on a laptop. */
export function defaultLimits(kind: GuestKind, bounds: HostBounds): GuestLimits {
  return {
    ...MORE_LIMITS,
    cpu: Math.min(1, bounds.cpu),
    memory: Math.min(512 * MiB, bounds.memory),
    swap: Math.min(512 * MiB, bounds.swap),
    pids: Math.min(kind === 'system' ? 4096 : 512, bounds.pids),
  };
}
