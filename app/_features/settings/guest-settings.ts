import { DEFAULT_INIT } from '../../../server/guest/init-schema.ts';
import { DEFAULT_ISOLATION } from '../../../server/guest/isolation-schema.ts';
import { type GuestWords, NO_WORDS } from '../../../server/guest/record-schema.ts';
import type { GuestInit, GuestIsolation, GuestLimits } from '../../../server/guest/schema.ts';
import { MORE_LIMITS } from '../../../server/guest/schema.ts';

/** All of a guest that can be changed while it exists; what people write about it the kernel knows nothing of. */
export interface GuestConfig extends GuestWords {
  limits: GuestLimits;
  isolation: GuestIsolation;
  init: GuestInit;
  command: string[];
  stopTimeoutMs: number;
  /** Its shells and its console. */
  alwaysRecorded: boolean;
}

/** What a setting is when it is left out; limits beyond cpu, memory, swap and pids only. */
export const DEFAULT_SETTINGS = {
  limits: MORE_LIMITS,
  isolation: DEFAULT_ISOLATION,
  init: DEFAULT_INIT,
  ...NO_WORDS,
  alwaysRecorded: false,
};

/** What one entry of a list is in what it does not say. */
export const ENTRY_DEFAULTS = {
  'limits.io': { readBytes: null, writeBytes: null, readOps: null, writeOps: null },
  'isolation.mounts': { readOnly: false, idmap: true, recursive: false, propagation: 'private' },
  'isolation.devices': { target: null, access: 'rw', mode: 0o660, uid: 0, gid: 0 },
  'init.hooks': { args: [], env: [], timeoutMs: 10_000 },
} as const;

/** Paths of settings that are a number of bytes (or bytes per second): written with IEC units. */
export const BYTES_PATHS: ReadonlySet<string> = new Set([
  'limits.memory',
  'limits.memoryHigh',
  'limits.memoryLow',
  'limits.swap',
  'limits.networkReceive',
  'limits.networkTransmit',
  'limits.io.*.readBytes',
  'limits.io.*.writeBytes',
  'limits.hugepages.*.bytes',
]);

/** `['limits', 'io', 0, 'readBytes']` as BYTES_PATHS names it. */
export function patternOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' || /^\d+$/.test(String(part)) ? '*' : String(part)))
    .join('.');
}
