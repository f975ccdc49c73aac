import { reachOf } from '../access/may.ts';
import type { GuestServices } from '../guest/services.ts';
import { allowed, router } from '../trpc.ts';
import { listDefaults, setDefault, setOwnDefault, setProjectDefault } from './default-view.ts';
import {
  changeViewInput,
  createViewInput,
  setDefaultInput,
  setOwnDefaultInput,
  setProjectDefaultInput,
  viewRef,
} from './schema.ts';
import { changeView, createView, deleteView, listViews, restoreView } from './views.ts';

/** Whoever sees guests has views of them; whose a view is, the verbs judge. */
const viewer = allowed('guest.view', 'any');

/** Procedures of saved views: input, permission, verb. */
export function viewRouter(services: GuestServices) {
  return router({
    list: viewer.query(({ ctx }) => listViews(services, ctx.actor, reachOf(ctx.rights, 'guest.view'))),
    defaults: viewer.query(({ ctx }) => listDefaults(services, ctx)),
    setOwnDefault: viewer
      .input(setOwnDefaultInput)
      .mutation(({ ctx, input }) => setOwnDefault(services, ctx, input.view)),
    setDefault: allowed('project.manage', 'everything')
      .input(setDefaultInput)
      .mutation(({ ctx, input }) => setDefault(services, ctx, input.view)),
    setProjectDefault: allowed('project.manage', 'project')
      .input(setProjectDefaultInput)
      .mutation(({ ctx, input }) => setProjectDefault(services, ctx, input)),
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
