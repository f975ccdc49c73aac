import { newId } from '../db/new-id.ts';
import { AppError } from '../errors/app-error.ts';
import { countGuests } from '../guest/search-guests.ts';
import type { GuestServices } from '../guest/services.ts';
import { actorName } from '../operation/actor-name.ts';
import type { Actor } from '../platform.ts';
import { type ChangeViewInput, type CreateViewInput, LAYOUTS, MOST_VIEWS, type SavedView } from './schema.ts';

type Row = NonNullable<Awaited<ReturnType<GuestServices['db']['savedView']['findUnique']>>>;
type Reach = 'everything' | ReadonlySet<string>;

/** ms that a deleted view can be brought back. */
const KEPT_MS = 7 * 24 * 3600 * 1000;

const idOf = (actor: Actor) => (actor.kind === 'user' ? actor.id : 'root');

/** One's own views and those of the team, by name, each with how many guests it finds. */
export async function listViews(
  services: GuestServices,
  actor: Actor,
  reach: Reach = 'everything',
): Promise<SavedView[]> {
  const rows = await services.db.savedView.findMany({
    where: { deletedAt: null, OR: [{ ownerId: idOf(actor) }, { team: true }] },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    take: MOST_VIEWS * 5,
  });
  return rows.map((row) => viewOf(services, actor, row, reach));
}

/** Keep a view. Throws `name_taken` on field `name`, `too_many`. What was deleted long ago goes for good. */
export async function createView(
  services: GuestServices,
  actor: Actor,
  input: CreateViewInput,
  reach?: Reach,
): Promise<SavedView> {
  const { db } = services;
  const ownerId = idOf(actor);
  await db.savedView.deleteMany({ where: { deletedAt: { lt: new Date(Date.now() - KEPT_MS) } } });
  const own = await db.savedView.count({ where: { ownerId, deletedAt: null } });
  if (own >= MOST_VIEWS)
    throw new AppError(
      'too_many',
      `you have ${own} views, which is as many as there can be: delete one first`,
    );
  await requireFreeName(services, ownerId, input.name);
  const row = await db.savedView.create({
    data: { ...input, id: newId(), ownerId, ownerName: actorName(actor) },
  });
  return told(services, actor, row, reach);
}

/** Change a view of one's own. Throws `not_found`, `forbidden`, `name_taken`. */
export async function changeView(
  services: GuestServices,
  actor: Actor,
  { id, ...change }: ChangeViewInput,
  reach?: Reach,
): Promise<SavedView> {
  const before = await ownView(services, actor, id, false);
  if (change.name !== undefined && change.name !== before.name)
    await requireFreeName(services, before.ownerId, change.name);
  const row = await services.db.savedView.update({ where: { id }, data: change });
  return told(services, actor, row, reach);
}

/** Delete a view of one's own; it can be brought back for a week. Throws `not_found`, `forbidden`. */
export async function deleteView(services: GuestServices, actor: Actor, id: string): Promise<{ id: string }> {
  await ownView(services, actor, id, false);
  await services.db.savedView.update({ where: { id }, data: { deletedAt: new Date() } });
  services.events.publish({ type: 'views.changed' });
  return { id };
}

/** Bring a deleted view back. Throws `not_found`, `forbidden`, `name_taken` when another has its name meanwhile. */
export async function restoreView(
  services: GuestServices,
  actor: Actor,
  id: string,
  reach?: Reach,
): Promise<SavedView> {
  const before = await ownView(services, actor, id, true);
  await requireFreeName(services, before.ownerId, before.name);
  const row = await services.db.savedView.update({ where: { id }, data: { deletedAt: null } });
  return told(services, actor, row, reach);
}

function told(services: GuestServices, actor: Actor, row: Row, reach: Reach = 'everything'): SavedView {
  services.events.publish({ type: 'views.changed' });
  return viewOf(services, actor, row, reach);
}

function viewOf(services: GuestServices, actor: Actor, row: Row, reach: Reach): SavedView {
  const { id, name, q, sort, group, columns, team, pinned, ownerName } = row;
  const layout = LAYOUTS.find((one) => one === row.layout) ?? '';
  return {
    ...{ id, name, q, sort, group, columns, layout, team, pinned, owner: ownerName },
    mine: mayChange(actor, row),
    count: countGuests(services, actor, q, reach),
  };
}

const mayChange = (actor: Actor, { ownerId }: Row) => actor.kind === 'root' || ownerId === idOf(actor);

/** A view of somebody else is not there unless it is the team's. */
async function ownView({ db }: GuestServices, actor: Actor, id: string, deleted: boolean): Promise<Row> {
  const row = await db.savedView.findUnique({ where: { id } });
  const isThere = row !== null && (row.deletedAt !== null) === deleted;
  if (!isThere || (!row.team && !mayChange(actor, row)))
    throw new AppError('not_found', `there is no view ${id}`);
  if (mayChange(actor, row)) return row;
  throw new AppError('forbidden', `the view ${row.name} is ${row.ownerName}'s: only they change it, or root`);
}

async function requireFreeName({ db }: GuestServices, ownerId: string, name: string): Promise<void> {
  const other = await db.savedView.findFirst({
    where: { ownerId, name, deletedAt: null },
    select: { id: true },
  });
  if (!other) return;
  throw new AppError('name_taken', `you have a view ${name} already: choose another name`, {
    field: ['name'],
  });
}
