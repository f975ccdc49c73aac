import { reachOf } from '../access/may.ts';
import type { GuestServices } from '../guest/services.ts';
import { allowed, router } from '../trpc.ts';
import { changeViewInput, createViewInput, viewRef } from './schema.ts';
import { changeView, createView, deleteView, listViews, restoreView } from './views.ts';

/** Whoever sees guests has views of them; whose a view is, the verbs judge. */
const viewer = allowed('guest.view', 'any');

/** Procedures of saved views: input, permission, verb. */
export function viewRouter(services: GuestServices) {
  return router({
    list: viewer.query(({ ctx }) => listViews(services, ctx.actor, reachOf(ctx.rights, 'guest.view'))),
    create: viewer
      .input(createViewInput)
      .mutation(({ ctx, input }) =>
        createView(services, ctx.actor, input, reachOf(ctx.rights, 'guest.view')),
      ),
    change: viewer
      .input(changeViewInput)
      .mutation(({ ctx, input }) =>
        changeView(services, ctx.actor, input, reachOf(ctx.rights, 'guest.view')),
      ),
    delete: viewer.input(viewRef).mutation(({ ctx, input }) => deleteView(services, ctx.actor, input.id)),
    restore: viewer
      .input(viewRef)
      .mutation(({ ctx, input }) =>
        restoreView(services, ctx.actor, input.id, reachOf(ctx.rights, 'guest.view')),
      ),
  });
}
