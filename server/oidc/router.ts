import { allowed, publicProcedure, router } from '../trpc.ts';
import type { UserServices } from '../user/services.ts';
import { deleteProvider, saveProvider } from './providers.ts';
import { listOptions, listProviders } from './read-providers.ts';
import { providerRef, saveProviderInput } from './schema.ts';

/** `oidc.*`: services whose people sign in here. */
export function oidcRouter(services: UserServices) {
  const { db } = services;
  const manage = allowed('people.manage', 'everything');
  return router({
    options: publicProcedure.query(() => listOptions(db)),
    list: allowed('people.view', 'everything').query(() => listProviders(db)),
    save: manage
      .input(saveProviderInput)
      .mutation(({ ctx, input }) => saveProvider(services, ctx.actor, input)),
    delete: manage
      .input(providerRef)
      .mutation(({ ctx, input }) => deleteProvider(services, ctx.actor, input.provider)),
  });
}
