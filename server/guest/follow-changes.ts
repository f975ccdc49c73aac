import type { Change, ChangeFeed } from '../db/change-feed.ts';
import { fromElsewhere } from '../event/from-elsewhere.ts';
import type { BerthEvent } from '../event/schema.ts';
import { viewOf as operationView, viewColumns } from '../operation/operation-row.ts';
import type { GuestRecord } from './record.ts';
import type { EditKey } from './record-schema.ts';
import type { GuestServices } from './services.ts';
import type { Refreshed } from './store.ts';
import { viewOf } from './view.ts';

/** What pages are told of a noun that nobody keeps in memory: they read it again. */
const TOLD: Record<string, BerthEvent['type'] & ('people.changed' | 'views.changed' | 'notices.changed')> = {
  people: 'people.changed',
  view: 'views.changed',
  notice: 'notices.changed',
};

/**
 * What servers of other hosts change in the database is known here, and told to the pages, as if it had been changed here. Call the
 * result to hear no more.
 */
export function followChanges(services: GuestServices, changes: ChangeFeed): () => Promise<void> {
  return changes.follow((change) => (change === 'everything' ? readAll(services) : read(services, change)));
}

async function read(services: GuestServices, { noun, key, isOwn }: Change): Promise<void> {
  const tell = (event: BerthEvent) => services.events.publish(fromElsewhere(event));
  if (noun === 'guest' && key !== null) return readGuest(services, key, isOwn);
  if (noun === 'project' && key !== null) {
    await services.projects.refresh(key);
    if (!isOwn) tell({ type: 'projects.changed' });
    return;
  }
  if (noun === 'host') return readHosts(services);
  if (isOwn) return;
  if (noun === 'operation' && key !== null) return readOperation(services, key);
  if (noun === 'setting') return tell({ type: 'trash.changed' });
  const type = TOLD[noun];
  if (type) tell({ type });
}

/** Also what this server has written itself: a row that was read before that and comes after it must not stay. */
async function readGuest(services: GuestServices, id: string, isOwn: boolean): Promise<void> {
  tellGuest(services, await services.guests.refresh(id), isOwn);
}

function tellGuest(services: GuestServices, { before, after }: Refreshed, isOwn: boolean): void {
  const { events } = services;
  const { id, name } = after ?? before ?? { id: '', name: '' };
  if (before === after) return;
  const tell = (event: BerthEvent) => events.publish(fromElsewhere(event));
  if ((before?.trash ?? null) !== null || (after?.trash ?? null) !== null) tell({ type: 'trash.changed' });
  if (after === null || after.trash !== null) {
    if (before && before.trash === null) tell({ type: 'guest.removed', id, name: before.name });
    return;
  }
  const from = before ? leftBy(before, after) : [];
  if (from.length > 0) tell({ type: 'guest.left', id, name, from });
  const edit = before && !isOwn ? editOf(before, after) : null;
  tell({ type: 'guest.changed', guest: viewOf(services, after), ...(edit && { edit }) });
}

/** The project and the tags that it is in no more. Pure. */
function leftBy(before: GuestRecord, after: GuestRecord): ({ project: string } | { tag: string })[] {
  const tags = before.tags.filter((tag) => !after.tags.includes(tag)).map((tag) => ({ tag }));
  return before.project === after.project ? tags : [{ project: before.project }, ...tags];
}

/** What was written by whom since; null: nothing was. Pure. */
function editOf(before: GuestRecord, after: GuestRecord): { by: string; what: EditKey[] } | null {
  const edits = Object.entries(after.edits).filter(([, edit]) => edit && edit.version > before.version);
  const by = edits.at(-1)?.[1]?.by;
  return by === undefined ? null : { by, what: edits.map(([key]) => key as EditKey) };
}

async function readOperation({ db, events }: GuestServices, id: string): Promise<void> {
  const row = await db.operation.findUnique({ where: { id }, select: viewColumns });
  if (row) events.publish(fromElsewhere({ type: 'operation.changed', operation: operationView(row) }));
}

/** Their guests are shown with where they are. */
async function readHosts(services: GuestServices): Promise<void> {
  const { events, guests, hosts } = services;
  await hosts.load();
  for (const record of guests.everywhere())
    events.publish(fromElsewhere({ type: 'guest.changed', guest: viewOf(services, record) }));
}

/** What was changed while no connection heard of it. */
async function readAll(services: GuestServices): Promise<void> {
  const { events, guests, hosts, projects } = services;
  await hosts.load();
  // Nobody else was there to change anything.
  if (hosts.isAlone() && guests.everyoneEverywhere().length === guests.everyone().length) return;
  await projects.refreshAll();
  for (const one of await guests.refreshAll()) tellGuest(services, one, false);
  for (const type of [...Object.values(TOLD), 'projects.changed', 'trash.changed'] as const)
    events.publish(fromElsewhere({ type }));
}
