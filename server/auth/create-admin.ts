import type { z } from 'zod';
import { auditWithChange } from '../audit/current-call.ts';
import type { Db } from '../db/client.ts';
import { newId } from '../db/new-id.ts';
import { AppError } from '../errors/app-error.ts';
import { hashToken } from './create-link.ts';
import { hashPassword } from './hash-password.ts';
import type { createAdminInput } from './schema.ts';

/** Names without a person behind them: they would be mistaken for the actor `root` and the like. */
export const RESERVED = new Set(['root', 'system', 'berth', 'policy']);

/**
 * Use up a link and make an administrator, both or neither. Throws AppError: `forbidden` for a link that is
 * unknown, used or late; `name_taken` on field `username`.
 */
export async function createAdmin(
  db: Db,
  input: z.output<typeof createAdminInput>,
): Promise<{ username: string }> {
  const { token, username, password } = input;
  if (RESERVED.has(username)) {
    throw new AppError('name_taken', `the user name ${username} is reserved: choose another`, {
      field: ['username'],
    });
  }
  const tokenHash = hashToken(token);
  const link = await db.setupLink.findFirst({
    where: { tokenHash, kind: 'admin', expiresAt: { gt: new Date() } },
    select: { tokenHash: true },
  });
  if (link === null) throw badLink();
  const hash = await hashPassword(password);
  await db.$transaction(async (tx) => {
    const { count } = await tx.setupLink.deleteMany({
      where: { tokenHash, kind: 'admin', expiresAt: { gt: new Date() } },
    });
    if (count !== 1) throw badLink();
    if ((await tx.user.findUnique({ where: { username }, select: { id: true } })) !== null) {
      throw new AppError('name_taken', `the user name ${username} is taken: choose another`, {
        field: ['username'],
      });
    }
    const id = newId();
    await tx.user.create({
      data: {
        id,
        name: input.name === '' ? username : input.name,
        username,
        displayUsername: username,
        email: `${username}@berth.invalid`,
        accounts: { create: { id: newId(), accountId: id, providerId: 'credential', password: hash } },
        grants: { create: { id: newId(), role: 'admin', createdBy: 'root' } },
      },
      select: { id: true },
    });
    await tx.setupLink.deleteMany({ where: { kind: 'admin' } });
    await auditWithChange(tx, { type: 'user', id, name: username });
  });
  return { username };
}

function badLink(): AppError {
  return new AppError('forbidden', 'the link was used or is too old: make another with berth admin link', {
    field: ['token'],
  });
}
