import { type HostBounds, hostBounds } from '../host/host-bounds.ts';
import type { LimitPreset } from './effects-schema.ts';
import { bytes } from './limits.ts';
import type { GuestServices } from './services.ts';

const MiB = 1024 * 1024;
const GiB = 1024 * MiB;
/** Of the host's memory, what is left to the host itself. */
const HOST_KEEPS = 0.1;

const SIZES = [
  { name: 'small', cpu: 0.5, memory: 256 * MiB, swap: 256 * MiB, pids: 512 },
  { name: 'medium', cpu: 1, memory: GiB, swap: 512 * MiB, pids: 2048 },
  { name: 'large', cpu: 2, memory: 4 * GiB, swap: GiB, pids: 8192 },
];

/** Limits by a name, none beyond what the host has; the last is an equal share of the host beside the other guests. */
export function presets({ guests }: Pick<GuestServices, 'guests'>): LimitPreset[] {
  return limitPresets(hostBounds(), guests.all().length);
}

/** `guests`: how many there are. Pure. */
export function limitPresets(bounds: HostBounds, guests: number): LimitPreset[] {
  const sizes = SIZES.map(({ name, ...wanted }) => preset(name, wanted, bounds));
  const parts = Math.max(2, guests);
  const share = {
    cpu: round(bounds.cpu / parts, 0.05),
    memory: round((bounds.memory * (1 - HOST_KEEPS)) / parts, MiB),
    swap: round(bounds.swap / parts, MiB),
    pids: Math.floor(bounds.pids / 2 / parts),
  };
  return [...sizes, preset('share', share, bounds, `1/${parts} of this host, `)];
}

function preset(name: string, wanted: LimitPreset['limits'], bounds: HostBounds, prefix = ''): LimitPreset {
  const limits = {
    cpu: Math.max(0.05, Math.min(wanted.cpu, bounds.cpu)),
    memory: Math.max(4 * MiB, Math.min(wanted.memory, bounds.memory)),
    swap: Math.min(wanted.swap, bounds.swap),
    pids: Math.max(1, Math.min(wanted.pids, bounds.pids)),
  };
  const cores = `${limits.cpu} ${limits.cpu === 1 ? 'core' : 'cores'}`;
  return { name, summary: `${prefix}${cores}, ${bytes(limits.memory)}, ${limits.pids} processes`, limits };
}

function round(value: number, step: number): number {
  return Number((Math.floor(value / step + 1e-9) * step).toFixed(2));
}
