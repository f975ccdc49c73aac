import { DEFAULT_INIT } from '../../../server/guest/init-schema.ts';
import { DEFAULT_ISOLATION } from '../../../server/guest/isolation-schema.ts';
import { type GuestWords, NO_WORDS } from '../../../server/guest/record-schema.ts';
import type { GuestInit, GuestIsolation, GuestLimits } from '../../../server/guest/schema.ts';
import { MORE_LIMITS } from '../../../server/guest/schema.ts';
import { BYTES_PATHS, ENTRY_DEFAULTS, patternOf } from '../../../server/guest/setting-paths-schema.ts';

export { BYTES_PATHS, ENTRY_DEFAULTS, patternOf };

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
