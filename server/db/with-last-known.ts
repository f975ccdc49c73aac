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
      return await ask();
    } catch (error) {
      if (explainDatabase(error)?.code !== 'unavailable' && !isServerFault(error)) throw error;
      if (await database.look()) return ask();
    }
  }
  const known = last();
  if (known !== null) return known;
  throw awayError(database);
}

/** What better-auth makes of every failure of the database. */
function isServerFault(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 'INTERNAL_SERVER_ERROR';
}

/** `unavailable`, with since when. */
export function awayError(database: DatabaseState): AppError {
  return new AppError('unavailable', awayReason(database.awaySince() ?? new Date().toISOString()));
}
