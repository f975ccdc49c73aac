import { may, type Rights, reachOf } from '../access/may.ts';
import { seenBy } from '../presence/seen-by.ts';
import type { BerthEvent } from './schema.ts';

/** ms after which the rights are read again: who is given a guest sees it, who loses one does not. */
const FRESH_MS = 1000;

/** The events that somebody may see, of all. `read` says what they may at this moment. */
export async function* visibleEvents(
  events: AsyncIterable<BerthEvent>,
  read: () => Promise<Rights>,
): AsyncGenerator<BerthEvent> {
  let rights = await read();
  let readAt = performance.now();
  /** Operations that were seen: what they print carries their id alone. */
  const operations = new Set<string>();
  for await (const event of events) {
    if (performance.now() - readAt > FRESH_MS) {
      rights = await read();
      readAt = performance.now();
    }
    const seen = visible(rights, event, operations);
    if (seen) yield seen;
  }
}

/** The event as somebody may see it; null when they may not. */
function visible(rights: Rights, event: BerthEvent, operations: Set<string>): BerthEvent | null {
  if (event.type === 'guest.left') {
    const { id, name, from } = event;
    const saw =
      from.some((object) => may(rights, 'guest.view', object)) && !may(rights, 'guest.view', { guest: id });
    return saw ? { type: 'guest.removed', id, name } : null;
  }
  if (event.type === 'presence.changed') {
    const { guest, people } = event;
    if (!may(rights, 'guest.view', { guest })) return null;
    return { ...event, people: seenBy(rights, guest, people) };
  }
  if (event.type === 'volume.changed') return visibleVolume(rights, event);
  if (event.type !== 'usage') return isVisible(rights, event, operations) ? event : null;
  const reach = reachOf(rights, 'guest.view');
  if (reach === 'everything') return event;
  const guests = Object.fromEntries(Object.entries(event.guests).filter(([id]) => reach.has(id)));
  return { ...event, guests };
}

/** Guests that they may not see are counted, not named. */
function visibleVolume(
  rights: Rights,
  event: Extract<BerthEvent, { type: 'volume.changed' }>,
): BerthEvent | null {
  const { volume } = event;
  if (!may(rights, 'volume.view', { project: volume.project })) return null;
  const guests = volume.guests.filter(({ id }) => may(rights, 'guest.view', { guest: id }));
  const hidden = volume.hidden + volume.guests.length - guests.length;
  return { ...event, volume: { ...volume, guests, hidden } };
}

type OtherEvent = Exclude<
  BerthEvent,
  { type: 'usage' | 'guest.left' | 'presence.changed' | 'volume.changed' }
>;

function isVisible(rights: Rights, event: OtherEvent, operations: Set<string>): boolean {
  const guest = (id: string) => may(rights, 'guest.view', { guest: id });
  switch (event.type) {
    case 'guest.changed':
      return guest(event.guest.id);
    case 'guest.removed':
      return guest(event.id);
    case 'guest.event':
      return guest(event.guest);
    case 'operation.changed': {
      const { id, subject } = event.operation;
      const mine = subject.type === 'guest' ? guest(subject.id) : may(rights, 'guest.view', 'everything');
      if (mine) operations.add(id);
      return mine;
    }
    case 'operation.output':
      return operations.has(event.id) || may(rights, 'guest.view', 'everything');
    case 'image.changed': {
      const reach = reachOf(rights, 'image.view');
      return reach === 'everything' || reach.size > 0;
    }
    case 'volume.removed':
      return may(rights, 'volume.view', { project: event.project });
    case 'trash.changed':
    case 'views.changed':
    case 'projects.changed':
    case 'notices.changed':
    case 'database.changed':
      return true;
    case 'backups.changed':
      return may(rights, 'host.view', 'everything');
    case 'people.changed':
      return may(rights, 'people.view', 'everything');
  }
}
