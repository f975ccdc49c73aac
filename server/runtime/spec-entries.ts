import type { specFields } from '../../native/protocol/wire.ts';

export type SpecKey = (typeof specFields)[number]['name'];

/** Entries of the spec in the order in which they are written; lists repeat their key. */
export type SpecEntries = [SpecKey, string][];

/** A list of the spec: its key once for each value. */
export function each(key: SpecKey, values: readonly string[]): SpecEntries {
  return values.map((value) => [key, value]);
}
