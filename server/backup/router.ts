import { allowed, rootProcedure, router } from '../trpc.ts';
import type { Backups } from './backups.ts';
import { changeScheduleInput } from './schedule-schema.ts';
import { tryBackupInput } from './schema.ts';

/** Procedures of back-ups: all users see that there are some, root makes one, says when, and tries a restore. */
export function backupRouter(backups: Pick<Backups, 'list' | 'make' | 'setSchedule' | 'tryOne'>) {
  return router({
    list: allowed('host.view', 'everything').query(() => backups.list()),
    setSchedule: rootProcedure.input(changeScheduleInput).mutation(({ input }) => backups.setSchedule(input)),
    try: rootProcedure.input(tryBackupInput).mutation(({ input }) => backups.tryOne(input.backup)),
    create: rootProcedure.mutation(() => backups.make('manual')),
  });
}
