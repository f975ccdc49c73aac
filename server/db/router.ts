import { publicProcedure, router } from '../trpc.ts';
import type { DatabaseView } from './schema.ts';

/** `database.state`: anyone may know why nothing can be changed, and why nobody can sign in. */
export function databaseRouter() {
  return router({
    state: publicProcedure.query(({ ctx }): DatabaseView => ({ awaySince: ctx.database.awaySince() })),
  });
}
