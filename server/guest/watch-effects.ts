import type { GuestEffects } from './effects-schema.ts';
import type { GuestServices } from './services.ts';
import { SharedPoll } from './shared-poll.ts';

const INTERVAL_MS = 1000;

/**
 * What limits do to a guest, once a second while anybody looks; nothing comes while it does not run, and it ends when the
 * guest is deleted. One for the whole server.
 */
export function effectsOf(services: Pick<GuestServices, 'guests' | 'runtime'>): SharedPoll<GuestEffects> {
  const { guests, runtime } = services;
  return new SharedPoll({
    intervalMs: INTERVAL_MS,
    read: async (id) => {
      const run = guests.get(id).run;
      if (!run) return null;
      try {
        return { at: new Date().toISOString(), ...(await runtime.readEffects(id)) };
      } catch (error) {
        // It ended while it was being read.
        if (guests.get(id).run?.initStartTime !== run.initStartTime) return null;
        throw error;
      }
    },
  });
}
