import { AppError } from '../errors/app-error.ts';
import { explainDatabase } from '../errors/explain-database.ts';
import type { DatabaseState } from './database-state.ts';
import { awayReason } from './schema.ts';

/**
 * What the database says; while it is away, what it said last. Throws `unavailable` when that is not known, and what `ask` throws for any
 * other reason.
 */
export async function withLastKnown<Value>(
  database: DatabaseState,
  { ask, last }: { ask: () => Promise<Value>; last: () => Value | null },
): Promise<Value> {
  if (database.awaySince() === null) {
    try {
      return await askOrAway(database, ask);
    } catch (error) {
      if (error !== HANGS) {
        if (explainDatabase(error)?.code !== 'unavailable' && !isServerFault(error)) throw error;
        if (await database.look()) return ask();
      }
    }
  }
  const known = last();
  if (known !== null) return known;
  throw awayError(database);
}

const HANGS = new Error('the database hangs');

/** One that hangs answers after many seconds that it does not: who asks is told as soon as that is found out. */
function askOrAway<Value>(database: DatabaseState, ask: () => Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = database.onAway(() => reject(HANGS));
    ask().then(resolve, reject).finally(stop);
  });
}

/** What better-auth makes of every failure of the database. */
function isServerFault(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 'INTERNAL_SERVER_ERROR';
}

/** `unavailable`, with since when. */
export function awayError(database: DatabaseState): AppError {
  return new AppError('unavailable', awayReason(database.awaySince() ?? new Date().toISOString()));
}
