import { z } from 'zod';

/** Everything that a role can allow, with what a refusal calls it. */
export const PERMISSIONS = {
  'guest.view': 'see guests and what happens to them',
  'guest.create': 'make guests',
  'guest.run': 'start, stop and freeze guests and signal their processes',
  'guest.configure': 'change guests',
  'guest.delete': 'delete guests',
  'console.watch': 'look at the terminals of guests',
  'console.use': 'open terminals and run commands in guests',
  'image.view': 'see images',
  'image.manage': 'build and delete images',
  'volume.view': 'see volumes',
  'volume.manage': 'make and delete volumes and mount them in guests',
  'host.view': 'see this host',
  'host.mend': 'mend what differs from the inventory',
  'project.manage': 'make projects and set their quotas',
  'people.view': 'see who may do what',
  'people.manage': 'invite people and say what they may do',
  'audit.view': 'see who did what',
  'notice.manage': 'say where notices go: webhooks and mail',
} as const;

export type Permission = keyof typeof PERMISSIONS;
export const PERMISSION_NAMES = Object.keys(PERMISSIONS) as Permission[];

const VIEW = PERMISSION_NAMES.filter((name) => /^(guest|image|volume|host)\.view$/.test(name));

/** Roles that are always there; their names cannot be taken by others. */
export const BUILT_IN_ROLES = {
  admin: { about: 'everything, people included', permissions: PERMISSION_NAMES },
  operator: {
    about: 'everything but to say what people may do',
    permissions: PERMISSION_NAMES.filter((name) => name !== 'people.manage'),
  },
  user: {
    about: 'guests, their terminals and volumes',
    permissions: PERMISSION_NAMES.filter(
      (name) => /^(guest|console|volume)\./.test(name) || VIEW.includes(name),
    ),
  },
  viewer: { about: 'look at everything, terminals included', permissions: [...VIEW, 'console.watch'] },
} as const satisfies Record<string, { about: string; permissions: readonly Permission[] }>;

export const roleName = z
  .string()
  .min(2, 'a role has a name of at least 2 characters')
  .max(32, 'a role has a name of at most 32 characters')
  .regex(/^[a-z][a-z0-9-]*$/, 'a role is named with lower-case letters, digits and hyphens');

export const saveRoleInput = z.object({
  name: roleName,
  about: z.string().trim().max(200, 'what a role is for has at most 200 characters').default(''),
  permissions: z
    .array(
      z.enum(PERMISSION_NAMES, { error: 'a permission is one of those that berth role ls --json names' }),
    )
    .min(1, 'a role allows something')
    .max(PERMISSION_NAMES.length),
});
export const roleRef = z.object({ name: z.string().min(1, 'name a role').max(32) });

export interface RoleView {
  name: string;
  about: string;
  permissions: Permission[];
  builtIn: boolean;
}

/** A role of a person: for one guest, for those with a tag, for a project, or everywhere. */
export interface GrantView {
  role: string;
  guest: { id: string; name: string } | null;
  project: string | null;
  /** For all guests with this tag. */
  tag: string | null;
}

/** What a signed-in person may do, so that the page offers just that. The server decides again. */
export interface RightsView {
  everywhere: Permission[];
  /** Further ones, by the guest's id. */
  guests: Record<string, Permission[]>;
  /** And by the project's name, with the ids of its guests. */
  projects: Record<string, { permissions: Permission[]; guests: string[] }>;
  /** And by the tag, with the ids of the guests that have it. */
  tags: Record<string, { permissions: Permission[]; guests: string[] }>;
}
