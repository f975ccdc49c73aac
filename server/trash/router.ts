import { reachOf } from '../access/may.ts';
import type { GuestServices } from '../guest/services.ts';
import { allowed, rootProcedure, router } from '../trpc.ts';
import { deleteTrashed } from './delete-trashed.ts';
import { emptyTrash } from './empty-trash.ts';
import { listTrash } from './list-trash.ts';
import { restoreGuest } from './restore-guest.ts';
import { deleteTrashedInput, emptyTrashInput, restoreGuestInput, setTrashDaysInput } from './schema.ts';
import { setTrashDays } from './trash-days.ts';

/** `trash.*`: guests that were deleted and can be brought back for a time. `guest.trash` puts them there. */
export function trashRouter(services: GuestServices) {
  return router({
    list: allowed('guest.view', 'any').query(({ ctx }) =>
      listTrash(services, reachOf(ctx.rights, 'guest.view')),
    ),
    restore: allowed('guest.delete', 'trashed')
      .input(restoreGuestInput)
      .mutation(({ ctx, input }) => restoreGuest(services, ctx.actor, input)),
    delete: allowed('guest.delete', 'trashed')
      .input(deleteTrashedInput)
      .mutation(({ ctx, input }) => deleteTrashed(services, ctx.actor, input)),
    empty: allowed('guest.delete', 'any')
      .input(emptyTrashInput)
      .mutation(({ ctx, input }) =>
        emptyTrash(services, ctx.actor, { ...input, reach: reachOf(ctx.rights, 'guest.delete') }),
      ),
    setDays: rootProcedure
      .input(setTrashDaysInput)
      .mutation(({ ctx, input }) => setTrashDays(services, ctx.actor, input.days)),
  });
}
