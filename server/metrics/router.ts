import type { GuestServices } from '../guest/services.ts';
import { allowed, router } from '../trpc.ts';
import type { UsageSampler } from './sampler.ts';
import { historyInput } from './schema.ts';

/** Procedures of usage over time. */
export function metricsRouter(services: Pick<GuestServices, 'guests'>, sampler: UsageSampler) {
  return router({
    history: allowed('guest.view', 'guest')
      .input(historyInput)
      .query(({ input }) => sampler.history(services.guests.get(input.guest).id)),
  });
}
