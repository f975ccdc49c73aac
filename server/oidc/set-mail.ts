import type { z } from 'zod';
import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import { changePeople, findSubordinate } from '../user/change-people.ts';
import { onePerson } from '../user/disable-user.ts';
import type { PersonView } from '../user/schema.ts';
import type { Transaction, UserServices } from '../user/services.ts';
import type { setMailInput } from './schema.ts';

/**
 * Say which mail address is a user's, so that whoever a provider has verified it for signs in as them; with another one, whoever was
 * linked until then is not any more. Throws `not_found`, `forbidden` for who may do more than the actor, `name_taken` on field `mail`.
 */
export async function setMail(
  services: UserServices,
  actor: Actor,
  { username, mail }: z.output<typeof setMailInput>,
): Promise<PersonView> {
  await changePeople(services, { actor }, async (change) => {
    const { tx } = change;
    const { id } = await findSubordinate(change, username);
    const before = await tx.user.findUnique({ where: { id }, select: { email: true } });
    await writeMail(tx, { id, username }, mail);
    if (before?.email === mail?.toLowerCase()) return;
    await tx.account.deleteMany({ where: { userId: id, providerId: { not: 'credential' } } });
  });
  return onePerson(services, username);
}

/** Throws `name_taken` and `bad_input` on field `mail`. */
export async function writeMail(
  tx: Transaction,
  { id, username }: { id: string; username: string },
  mail: string | null,
): Promise<void> {
  const email = mail === null ? `${username}@berth.invalid` : mail.toLowerCase();
  if (email.endsWith('@berth.invalid') && mail !== null)
    throw new AppError('bad_input', `${mail} is nobody's address: give a real one`, { field: ['mail'] });
  if ((await tx.user.count({ where: { email, id: { not: id } } })) > 0)
    throw new AppError('name_taken', `the address ${mail} is another user's`, { field: ['mail'] });
  const data = { email, emailVerified: mail !== null };
  await tx.user.update({ where: { id }, data, select: { id: true } });
}
