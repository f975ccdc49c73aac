import type { MainLimits } from './limits-schema.ts';

/** A limit as people read it: `1.5 cores`, `512 MiB`. Pure. */
export function amount(name: keyof MainLimits, value: number): string {
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
