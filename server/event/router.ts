import type { EventBus } from '../platform.ts';
import { allowed, router } from '../trpc.ts';
import { visibleEvents } from './visible-events.ts';

/** `event.stream`: everything that changes from now on and that the caller may see. */
export function createEventRouter({ events }: { events: EventBus }) {
  return router({
    stream: allowed('guest.view', 'any').subscription(({ ctx, signal }) => {
      const all = events.stream(signal ?? new AbortController().signal);
      return ctx.rights.unlimited ? all : visibleEvents(all, () => ctx.guard.rightsOf(ctx.actor));
    }),
  });
}
