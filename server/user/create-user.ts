import type { z } from 'zod';
import { RESERVED } from '../auth/create-admin.ts';
import { newId } from '../db/new-id.ts';
import { AppError } from '../errors/app-error.ts';
import { writeMail } from '../oidc/set-mail.ts';
import { actorName } from '../operation/actor-name.ts';
import type { Actor } from '../platform.ts';
import { changePeople, requireGrantable, type Scope, scopeOf } from './change-people.ts';
import { onePerson } from './disable-user.ts';
import { resetUser } from './invite-user.ts';
import type { createUserInput, NewLink, PersonView } from './schema.ts';
import type { Transaction, UserServices } from './services.ts';

/** Add a user with a role to the database. Throws `name_taken` on field `username`. */
export async function insertUser(
  tx: Transaction,
  user: { username: string; name: string; hash: string | null },
  grant: Scope & { role: string; createdBy: string },
): Promise<string> {
  const { username, name, hash } = user;
  if (RESERVED.has(username)) {
    throw new AppError('name_taken', `the user name ${username} is reserved: choose another`, {
      field: ['username'],
    });
  }
  if ((await tx.user.findUnique({ where: { username }, select: { id: true } })) !== null) {
    throw new AppError('name_taken', `the user name ${username} is taken: choose another`, {
      field: ['username'],
    });
  }
  const id = newId();
  const account = { id: newId(), accountId: id, providerId: 'credential', password: hash };
  await tx.user.create({
    data: {
      ...{ id, username, displayUsername: username, name: name === '' ? username : name },
      email: `${username}@berth.invalid`,
      ...(hash === null ? {} : { accounts: { create: account } }),
      grants: { create: { id: newId(), ...grant } },
    },
    select: { id: true },
  });
  return id;
}

/**
 * Make a user who has no password yet, and a link with which they set one: no password is on a command line. Throws `name_taken`
 * on field `username` or `mail`, `not_found` and `forbidden` on field `role`.
 */
export async function createUser(
  services: UserServices,
  actor: Actor,
  input: z.output<typeof createUserInput>,
): Promise<{ user: PersonView; link: NewLink }> {
  const { username, name, role } = input;
  const scope = scopeOf(services, input);
  await changePeople(services, { actor }, async (change) => {
    await requireGrantable(change, { role, ...scope });
    const grant = { role, ...scope, createdBy: actorName(actor) };
    const id = await insertUser(change.tx, { username, name, hash: null }, grant);
    if (input.mail !== undefined) await writeMail(change.tx, { id, username }, input.mail);
  });
  const link = await resetUser(services, actor, { username });
  return { user: await onePerson(services, username), link };
}
