import { projectsOf, type Rights } from '../access/may.ts';
import { AppError } from '../errors/app-error.ts';
import type { GuestServices } from '../guest/services.ts';
import { actorName } from '../operation/actor-name.ts';
import type { Actor } from '../platform.ts';
import type { DefaultsView, Opening } from './schema.ts';

/** Whose people a default is for. */
type Scope = { everybody: true } | { project: string } | { person: string };

interface Caller {
  actor: Actor;
  rights: Rights;
}

const personOf = (actor: Actor) => (actor.kind === 'user' ? actor.id : 'root');

function keyOf(scope: Scope): string {
  if ('everybody' in scope) return 'everybody';
  return 'project' in scope ? `project:${scope.project}` : `person:${scope.person}`;
}

/**
 * With which view *Guests* opens for whoever asks: the one that they chose, else that of the first of their projects which has one, by name,
 * else everybody's. A view that is deleted, or no view of the team any more, is none.
 */
export async function listDefaults(
  services: GuestServices,
  { actor, rights }: Caller,
): Promise<DefaultsView> {
  const { db, projects } = services;
  const own = keyOf({ person: personOf(actor) });
  const seen = projectsOf(rights, 'guest.view');
  const names = projects.all().map(({ name }) => name);
  const mine = seen === 'everything' ? names : names.filter((name) => seen.has(name));
  const rows = await db.defaultView.findMany({
    where: { OR: [{ scope: { in: [own, 'everybody'] } }, { project: { in: mine } }] },
    select: {
      scope: true,
      project: true,
      view: { select: { id: true, team: true, ownerId: true, deletedAt: true } },
    },
  });
  const viewFor = (scope: string) => {
    const view = rows.find((row) => row.scope === scope)?.view;
    if (!view || view.deletedAt || (!view.team && (scope !== own || view.ownerId !== personOf(actor))))
      return null;
    return view.id;
  };
  const ofProjects = mine.flatMap((project) => {
    const view = viewFor(keyOf({ project }));
    return view === null ? [] : [{ project, view }];
  });
  const everybody = viewFor('everybody');
  const row = rows.find(({ scope }) => scope === own);
  const hasOwn = row !== undefined && (row.view === null || viewFor(own) !== null);
  // Who sees all projects is of none more than of another.
  const team = seen === 'everything' ? undefined : ofProjects[0];
  const opening = (): Opening => {
    if (hasOwn) return { view: viewFor(own), of: 'you' };
    if (team) return { view: team.view, of: `project ${team.project}` };
    return everybody === null ? { view: null, of: null } : { view: everybody, of: 'everybody' };
  };
  return { opening: opening(), own: hasOwn ? { view: viewFor(own) } : null, everybody, projects: ofProjects };
}

/** Open *Guests* with a view that one sees, with all guests (`all`), or as one's teams have it (null). Throws `not_found`. */
export async function setOwnDefault(
  services: GuestServices,
  caller: Caller,
  view: string | null,
): Promise<DefaultsView> {
  const person = personOf(caller.actor);
  if (view !== null && view !== 'all') await requireView(services, view, { ...caller, isForOthers: false });
  return put(services, caller, { person }, view === 'all' ? { view: null } : view && { view });
}

/** The view with which *Guests* opens for everybody who chose none and whose project has none; null: none. Throws `not_found`, `bad_input`. */
export async function setDefault(
  services: GuestServices,
  caller: Caller,
  view: string | null,
): Promise<DefaultsView> {
  if (view !== null) await requireView(services, view, { ...caller, isForOthers: true });
  return put(services, caller, { everybody: true }, view && { view });
}

/** The same for the people of a project. Throws `not_found`, `bad_input`. */
export async function setProjectDefault(
  services: GuestServices,
  caller: Caller,
  { project, view }: { project: string; view: string | null },
): Promise<DefaultsView> {
  services.projects.get(project);
  if (view !== null) await requireView(services, view, { ...caller, isForOthers: true });
  return put(services, caller, { project }, view && { view });
}

async function put(
  services: GuestServices,
  caller: Caller,
  scope: Scope,
  to: { view: string | null } | '' | null,
): Promise<DefaultsView> {
  const { defaultView } = services.db;
  const key = keyOf(scope);
  if (to) {
    const data = { viewId: to.view, setBy: actorName(caller.actor) };
    const project = 'project' in scope ? scope.project : null;
    await defaultView.upsert({
      where: { scope: key },
      create: { scope: key, project, ...data },
      update: data,
      select: { scope: true },
    });
  } else await defaultView.deleteMany({ where: { scope: key } });
  services.events.publish({ type: 'views.changed' });
  return listDefaults(services, caller);
}

/** A view of the team; of their own too for a person. A private one of somebody else is not there. */
async function requireView(
  { db }: GuestServices,
  id: string,
  { actor, isForOthers }: { actor: Actor; isForOthers: boolean },
): Promise<void> {
  const row = await db.savedView.findUnique({
    where: { id },
    select: { name: true, team: true, ownerId: true, deletedAt: true },
  });
  const isOwn = row?.ownerId === personOf(actor);
  if (!row || row.deletedAt || !(row.team || isOwn))
    throw new AppError('not_found', `there is no view ${id}`, { field: ['view'] });
  if (row.team || !isForOthers) return;
  const message = `only you see the view ${row.name}: choose that everybody sees it before it is a default for others`;
  throw new AppError('bad_input', message, { field: ['view'] });
}
