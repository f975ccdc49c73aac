import { AppError } from '../errors/app-error.ts';
import type { EventBus } from '../platform.ts';
import type { BerthEvent } from './schema.ts';

/** Events that a consumer may be behind before it is cut off. */
const MAX_BEHIND = 10_000;

/** An in-process bus. A listener that throws does not keep others from hearing; `onFault` hears of it. */
export function createEventBus(onFault: (error: unknown) => void): EventBus {
  const listeners = new Set<(event: BerthEvent) => void>();

  function on(listener: (event: BerthEvent) => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  function publish(event: BerthEvent): void {
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        onFault(error);
      }
    }
  }

  return { publish, on, stream: (signal) => streamOf(on, signal) };
}

/** Subscribes at once, not at the first `next()`: nothing published in between is missed. */
function streamOf(on: EventBus['on'], signal: AbortSignal): AsyncIterable<BerthEvent> {
  let queue: BerthEvent[] = [];
  let wake: (() => void) | null = null;
  let behind = false;
  const rouse = () => {
    wake?.();
    wake = null;
  };
  const off = on((event) => {
    if (queue.length >= MAX_BEHIND) {
      behind = true;
      queue = [];
      off();
    } else {
      queue.push(event);
    }
    rouse();
  });
  const end = () => {
    off();
    rouse();
  };
  signal.addEventListener('abort', end, { once: true });

  async function* consume(): AsyncGenerator<BerthEvent> {
    try {
      while (!signal.aborted) {
        if (behind)
          throw new AppError('unavailable', `over ${MAX_BEHIND} events behind: read everything again`);
        const batch = queue;
        queue = [];
        yield* batch;
        if (queue.length === 0 && !behind && !signal.aborted) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      off();
      signal.removeEventListener('abort', end);
    }
  }
  if (signal.aborted) off();
  return consume();
}
