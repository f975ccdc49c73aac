import type { Actor } from '../platform.ts';
import { changePeople, findSubordinate } from './change-people.ts';
import { onePerson } from './disable-user.ts';
import type { PersonView } from './schema.ts';
import type { UserServices } from './services.ts';

/**
 * Forget a user's device for codes and their passkeys, for who has lost them and the recovery codes: they sign in with the password
 * alone until they set up another. Throws `not_found`, `forbidden` for who may do more than the actor.
 */
export async function forgetDevice(
  services: UserServices,
  actor: Actor,
  input: { username: string },
): Promise<PersonView> {
  await changePeople(services, { actor }, async (change) => {
    const { id } = await findSubordinate(change, input.username);
    await change.tx.twoFactor.deleteMany({ where: { userId: id } });
    await change.tx.passkey.deleteMany({ where: { userId: id } });
    await change.tx.user.update({ where: { id }, data: { twoFactorEnabled: false }, select: { id: true } });
  });
  return onePerson(services, input.username);
}
