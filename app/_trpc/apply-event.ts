import type { RightsView } from '../../server/access/schema.ts';
import type { BerthEvent } from '../../server/event/schema.ts';
import type { GuestUsage, GuestView } from '../../server/guest/schema.ts';
import type { GuestPage } from '../../server/guest/search-schema.ts';
import type { ImageView } from '../../server/image/schema.ts';
import type { OperationView } from '../../server/operation/schema.ts';
import type { Present } from '../../server/presence/schema.ts';
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

/**
 * A part of a search after an event: its rows are as they are now. Which guests are in it, and in which order, only the server
 * knows: it is asked again (search-again.ts).
 */
export function applyToPage(page: GuestPage, event: BerthEvent): GuestPage {
  if (event.type === 'guest.changed' && !page.rows.some(({ id }) => id === event.guest.id)) return page;
  if (event.type !== 'guest.changed' && event.type !== 'usage') return page;
  return { ...page, rows: page.rows.map((row) => applyToGuest(row, event)) };
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

/** Who is signed in after an event: a guest that came into a project of theirs, or has a tag of theirs now, is within their rights. */
export function applyToMe<Who extends Me>(me: Who, event: BerthEvent): Who {
  if (event.type !== 'guest.changed' || !me.user) return me;
  const { id, project, tags: has } = event.guest;
  const { rights } = me.user;
  const projects = joined(rights.projects, id, (name) => name === project);
  const tags = withTags(rights.tags, id, new Set(has));
  if (projects === rights.projects && tags === rights.tags) return me;
  return { ...me, user: { ...me.user, rights: { ...rights, projects, tags } } };
}

type Reach = RightsView['projects'];

/** The same where nothing changes, so that nothing is drawn anew. */
function joined(reach: Reach, id: string, isIn: (name: string) => boolean): Reach {
  const news = Object.entries(reach).filter(([name, { guests }]) => isIn(name) && !guests.includes(id));
  if (news.length === 0) return reach;
  const added = news.map(([name, one]) => [name, { ...one, guests: one.guests.concat(id) }]);
  return { ...reach, ...Object.fromEntries(added) };
}

/** A tag that is taken takes the right too. */
function withTags(reach: Reach, id: string, has: ReadonlySet<string>): Reach {
  const all = joined(reach, id, (tag) => has.has(tag));
  const lost = Object.entries(all).filter(([tag, { guests }]) => !has.has(tag) && guests.includes(id));
  if (lost.length === 0) return all;
  const left = lost.map(([tag, one]) => [
    tag,
    { ...one, guests: one.guests.filter((other) => other !== id) },
  ]);
  return { ...all, ...Object.fromEntries(left) };
}

/** Who looks at which guest, by its id, after an event. */
export function applyToPresence(
  presence: Record<string, Present[]>,
  event: BerthEvent,
): Record<string, Present[]> {
  const isGone = event.type === 'guest.removed' && Object.hasOwn(presence, event.id);
  if (event.type !== 'presence.changed' && !isGone) return presence;
  const { [event.type === 'presence.changed' ? event.guest : event.id]: _before, ...others } = presence;
  if (event.type !== 'presence.changed' || event.people.length === 0) return others;
  return { ...others, [event.guest]: event.people };
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
