import type { BerthEvent } from '../event/schema.ts';
import type { EventBus } from '../platform.ts';

/** What the kernel did to a guest. */
export type GuestEvent = Extract<BerthEvent, { type: 'guest.event' }>;

const KEPT = 200;

/** The last events of each guest, in memory only: what is older, the operations and the log tell. */
export class EventHistory {
  readonly #byGuest = new Map<string, GuestEvent[]>();

  constructor(events: Pick<EventBus, 'on'>) {
    events.on((event) => {
      if (event.type === 'guest.event') this.#add(event);
      if (event.type === 'guest.removed') this.#byGuest.delete(event.id);
    });
  }

  /** Oldest first, at most 200. */
  of(id: string): GuestEvent[] {
    return [...(this.#byGuest.get(id) ?? [])];
  }

  #add(event: GuestEvent): void {
    const list = this.#byGuest.get(event.guest) ?? [];
    this.#byGuest.set(event.guest, list);
    list.push(event);
    if (list.length > KEPT) list.shift();
  }
}
