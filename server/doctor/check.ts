import type { Actor } from '../platform.ts';
import type { Drift } from './schema.ts';

/** A drift with the act that puts it right; without one somebody has to decide. */
export interface Found extends Omit<Drift, 'mendable'> {
  mend?: (actor: Actor) => Promise<unknown>;
}

/** One thing that is compared with what the host has. */
export interface Check {
  /** In words, for the report: `processes of running guests`. */
  what: string;
  find(): Promise<Found[]>;
}
