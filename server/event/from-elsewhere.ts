import type { BerthEvent } from './schema.ts';

const told = new WeakSet<BerthEvent>();

/** The event, marked as one that the server of another host has told first: pages are to show it, and nothing is to be done about it. */
export function fromElsewhere<Event extends BerthEvent>(event: Event): Event {
  told.add(event);
  return event;
}

export const isFromElsewhere = (event: BerthEvent): boolean => told.has(event);
