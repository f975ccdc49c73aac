import type { Permission, RightsView } from './schema.ts';

/** Permissions of a person for one guest, or for everything. */
export interface Grant {
  permissions: ReadonlySet<Permission>;
  /** Id; null: everything. */
  guest: string | null;
}

/** What somebody may do. `unlimited`: root of this host and the server itself. */
export type Rights = { unlimited: true } | { unlimited: false; grants: readonly Grant[] };

/** What a procedure is about: a guest by its id, or what belongs to no guest, which only a right to everything covers. */
export type AccessObject = { guest: string } | 'everything';

/** The one place that decides who may do what. Pure. */
export function may(rights: Rights, permission: Permission, object: AccessObject): boolean {
  if (rights.unlimited) return true;
  return rights.grants.some(
    ({ permissions, guest }) =>
      permissions.has(permission) && (guest === null || (object !== 'everything' && guest === object.guest)),
  );
}

/** The guests that somebody has a permission for; a list shows these and no others. Pure. */
export function reachOf(rights: Rights, permission: Permission): 'everything' | ReadonlySet<string> {
  if (may(rights, permission, 'everything') || rights.unlimited) return 'everything';
  return new Set(
    rights.grants.flatMap(({ permissions, guest }) =>
      permissions.has(permission) && guest !== null ? [guest] : [],
    ),
  );
}

/** Whether somebody may do all that others may, so that nobody is given or taken more than the giver has. Pure. */
export function covers(rights: Rights, others: readonly Grant[]): boolean {
  return others.every(({ permissions, guest }) =>
    [...permissions].every((permission) =>
      may(rights, permission, guest === null ? 'everything' : { guest }),
    ),
  );
}

/** For the browser. Pure. */
export function rightsView(grants: readonly Grant[]): RightsView {
  const everywhere = new Set<Permission>();
  const guests: Record<string, Permission[]> = {};
  for (const { permissions, guest } of grants) {
    if (guest === null) for (const permission of permissions) everywhere.add(permission);
    else guests[guest] = [...new Set([...(guests[guest] ?? []), ...permissions])];
  }
  return { everywhere: [...everywhere], guests };
}
