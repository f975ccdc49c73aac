import { symmetricEncrypt } from 'better-auth/crypto';
import type { z } from 'zod';
import { covers } from '../access/may.ts';
import { PERMISSION_NAMES } from '../access/schema.ts';
import type { Db } from '../db/client.ts';
import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import { type Change, changePeople } from '../user/change-people.ts';
import type { UserServices } from '../user/services.ts';
import { accountOf, listProviders, noProvider } from './read-providers.ts';
import type { ProviderView, saveProviderInput } from './schema.ts';

const NAME = { name: true } as const;

/**
 * Set a provider up, or change it. Whoever runs it says who signs in, so it takes all permissions. With another issuer its links are gone:
 * who was who there says nothing of the new one, nor is the old secret told to it. Throws `forbidden`, `bad_input` on field `secret`.
 */
export async function saveProvider(
  services: UserServices,
  actor: Actor,
  input: z.output<typeof saveProviderInput>,
): Promise<ProviderView> {
  const { provider: name, label, issuer, clientId, secret } = input;
  const sealed = secret === undefined ? null : await symmetricEncrypt({ key: services.secret, data: secret });
  await changePeople(services, { actor, subject: { type: 'provider', id: null, name } }, async (change) => {
    requireAll(change);
    const before = await change.tx.oidcProvider.findUnique({ where: { name } });
    const kept = before?.issuer === issuer ? before.secret : null;
    const used = sealed ?? kept;
    if (used === null) {
      const why = before ? 'the issuer is another one' : `${name} is new`;
      throw new AppError('bad_input', `give the client secret: ${why}`, { field: ['secret'] });
    }
    const data = { label: label ?? before?.label ?? name, issuer, clientId, secret: used };
    const where = { name };
    await change.tx.oidcProvider.upsert({ where, create: { name, ...data }, update: data, select: NAME });
    if (before && before.issuer !== issuer)
      await change.tx.account.deleteMany({ where: { providerId: accountOf(name) } });
  });
  return oneProvider(services.db, name);
}

/** Nobody signs in with it any more; who has done so stays signed in. Throws `not_found`, `forbidden`. */
export async function deleteProvider(
  services: UserServices,
  actor: Actor,
  name: string,
): Promise<{ provider: string }> {
  await changePeople(services, { actor, subject: { type: 'provider', id: null, name } }, async (change) => {
    requireAll(change);
    const { count } = await change.tx.oidcProvider.deleteMany({ where: { name } });
    if (count === 0) throw noProvider(name);
    await change.tx.account.deleteMany({ where: { providerId: accountOf(name) } });
  });
  return { provider: name };
}

function requireAll({ rights }: Change): void {
  if (covers(rights, [{ permissions: new Set(PERMISSION_NAMES), guest: null }])) return;
  throw new AppError(
    'forbidden',
    'a provider says who signs in, so only who has every permission may set one: an admin, or root by berth oidc',
  );
}

async function oneProvider(db: Db, name: string): Promise<ProviderView> {
  const found = (await listProviders(db)).find(({ provider }) => provider === name);
  if (!found) throw noProvider(name);
  return found;
}
