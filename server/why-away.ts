import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseState } from './db/database-state.ts';
import { awayError } from './db/with-last-known.ts';
import type { AppError } from './errors/app-error.ts';

/** Who is in a terminal comes back to it; that is written down when the database is there again. */
const GOES_ON = new Set(['console.ticket']);
/** ms that a call waits for a database that may be back already. */
const PATIENCE = 250;

/**
 * Nothing is begun that cannot be written down: why a mutation is refused while the database is away, with since when; null: it is not.
 * The database is asked once more before, so that the first call after its return is taken.
 */
export async function whyAway(database: DatabaseState, path: string): Promise<AppError | null> {
  if (database.awaySince() === null || GOES_ON.has(path)) return null;
  const late = new AbortController();
  const answers = await Promise.race([
    database.look(),
    sleep(PATIENCE, false, { signal: late.signal }).catch(() => false),
  ]);
  late.abort();
  return answers ? null : awayError(database);
}
