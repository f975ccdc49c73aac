import type { Permission, RightsView } from './schema.ts';

/** A project as rights see it. */
export interface ProjectReach {
  name: string;
  /** Ids of its guests; as they come and go, also after this was read (GuestStore.guestsIn). */
  guests: ReadonlySet<string>;
}

/** A tag as rights see it. */
export interface TagReach {
  name: string;
  /** Ids of the guests that have it; as it is given and taken, also after this was read. */
  guests: ReadonlySet<string>;
}

/** Permissions of a person for what is all that it names: one guest, a project, a tag; for everything where it names none. */
export interface Grant {
  permissions: ReadonlySet<Permission>;
  /** Id; null: not one guest alone. */
  guest: string | null;
  /** Left out or null: of no project alone. */
  project?: ProjectReach | null;
  /** Left out or null: with any tags. */
  tag?: TagReach | null;
}

/** What somebody may do. `unlimited`: root of this host and the server itself. */
export type Rights = { unlimited: true } | { unlimited: false; grants: readonly Grant[] };

/** What a procedure is about: a guest by its id, a project or all guests with a tag by its name, or what only a right to everything covers. */
export type AccessObject = { guest: string } | { project: string } | { tag: string } | 'everything';

/** The one place that decides who may do what. Pure. */
export function may(rights: Rights, permission: Permission, object: AccessObject): boolean {
  if (rights.unlimited) return true;
  return rights.grants.some((grant) => grant.permissions.has(permission) && isWithin(object, grant));
}

function isWithin(object: AccessObject, { guest, project, tag }: Grant): boolean {
  if (guest === null && !project && !tag) return true;
  if (object === 'everything') return false;
  if ('project' in object) return guest === null && !tag && project?.name === object.project;
  if ('tag' in object) return guest === null && !project && tag?.name === object.tag;
  const { guest: id } = object;
  return (
    (guest === null || guest === id) && (project?.guests.has(id) ?? true) && (tag?.guests.has(id) ?? true)
  );
}

/** What a grant as it is given is for: it names one of them at the most. Pure. */
export function objectOf({ guest, project, tag }: Pick<Grant, 'guest' | 'project' | 'tag'>): AccessObject {
  if (guest !== null) return { guest };
  if (tag) return { tag: tag.name };
  return project ? { project: project.name } : 'everything';
}

/** Ids of guests. */
export type Reach = 'everything' | ReadonlySet<string>;

/** The guests that somebody has a permission for, and those of another where it is named; a list shows these and no others. Pure. */
export function reachOf(rights: Rights, permission: Permission, also?: Permission): Reach {
  if (also !== undefined) return inBoth(reachOf(rights, permission), reachOf(rights, also));
  if (may(rights, permission, 'everything') || rights.unlimited) return 'everything';
  const ids = new Set<string>();
  for (const grant of rights.grants)
    if (grant.permissions.has(permission)) for (const id of guestsOf(grant)) ids.add(id);
  return ids;
}

function inBoth(one: Reach, other: Reach): Reach {
  if (one === 'everything') return other;
  return other === 'everything' ? one : new Set([...one].filter((id) => other.has(id)));
}

/** The guests that a grant for less than everything is about. Pure. */
function guestsOf(grant: Grant): string[] {
  const { guest, project, tag } = grant;
  const all = guest === null ? [...(project?.guests ?? tag?.guests ?? [])] : [guest];
  return all.filter((id) => isWithin({ guest: id }, grant));
}

/** The projects that somebody has a permission for, by name. Pure. */
export function projectsOf(rights: Rights, permission: Permission): 'everything' | ReadonlySet<string> {
  if (may(rights, permission, 'everything') || rights.unlimited) return 'everything';
  return new Set(
    rights.grants.flatMap(({ permissions, guest, project, tag }) =>
      permissions.has(permission) && guest === null && !tag && project ? [project.name] : [],
    ),
  );
}

/** Whether somebody may do all that others may, so that nobody is given or taken more than the giver has. Pure. */
export function covers(rights: Rights, others: readonly Grant[]): boolean {
  return others.every((other) =>
    [...other.permissions].every((permission) => may(rights, permission, objectOf(other))),
  );
}

/** What of somebody's grants a token has: those permissions, and within its project where it has one. Pure. */
export function narrow(
  grants: readonly Grant[],
  to: { permissions: ReadonlySet<Permission>; project: ProjectReach | null },
): Grant[] {
  const { project } = to;
  return grants.flatMap((grant): Grant[] => {
    const permissions = new Set([...grant.permissions].filter((one) => to.permissions.has(one)));
    if (project === null) return [{ ...grant, permissions }];
    if (grant.project && grant.project.name !== project.name) return [];
    return [{ ...grant, permissions, project }];
  });
}

/** For the browser. Pure. */
export function rightsView(grants: readonly Grant[]): RightsView {
  const everywhere = new Set<Permission>();
  const guests: RightsView['guests'] = {};
  const projects: RightsView['projects'] = {};
  const tags: RightsView['tags'] = {};
  for (const grant of grants) {
    const { permissions, guest, project, tag } = grant;
    const all = (known: readonly Permission[] = []) => [...new Set([...known, ...permissions])];
    // What is narrower than a whole project or tag is told by its guests, as they are now.
    if (guest !== null || (project && tag)) for (const id of guestsOf(grant)) guests[id] = all(guests[id]);
    else if (project)
      projects[project.name] = {
        ...{ permissions: all(projects[project.name]?.permissions), guests: [...project.guests] },
      };
    else if (tag) tags[tag.name] = { permissions: all(tags[tag.name]?.permissions), guests: [...tag.guests] };
    else for (const permission of permissions) everywhere.add(permission);
  }
  return { everywhere: [...everywhere], guests, projects, tags };
}
