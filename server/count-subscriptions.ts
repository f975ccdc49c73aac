import { AppError } from './errors/app-error.ts';

/** Of one WebSocket at once. A page has a handful; each costs the server a stream, and some a poll of the kernel. */
export const MOST_SUBSCRIPTIONS = 64;

/** How many run, by the context of their socket: it is made once for each. */
const running = new WeakMap<object, number>();

/**
 * A subscription, counted from its first value that is asked for to its end. Throws `too_many` in place of that value when its socket has
 * as many as it may have; the others go on.
 */
export async function* countSubscription<T>(socket: object, values: AsyncIterable<T>): AsyncGenerator<T> {
  const before = running.get(socket) ?? 0;
  if (before >= MOST_SUBSCRIPTIONS) {
    throw new AppError(
      'too_many',
      `this connection has ${before} subscriptions, the most that one may have: end some first`,
    );
  }
  running.set(socket, before + 1);
  try {
    yield* values;
  } finally {
    running.set(socket, (running.get(socket) ?? 1) - 1);
  }
}
