import { allowed, router } from '../trpc.ts';
import { type DeskServices, getDesk, saveDesk } from './desks.ts';
import { deskRef, saveDeskInput } from './schema.ts';

/** Whoever looks at terminals has a desk of their own for them. */
const looker = allowed('console.watch', 'list');

/** `desk.*`: how somebody's terminals are laid out, in whichever browser. */
export function deskRouter(services: DeskServices) {
  return router({
    get: looker.input(deskRef).query(({ ctx, input }) => getDesk(services, ctx.actor, input)),
    save: looker.input(saveDeskInput).mutation(({ ctx, input }) => saveDesk(services, ctx.actor, input)),
  });
}
