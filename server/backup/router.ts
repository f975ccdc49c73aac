import { allowed, rootProcedure, router } from '../trpc.ts';
import type { Backups } from './backups.ts';

/** Procedures of back-ups: all users see that there are some, root makes one. */
export function backupRouter(backups: Pick<Backups, 'list' | 'make'>) {
  return router({
    list: allowed('host.view', 'everything').query(() => backups.list()),
    create: rootProcedure.mutation(() => backups.make('manual')),
  });
}
