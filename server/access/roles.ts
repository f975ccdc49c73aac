import type { z } from 'zod';
import { endSessionsOf } from '../auth/end-sessions.ts';
import type { Db } from '../db/client.ts';
import { AppError } from '../errors/app-error.ts';
import { covers, type Rights } from './may.ts';
import { builtIn, permissionsOf } from './read-grants.ts';
import { BUILT_IN_ROLES, type RoleView, type saveRoleInput } from './schema.ts';

/** All roles, those that are always there first. */
export async function listRoles(db: Pick<Db, 'role'>): Promise<RoleView[]> {
  const rows = await db.role.findMany({ orderBy: { name: 'asc' } });
  const always = Object.entries(BUILT_IN_ROLES).map(([name, { about, permissions }]) => ({
    ...{ name, about, permissions: [...permissions], builtIn: true },
  }));
  const made = rows.map(({ name, about, permissions }) => ({
    ...{ name, about, permissions: permissionsOf(permissions), builtIn: false },
  }));
  return [...always, ...made];
}

/**
 * Make a role or change it. Who loses by it is signed out everywhere within a second. Throws `illegal_state` for a role that is
 * always there, `forbidden` for one that allows more than the one who saves it may, before or after.
 */
export async function saveRole(
  tx: Pick<Db, 'role' | 'session' | 'apiToken'>,
  rights: Rights,
  input: z.output<typeof saveRoleInput>,
): Promise<RoleView> {
  const { name, about } = input;
  refuseBuiltIn(name, 'changed: make one of another name');
  const permissions = permissionsOf(input.permissions);
  const before = await tx.role.findUnique({ where: { name }, select: { permissions: true } });
  const all = new Set([...permissions, ...permissionsOf(before?.permissions ?? [])]);
  if (!covers(rights, [{ permissions: all, guest: null }])) {
    throw new AppError(
      'forbidden',
      `the role ${name} allows more than you may yourself: it is not yours to change`,
      {
        field: ['permissions'],
      },
    );
  }
  await tx.role.upsert({
    where: { name },
    create: { name, about, permissions },
    update: { about, permissions },
  });
  const lost = before?.permissions.some((one) => !permissions.some((kept) => kept === one)) ?? false;
  if (lost) await endSessionsOf(tx, { grants: { some: { role: name } } });
  return { name, about, permissions, builtIn: false };
}

/** Throws `not_found`, and `illegal_state` for one that is always there or that somebody has. */
export async function deleteRole(
  tx: Pick<Db, 'role' | 'grant' | 'setupLink'>,
  input: { name: string },
): Promise<{ name: string }> {
  const { name } = input;
  refuseBuiltIn(name, 'deleted');
  const grant = await tx.grant.findFirst({
    where: { role: name },
    select: { user: { select: { username: true } } },
  });
  if (grant) {
    throw new AppError('illegal_state', `${grant.user.username} has the role ${name}: take it away first`, {
      field: ['name'],
    });
  }
  await tx.setupLink.deleteMany({ where: { role: name } });
  const { count } = await tx.role.deleteMany({ where: { name } });
  if (count === 0)
    throw new AppError('not_found', `there is no role ${JSON.stringify(name)}`, { field: ['name'] });
  return { name };
}

function refuseBuiltIn(name: string, what: string): void {
  if (builtIn(name) === null) return;
  throw new AppError('illegal_state', `the role ${name} is always there and cannot be ${what}`, {
    field: ['name'],
  });
}
