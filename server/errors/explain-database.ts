import { AppError } from './app-error.ts';

/** What a socket says when nobody is behind it, and what Prisma and PostgreSQL say when it ends or begins. */
const AWAY = new Set([
  'ENOENT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  // Prisma: cannot reach, timed out, closed the connection, no connection within the time, nor a transaction or its end.
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
  'P2028',
]);
/**
 * PostgreSQL: admin_shutdown, crash_shutdown, cannot_connect_now, read_only_sql_transaction (one that only repeats another, before a failover
 * has ended); inside of a raw query's message. And what the driver says of a connection that is cut.
 */
const ENDING =
  /\b57P0[123]\b|\b25006\b|read-only transaction|Connection terminated|Query read timeout|timeout exceeded when trying to connect/;
/** character_not_in_repertoire: text with a NUL byte, which PostgreSQL cannot hold. */
const NUL = /\b22021\b/;
/** lock_not_available, by our own lock_timeout. */
const LOCKED = /\b55P03\b|due to lock timeout/;
const FULL = /\b53100\b|No space left on device/;

/**
 * An error of the database as a person should read it: `unavailable` while it is away (the private one is started again by itself) or
 * another program has locked its tables, `no_space` when its disk is full, `bad_input` for text that it cannot hold. Null for any other error.
 */
export function explainDatabase(error: unknown): AppError | null {
  if (!(error instanceof Error)) return null;
  const fromPrisma = error.name.startsWith('Prisma') || error.stack?.includes('@prisma/') === true;
  if (!fromPrisma) return null;
  if (FULL.test(error.message)) {
    return new AppError('no_space', 'the disk of the data folder is full: free some space and try again', {
      cause: error,
    });
  }
  if (NUL.test(error.message))
    return new AppError('bad_input', 'a text with a NUL byte is not taken', { cause: error });
  if (LOCKED.test(error.message)) {
    return new AppError(
      'unavailable',
      'the database is locked by another program (pg_locks tells which): guests run on, and changes are taken again when it lets go',
      { cause: error },
    );
  }
  const code = 'code' in error ? String(error.code) : '';
  if (!AWAY.has(code) && !ENDING.test(error.message)) return null;
  return new AppError(
    'unavailable',
    'the database does not answer: guests run on, and changes are taken again as soon as it does',
    { cause: error },
  );
}
