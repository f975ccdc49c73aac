import type { GuestUsage } from '../guest/schema.ts';
import type { UsageHistory } from './schema.ts';

/** Ten minutes at one sample a second. */
export const RING_SAMPLES = 600;

const COLUMNS = [
  'cpu',
  'memory',
  'pids',
  'networkReceive',
  'networkTransmit',
  'ioRead',
  'ioWrite',
  'throttled',
] as const;

/** The last ten minutes of one guest in fixed memory (43 KB): NaN stands for what was not known. */
export class UsageRing {
  readonly #at = new Float64Array(RING_SAMPLES);
  readonly #columns = Object.fromEntries(
    COLUMNS.map((name) => [name, new Float64Array(RING_SAMPLES).fill(Number.NaN)]),
  ) as Record<(typeof COLUMNS)[number], Float64Array>;
  #next = 0;

  /** `at` in Unix seconds. */
  push(at: number, usage: GuestUsage): void {
    const slot = this.#next % RING_SAMPLES;
    this.#at[slot] = at;
    for (const name of COLUMNS) this.#columns[name][slot] = usage[name] ?? Number.NaN;
    this.#next++;
  }

  /** Oldest first. */
  history(): UsageHistory {
    const length = Math.min(this.#next, RING_SAMPLES);
    const slots = Array.from({ length }, (_, index) => (this.#next - length + index) % RING_SAMPLES);
    const column = (name: (typeof COLUMNS)[number]) => slots.map((slot) => known(this.#columns[name][slot]));
    return {
      at: slots.map((slot) => this.#at[slot] ?? 0),
      cpu: column('cpu'),
      memory: column('memory'),
      pids: column('pids'),
      networkReceive: column('networkReceive'),
      networkTransmit: column('networkTransmit'),
      ioRead: column('ioRead'),
      ioWrite: column('ioWrite'),
      throttled: column('throttled'),
    };
  }
}

function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}
