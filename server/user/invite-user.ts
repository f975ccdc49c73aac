import type { z } from 'zod';
import { createLink } from '../auth/create-link.ts';
import { AppError } from '../errors/app-error.ts';
import { consoleUrl } from '../instance/console-url.ts';
import { actorName } from '../operation/actor-name.ts';
import type { Actor } from '../platform.ts';
import { changePeople, findSubordinate, requireGrantable, scopeOf } from './change-people.ts';
import type { inviteInput, NewLink } from './schema.ts';
import type { UserServices } from './services.ts';

/** A link, good once and for three days, that makes a user with a role. Throws `not_found` and `forbidden` on field `role`. */
export async function inviteUser(
  services: UserServices,
  actor: Actor,
  input: z.output<typeof inviteInput>,
): Promise<NewLink> {
  const scope = scopeOf(services, input);
  const link = await changePeople(services, { actor }, async (change) => {
    await requireGrantable(change, { role: input.role, ...scope });
    const createdBy = actorName(actor);
    return createLink(change.tx, { kind: 'invite', role: input.role, ...scope, createdBy });
  });
  return { ...link, url: `${consoleUrl(services.env)}${link.path}` };
}

/** A link, good once and for a day, that gives a user another password. Their older ones are void. Throws `not_found`, `forbidden`. */
export async function resetUser(
  services: UserServices,
  actor: Actor,
  input: { username: string },
): Promise<NewLink> {
  const link = await changePeople(services, { actor }, async (change) => {
    const { id } = await findSubordinate(change, input.username);
    await change.tx.setupLink.deleteMany({ where: { userId: id } });
    return createLink(change.tx, { kind: 'reset', userId: id, createdBy: actorName(actor) });
  });
  return { ...link, url: `${consoleUrl(services.env)}${link.path}` };
}

/** A link works no more. Throws `not_found`. */
export async function withdrawLink(
  services: UserServices,
  actor: Actor,
  input: { link: string },
): Promise<{ link: string }> {
  await changePeople(services, { actor }, async ({ tx }) => {
    const { count } = await tx.setupLink.deleteMany({
      where: { tokenHash: input.link, kind: { in: ['invite', 'reset'] } },
    });
    if (count === 0) throw new AppError('not_found', 'there is no such link any more', { field: ['link'] });
  });
  return input;
}
