import { AppError } from '../errors/app-error.ts';
import type { HostBounds } from '../host/host-bounds.ts';
import type { MainLimits } from './limits-schema.ts';
import { type GuestKind, type GuestLimits, LEAST_LIMITS, MORE_LIMITS } from './schema.ts';

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

/**
 * Throws `bad_input` on the field (`limits.memory`) of the first of the given limits that this host could not give, naming
 * the value and what it could. `limits`: all of them, the given ones too.
 */
export function checkLimits(given: Partial<GuestLimits>, limits: GuestLimits, bounds: HostBounds): void {
  for (const name of ['cpu', 'memory', 'swap', 'pids'] as const) {
    if (given[name] === undefined) continue;
    const value = limits[name];
    if (!(value >= LEAST_LIMITS[name] && value <= bounds[name])) throw outOfBounds(name, value, bounds);
  }
}

function outOfBounds(name: keyof MainLimits, value: number, bounds: HostBounds): AppError {
  const [shown, least, most] = [value, LEAST_LIMITS[name], bounds[name]].map((one) => amount(name, one));
  const right =
    name === 'swap' && bounds.swap === 0 ? 'it has no swap at all, so 0' : `choose ${least} to ${most}`;
  const why = value > bounds[name] ? 'more than this host has' : 'too little';
  return new AppError('bad_input', `${name} of ${shown} is ${why}: ${right}`, { field: ['limits', name] });
}

function amount(name: keyof MainLimits, value: number): string {
  if (name === 'pids') return `${value}`;
  if (name === 'cpu') return `${value} ${value === 1 ? 'core' : 'cores'}`;
  return bytes(value);
}

/** `512 MiB`, `23.5 GiB`: binary units, at most one decimal. */
export function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  let rest = value;
  while (Math.abs(rest) >= 1024 && unit < units.length - 1) {
    rest /= 1024;
    unit++;
  }
  return `${Math.round(rest * 10) / 10} ${units[unit]}`;
}
