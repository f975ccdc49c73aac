import type { BerthEvent } from '../../server/event/schema.ts';

const listeners = new Set<(event: BerthEvent) => void>();

/** Hear each event as it comes, after what is shown is true again; returns how to stop. */
export function onEvent(listener: (event: BerthEvent) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tell an event to who listens. */
export function tellEvent(event: BerthEvent): void {
  for (const listener of listeners) listener(event);
}
