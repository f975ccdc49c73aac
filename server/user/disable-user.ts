import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import { changePeople, endRights, findSubordinate, refuseSelf } from './change-people.ts';
import { listPeople } from './list-people.ts';
import type { PersonView } from './schema.ts';
import type { UserServices } from './services.ts';

/**
 * Let a user sign in no more, or again. Who is disabled is signed out everywhere within a second, terminals too. Throws
 * `not_found`, `forbidden`, and `illegal_state` for oneself and for the last administrator.
 */
export async function setDisabled(
  services: UserServices,
  actor: Actor,
  input: { username: string; disabled: boolean },
): Promise<PersonView> {
  await changePeople(services, { actor }, async (change) => {
    const person = await findSubordinate(change, input.username);
    if (input.disabled) refuseSelf(actor, person, 'disable');
    const disabledAt = input.disabled ? (person.disabledAt ?? new Date()) : null;
    await change.tx.user.update({ where: { id: person.id }, data: { disabledAt }, select: { id: true } });
    if (input.disabled) await endRights(change.tx, person);
  });
  return onePerson(services, input.username);
}

/** Delete a user with their sessions and roles; what they made stays. Throws as `setDisabled` does. */
export async function deleteUser(
  services: UserServices,
  actor: Actor,
  input: { username: string },
): Promise<{ username: string }> {
  await changePeople(services, { actor }, async (change) => {
    const person = await findSubordinate(change, input.username);
    refuseSelf(actor, person, 'delete');
    await endRights(change.tx, person);
    await change.tx.user.delete({ where: { id: person.id }, select: { id: true } });
  });
  return { username: input.username };
}

/** As they are now. Throws `not_found` when they were deleted meanwhile. */
export async function onePerson({ db }: UserServices, username: string): Promise<PersonView> {
  const [person] = await listPeople(db, { username });
  if (person) return person;
  throw new AppError('not_found', `the user ${username} was deleted meanwhile`, { field: ['username'] });
}
