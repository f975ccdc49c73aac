import type { RightsView } from '../../server/access/schema.ts';
import type { BerthEvent } from '../../server/event/schema.ts';
import type { GuestUsage, GuestView } from '../../server/guest/schema.ts';
import type { GuestPage } from '../../server/guest/search-schema.ts';
import type { ImageView } from '../../server/image/schema.ts';
import type { OperationView } from '../../server/operation/schema.ts';
import type { VolumeView } from '../../server/volume/schema.ts';

function upsert<T>(rows: T[], row: T, same: (other: T) => boolean, at: 'first' | 'last'): T[] {
  const index = rows.findIndex(same);
  if (index >= 0) return rows.with(index, row);
  return at === 'first' ? [row, ...rows] : [...rows, row];
}

function withUsage(guest: GuestView, usages: Record<string, GuestUsage>): GuestView {
  const usage = usages[guest.id];
  return usage ? { ...guest, usage } : guest;
}

/** The guests after an event; the same array when it does not concern them. */
export function applyToGuests(guests: GuestView[], event: BerthEvent): GuestView[] {
  if (event.type === 'guest.changed')
    return upsert(guests, event.guest, (other) => other.id === event.guest.id, 'last');
  if (event.type === 'guest.removed') return guests.filter((guest) => guest.id !== event.id);
  if (event.type === 'usage') return guests.map((guest) => withUsage(guest, event.guests));
  return guests;
}

/**
 * A part of a search after an event: its rows are as they are now. Which guests are in it, and in which order, only the server
 * knows: it is asked again (search-again.ts).
 */
export function applyToPage(page: GuestPage, event: BerthEvent): GuestPage {
  if (event.type === 'guest.changed' && !page.rows.some(({ id }) => id === event.guest.id)) return page;
  if (event.type !== 'guest.changed' && event.type !== 'usage') return page;
  return { ...page, rows: applyToGuests(page.rows, event) };
}

/** One guest after an event. A removed one stays as it was: its page says that it is gone. */
export function applyToGuest(guest: GuestView, event: BerthEvent): GuestView {
  if (event.type === 'guest.changed' && event.guest.id === guest.id) return event.guest;
  if (event.type === 'usage') return withUsage(guest, event.guests);
  return guest;
}

export interface Me {
  user: { rights: RightsView } | null;
}

/** Who is signed in after an event: a guest that came into a project of theirs is within their rights. */
export function applyToMe<Who extends Me>(me: Who, event: BerthEvent): Who {
  if (event.type !== 'guest.changed' || !me.user) return me;
  const { id, project } = event.guest;
  const { rights } = me.user;
  const known = Object.hasOwn(rights.projects, project) ? rights.projects[project] : undefined;
  if (!known || known.guests.includes(id)) return me;
  const projects = { ...rights.projects, [project]: { ...known, guests: [...known.guests, id] } };
  return { ...me, user: { ...me.user, rights: { ...rights, projects } } };
}

/** The images after an event. */
export function applyToImages(images: ImageView[], event: BerthEvent): ImageView[] {
  if (event.type !== 'image.changed') return images;
  return upsert(images, event.image, (other) => other.name === event.image.name, 'last');
}

/** The volumes, sorted by name, after an event. */
export function applyToVolumes(volumes: VolumeView[], event: BerthEvent): VolumeView[] {
  if (event.type === 'volume.removed') return volumes.filter((volume) => volume.name !== event.name);
  if (event.type !== 'volume.changed') return volumes;
  const rows = upsert(volumes, event.volume, (other) => other.name === event.volume.name, 'last');
  return rows.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

export interface OperationFilter {
  subject?: string | undefined;
  status?: string | undefined;
  after?: string | undefined;
  limit?: number | undefined;
}

function matches(operation: OperationView, filter: OperationFilter): boolean {
  const { subject, status } = filter;
  if (status && operation.status !== status) return false;
  return !subject || operation.subject.id === subject || operation.subject.name === subject;
}

/** A list of operations, newest first, after an event, as its filter would have it. */
export function applyToOperations(
  operations: OperationView[],
  event: BerthEvent,
  filter: OperationFilter,
): OperationView[] {
  if (event.type !== 'operation.changed') return operations;
  const { operation } = event;
  const known = operations.some((other) => other.id === operation.id);
  if (!matches(operation, filter))
    return known ? operations.filter((other) => other.id !== operation.id) : operations;
  if (!known && filter.after) return operations;
  return upsert(operations, operation, (other) => other.id === operation.id, 'first');
}
