import type { Permission, RightsView } from './schema.ts';

/** A project as rights see it. */
export interface ProjectReach {
  name: string;
  /** Ids of its guests; as they come and go, also after this was read (GuestStore.guestsIn). */
  guests: ReadonlySet<string>;
}

/** Permissions of a person for one guest, for a project, or for everything. */
export interface Grant {
  permissions: ReadonlySet<Permission>;
  /** Id; null: not one guest alone. */
  guest: string | null;
  /** Left out or null: of no project alone. */
  project?: ProjectReach | null;
}

/** What somebody may do. `unlimited`: root of this host and the server itself. */
export type Rights = { unlimited: true } | { unlimited: false; grants: readonly Grant[] };

/** What a procedure is about: a guest by its id, a project by its name, or what only a right to everything covers. */
export type AccessObject = { guest: string } | { project: string } | 'everything';

/** The one place that decides who may do what. Pure. */
export function may(rights: Rights, permission: Permission, object: AccessObject): boolean {
  if (rights.unlimited) return true;
  return rights.grants.some((grant) => grant.permissions.has(permission) && isWithin(object, grant));
}

function isWithin(object: AccessObject, { guest, project }: Grant): boolean {
  if (guest === null && !project) return true;
  if (object === 'everything') return false;
  if ('project' in object) return guest === null && project?.name === object.project;
  return guest === null ? project?.guests.has(object.guest) === true : guest === object.guest;
}

/** What a grant is for. Pure. */
export function objectOf({ guest, project }: Pick<Grant, 'guest' | 'project'>): AccessObject {
  if (guest !== null) return { guest };
  return project ? { project: project.name } : 'everything';
}

/** The guests that somebody has a permission for; a list shows these and no others. Pure. */
export function reachOf(rights: Rights, permission: Permission): 'everything' | ReadonlySet<string> {
  if (may(rights, permission, 'everything') || rights.unlimited) return 'everything';
  const ids = new Set<string>();
  for (const { permissions, guest, project } of rights.grants) {
    if (!permissions.has(permission)) continue;
    if (guest !== null) ids.add(guest);
    else for (const id of project?.guests ?? []) ids.add(id);
  }
  return ids;
}

/** The projects that somebody has a permission for, by name. Pure. */
export function projectsOf(rights: Rights, permission: Permission): 'everything' | ReadonlySet<string> {
  if (may(rights, permission, 'everything') || rights.unlimited) return 'everything';
  return new Set(
    rights.grants.flatMap(({ permissions, guest, project }) =>
      permissions.has(permission) && guest === null && project ? [project.name] : [],
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
    if (project === null || (grant.guest === null && grant.project?.name === project.name))
      return [{ ...grant, permissions }];
    if (grant.guest !== null) return project.guests.has(grant.guest) ? [{ ...grant, permissions }] : [];
    return grant.project ? [] : [{ permissions, guest: null, project }];
  });
}

/** For the browser. Pure. */
export function rightsView(grants: readonly Grant[]): RightsView {
  const everywhere = new Set<Permission>();
  const guests: RightsView['guests'] = {};
  const projects: RightsView['projects'] = {};
  for (const { permissions, guest, project } of grants) {
    if (guest !== null) guests[guest] = [...new Set([...(guests[guest] ?? []), ...permissions])];
    else if (project) {
      const known = projects[project.name]?.permissions ?? [];
      const all = [...new Set([...known, ...permissions])];
      projects[project.name] = { permissions: all, guests: [...project.guests] };
    } else for (const permission of permissions) everywhere.add(permission);
  }
  return { everywhere: [...everywhere], guests, projects };
}
