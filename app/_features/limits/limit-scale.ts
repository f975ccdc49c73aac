/** How a limit is counted: it decides how it steps, snaps and reads. */
export type LimitUnit = 'cores' | 'bytes' | 'rate' | 'count';

const STEPS_PER_CHART = 100;

/** The least of 1, 2 and 5 times a power of ten that is not below `value`. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const lead = [1, 2, 5, 10].find((each) => each * power >= value * (1 - 1e-9)) ?? 10;
  return lead * power;
}

/** The least power of two that is not below `value`. */
function powerAbove(value: number): number {
  return 2 ** Math.ceil(Math.log2(value) - 1e-9);
}

/**
 * The top of a chart on which a limit is drawn and dragged: room above the limit and above what is used, never more than
 * what the host has unless the use is above that.
 */
export function scaleTop(unit: LimitUnit, limits: readonly (number | null)[], used: number, bound: number) {
  const highest = Math.max(0, ...limits.map((limit) => limit ?? 0));
  // Without any limit there is still room to pull one down into.
  const least = unit === 'rate' && highest === 0 ? 2 ** 20 : 0;
  const wanted = Math.max(highest * 1.6, used * 1.15, least);
  if (wanted <= 0)
    return unit === 'cores' ? Math.min(1, bound) : Math.min(unit === 'count' ? 100 : 2 ** 20, bound);
  const nice = unit === 'bytes' || unit === 'rate' ? powerAbove(wanted) : niceAbove(wanted);
  return Math.max(Math.min(nice, bound), used, highest);
}

/** What one step of dragging or of an arrow key is on a chart that reaches to `top`. */
function grain(unit: LimitUnit, top: number): number {
  if (unit === 'bytes' || unit === 'rate') return Math.max(1, powerAbove(top / (2 * STEPS_PER_CHART)));
  if (unit === 'cores') return top > 8 ? 0.25 : 0.05;
  return Math.max(1, niceAbove(top / (2 * STEPS_PER_CHART)));
}

function tidy(unit: LimitUnit, value: number): number {
  return unit === 'cores' ? Math.round(value * 100) / 100 : Math.round(value);
}

export interface Range {
  min: number;
  max: number;
}

/** The round value nearest to where the pointer is, within what is allowed. */
export function snap(unit: LimitUnit, value: number, top: number, { min, max }: Range): number {
  const by = grain(unit, top);
  return tidy(unit, Math.min(max, Math.max(min, Math.round(value / by) * by)));
}

/**
 * Where a key moves a limit: arrows by a small step of its own size, page keys by half and double (cores: by one), Home
 * and End to the bounds. Null when the key moves nothing.
 */
export function moveByKey(unit: LimitUnit, key: string, value: number, { min, max }: Range): number | null {
  const clamp = (to: number) => tidy(unit, Math.min(max, Math.max(min, to)));
  const small = stepAt(unit, value);
  switch (key) {
    case 'ArrowUp':
    case 'ArrowRight':
      return clamp(value + small);
    case 'ArrowDown':
    case 'ArrowLeft':
      return clamp(value - small);
    case 'PageUp':
      return clamp(unit === 'cores' ? value + 1 : Math.max(value * 2, min));
    case 'PageDown':
      return clamp(unit === 'cores' ? value - 1 : value / 2);
    case 'Home':
      return clamp(min);
    case 'End':
      return clamp(max);
    default:
      return null;
  }
}

/** A step that is felt but not wild: a tenth of a core, a sixteenth of the power of two below, about a twentieth of a count. */
function stepAt(unit: LimitUnit, value: number): number {
  if (unit === 'cores') return value >= 8 ? 0.5 : 0.1;
  if (unit === 'count') return Math.max(1, niceAbove(Math.max(1, value / 20)));
  return Math.max(1, 2 ** Math.floor(Math.log2(Math.max(16, value))) / 16);
}
