import type { z } from 'zod';
import { newId } from '../db/new-id.ts';
import { AppError } from '../errors/app-error.ts';
import { actorName } from '../operation/actor-name.ts';
import type { Actor } from '../platform.ts';
import { changePeople, endRights, findSubordinate, requireGrantable, scopeOf } from './change-people.ts';
import { onePerson } from './disable-user.ts';
import type { grantInput, PersonView } from './schema.ts';
import type { UserServices } from './services.ts';

/**
 * Give a user a role, everywhere, for a project, for a tag or for one guest; they have it at once. Throws `not_found` (user, role, guest, project) and `forbidden` for a
 * role that allows more than the actor may.
 */
export async function grantRole(
  services: UserServices,
  actor: Actor,
  input: z.output<typeof grantInput>,
): Promise<PersonView> {
  const { username, role } = input;
  const scope = scopeOf(services, input);
  await changePeople(services, { actor }, async (change) => {
    const { tx } = change;
    const { id: userId } = await findSubordinate(change, username);
    await requireGrantable(change, { role, ...scope });
    if ((await tx.grant.count({ where: { userId, role, ...scope } })) > 0) return;
    await tx.grant.create({
      data: { id: newId(), userId, role, ...scope, createdBy: actorName(actor) },
      select: { id: true },
    });
  });
  return onePerson(services, username);
}

/**
 * Take a role away again; the user is signed out everywhere within a second, so that nothing stays open that could not be opened any
 * more. Throws `not_found` for a role that the user does not have there, `forbidden`, `illegal_state` for the last administrator.
 */
export async function takeRole(
  services: UserServices,
  actor: Actor,
  input: z.output<typeof grantInput>,
): Promise<PersonView> {
  const { username, role } = input;
  const scope = scopeOf(services, input);
  await changePeople(services, { actor }, async (change) => {
    const { tx } = change;
    const person = await findSubordinate(change, username);
    const { count } = await tx.grant.deleteMany({ where: { userId: person.id, role, ...scope } });
    if (count === 0) {
      const where =
        (input.guest && `for guest ${input.guest}`) ||
        (input.project && `in project ${input.project}`) ||
        (input.tag && `for the tag ${input.tag}`) ||
        'everywhere';
      throw new AppError('not_found', `${username} does not have the role ${role} ${where}`, {
        field: ['role'],
      });
    }
    await endRights(tx, person);
  });
  return onePerson(services, username);
}
