import type { GuestServices } from '../guest/services.ts';
import { router, userProcedure } from '../trpc.ts';
import { isolationInput } from './schema.ts';
import { viewIsolation } from './view-isolation.ts';

/** `isolation.view`: how a guest is separated, at this moment. */
export function isolationRouter(services: GuestServices) {
  return router({
    view: userProcedure.input(isolationInput).query(({ input }) => viewIsolation(services, input.guest)),
  });
}
