import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/client.ts';
import { LOCK_PATIENCE_MS } from './with-client.ts';

/** The database as every verb uses it. */
export type Db = PrismaClient;

/** Connections at the most: the private database allows 24 in all. */
const POOL_SIZE = 8;

/** ms for one query; none of ours takes a tenth of it. */
const QUERY_MS = 20_000;

/** As Prisma says that a database cannot be reached (errors/explain-database.ts). */
class AwayError extends Error {
  override readonly name = 'PrismaDatabaseAway';
  readonly code = 'P1001';
}

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;

/** While the database is known to be away nothing waits for it. */
class WatchedPg extends PrismaPg {
  isAway = () => false;

  override async connect(): Promise<Adapter> {
    const adapter = await super.connect();
    const begins = <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) => {
      return async (...args: Args): Promise<Result> => {
        if (this.isAway()) throw new AwayError('the database is away');
        return call.apply(adapter, args);
      };
    };
    adapter.queryRaw = begins(adapter.queryRaw);
    adapter.executeRaw = begins(adapter.executeRaw);
    adapter.startTransaction = begins(adapter.startTransaction);
    return adapter;
  }
}

/**
 * Connect lazily: the first query opens the first connection. Close it with `$disconnect()`. Nothing is asked while it `isAway`.
 * `name`: what its changes are known by to who shares the database (change-feed.ts).
 */
export function connectDb(url: string, isAway: () => boolean = () => false, name = 'berth'): Db {
  const adapter = new WatchedPg(
    {
      ...{ connectionString: url, max: POOL_SIZE, lock_timeout: LOCK_PATIENCE_MS, application_name: name },
      ...{ connectionTimeoutMillis: 10_000, idleTimeoutMillis: 60_000 },
      // Behind a cut cable nobody answers, and nobody refuses.
      ...{ query_timeout: QUERY_MS, keepAlive: true, keepAliveInitialDelayMillis: 10_000 },
    },
    // An idle connection that breaks (the database restarts) is replaced at the next query.
    { onPoolError: () => undefined, onConnectionError: () => undefined },
  );
  adapter.isAway = isAway;
  return new PrismaClient({ adapter });
}
