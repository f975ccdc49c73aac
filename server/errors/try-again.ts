import { setTimeout as sleep } from 'node:timers/promises';

/** Together about a minute and a half. */
const FIRST_PAUSE_MS = 200;
const MOST_TRIES = 10;

/**
 * Do what is due and what nobody would ask for again, up to ten times with growing pauses. `failed` hears of each
 * failure, with how many tries are left. `firstPauseMs` is doubled each time. Resolves when it is done or given up, never throws. A process does not stay for it.
 */
export async function tryAgain(
  work: () => Promise<void>,
  failed: (error: unknown, triesLeft: number) => void,
  firstPauseMs = FIRST_PAUSE_MS,
): Promise<void> {
  for (let left = MOST_TRIES - 1, pause = firstPauseMs; ; left--, pause *= 2) {
    try {
      return await work();
    } catch (error) {
      failed(error, left);
      if (left === 0) return;
    }
    await sleep(pause, undefined, { ref: false });
  }
}
