import { setTimeout as sleep } from 'node:timers/promises';
import { explainDatabase } from '../errors/explain-database.ts';

/** ms that a write waits for a database that has fallen: it is started again by itself, a recovery takes seconds. */
const PATIENCE_MS = 30_000;
const RETRY_MS = 100;

/**
 * Write down what has happened already, so that it must not be lost while the database is started again. `write` is
 * done again until it succeeds: it has to be one that may be done twice. Throws what it throws for any other reason, and
 * when the database stays away for 30 s.
 */
export async function whenDatabaseIsBack<Result>(write: () => Promise<Result>): Promise<Result> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (explainDatabase(error)?.code !== 'unavailable' || performance.now() > until) throw error;
    }
    await sleep(RETRY_MS);
  }
}
