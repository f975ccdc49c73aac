import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/client.ts';
import { LOCK_PATIENCE_MS } from './with-client.ts';

/** The database as every verb uses it. */
export type Db = PrismaClient;

/** Connections at the most: the private database allows 24 in all. */
const POOL_SIZE = 8;

/** Connect lazily: the first query opens the first connection. Close it with `$disconnect()`. */
export function connectDb(url: string): Db {
  const adapter = new PrismaPg(
    {
      ...{ connectionString: url, max: POOL_SIZE, lock_timeout: LOCK_PATIENCE_MS },
      ...{ connectionTimeoutMillis: 10_000, idleTimeoutMillis: 60_000 },
    },
    // An idle connection that breaks (the database restarts) is replaced at the next query.
    { onPoolError: () => undefined, onConnectionError: () => undefined },
  );
  return new PrismaClient({ adapter });
}
