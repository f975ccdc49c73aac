import type { EventBus } from '../platform.ts';
import { router, userProcedure } from '../trpc.ts';

/** `event.stream`: everything that changes from now on. */
export function createEventRouter({ events }: { events: EventBus }) {
  return router({
    stream: userProcedure.subscription(({ signal }) => events.stream(signal ?? new AbortController().signal)),
  });
}
