/** ms for which a verdict counts. */
const FRESH_MS = 1000;

/**
 * The values of a subscription for as long as whoever asked may have them: `judge` is asked again before a value, at most once a second, and
 * ends the subscription with what it throws. `now`: ms on a clock that nobody sets.
 */
export async function* judgedAgain<T>(
  values: AsyncIterable<T>,
  judge: () => Promise<unknown>,
  now: () => number = () => performance.now(),
): AsyncGenerator<T> {
  let judgedAt = now();
  for await (const value of values) {
    if (now() - judgedAt > FRESH_MS) {
      await judge();
      judgedAt = now();
    }
    yield value;
  }
}
