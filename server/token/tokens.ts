import type { z } from 'zod';
import { permissionsOf, readRoles } from '../access/read-grants.ts';
import { auditWithChange } from '../audit/current-call.ts';
import { newSecret } from '../auth/api-token.ts';
import type { Db } from '../db/client.ts';
import { newId } from '../db/new-id.ts';
import { AppError } from '../errors/app-error.ts';
import type { UserServices } from '../user/services.ts';
import { type createOwnTokenInput, MOST_TOKENS, type NewToken, type TokenView } from './schema.ts';

const COLUMNS = {
  ...{ id: true, name: true, role: true, permissions: true, project: true, createdAt: true },
  ...{ expiresAt: true, usedAt: true, usedFrom: true, user: { select: { username: true } } },
} as const;
type Row = NonNullable<Awaited<ReturnType<typeof rowOf>>>;

const rowOf = (db: Pick<Db, 'apiToken'>, id: string) =>
  db.apiToken.findUnique({ where: { id }, select: COLUMNS });

function viewOf({ user, permissions, createdAt, expiresAt, usedAt, ...row }: Row): TokenView {
  return {
    ...row,
    username: user.username ?? '',
    permissions: permissionsOf(permissions),
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    usedAt: usedAt?.toISOString() ?? null,
  };
}

/** Those that there are, the newest first, of one user or of all; also those that are over, until they are deleted. */
export async function listTokens({ db }: UserServices, userId?: string): Promise<TokenView[]> {
  const where = userId === undefined ? {} : { userId };
  const rows = await db.apiToken.findMany({ where, orderBy: { createdAt: 'desc' }, select: COLUMNS });
  return rows.map(viewOf);
}

/**
 * Make a token of a user. It gives no right that the user does not have at the moment of each use. Throws `name_taken`, `not_found` for a role
 * or project, `bad_input` unless either a role or permissions are given, `too_many`.
 */
export async function createToken(
  services: UserServices,
  userId: string,
  input: z.output<typeof createOwnTokenInput>,
): Promise<NewToken> {
  const { db, events } = services;
  const { name, role = null, permissions = [], days } = input;
  if ((role === null) === (permissions.length === 0)) {
    throw new AppError('bad_input', 'say what the token may: by a role, or by permissions', {
      field: ['role'],
    });
  }
  const project = input.project === undefined ? null : services.project(input.project).name;
  const { secret, secretHash } = newSecret();
  const id = newId();
  const row = await db.$transaction(async (tx) => {
    if (role !== null && !(await readRoles(tx, [role])).has(role)) {
      throw new AppError('not_found', `there is no role ${JSON.stringify(role)}: see berth role ls`, {
        field: ['role'],
      });
    }
    const own = await tx.apiToken.findMany({ where: { userId }, select: { name: true } });
    if (own.some((one) => one.name === name)) {
      throw new AppError(
        'name_taken',
        `there is a token ${name} already: choose another name, or delete it`,
        {
          field: ['name'],
        },
      );
    }
    if (own.length >= MOST_TOKENS)
      throw new AppError('too_many', `there are ${own.length} tokens: delete one that is not used`);
    const expiresAt = new Date(Date.now() + days * 86_400_000);
    const made = await tx.apiToken.create({
      data: { id, name, secretHash, userId, role, permissions, project, expiresAt },
      select: COLUMNS,
    });
    await auditWithChange(tx);
    return made;
  });
  events.publish({ type: 'people.changed' });
  return { token: viewOf(row), secret };
}

/** It opens nothing more, and what it has open ends within a second. Throws `not_found`, also for one that is another user's. */
export async function deleteToken(
  { db, events }: UserServices,
  input: { token: string },
  userId?: string,
): Promise<{ token: string }> {
  await db.$transaction(async (tx) => {
    const owner = userId === undefined ? {} : { userId };
    const { count } = await tx.apiToken.deleteMany({ where: { id: input.token, ...owner } });
    if (count === 0) throw new AppError('not_found', 'there is no such token any more', { field: ['token'] });
    await auditWithChange(tx);
  });
  events.publish({ type: 'people.changed' });
  return input;
}
