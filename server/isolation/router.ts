import type { GuestServices } from '../guest/services.ts';
import { allowed, router } from '../trpc.ts';
import { learnSeccomp } from './learn-seccomp.ts';
import { isolationInput } from './schema.ts';
import { viewIsolation } from './view-isolation.ts';

/** How a guest is separated, at this moment, and what it would need. */
export function isolationRouter(services: GuestServices) {
  return router({
    learn: allowed('guest.view', 'guest')
      .input(isolationInput)
      .query(({ input }) => learnSeccomp(services, input.guest)),
    view: allowed('guest.view', 'guest')
      .input(isolationInput)
      .query(({ input }) => viewIsolation(services, input.guest)),
  });
}
