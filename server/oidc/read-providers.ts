import { symmetricDecrypt } from 'better-auth/crypto';
import type { Db } from '../db/client.ts';
import { AppError } from '../errors/app-error.ts';
import type { ProviderOption, ProviderView } from './schema.ts';

/** Of `auth_account`. */
export const accountOf = (provider: string) => `oidc:${provider}`;

/** Those there are, for the buttons. */
export function listOptions(db: Db): Promise<ProviderOption[]> {
  return listProviders(db).then((all) => all.map(({ provider, label }) => ({ provider, label })));
}

/** Without their secrets, which nobody is shown again. */
export async function listProviders(db: Db): Promise<ProviderView[]> {
  const rows = await db.oidcProvider.findMany({
    orderBy: { name: 'asc' },
    select: { name: true, label: true, issuer: true, clientId: true, createdAt: true },
  });
  const linked = await db.account.groupBy({ by: ['providerId'], _count: { _all: true } });
  const people = new Map(linked.map((one) => [one.providerId, one._count._all]));
  return rows.map(({ name, createdAt, ...row }) => ({
    ...row,
    provider: name,
    people: people.get(accountOf(name)) ?? 0,
    createdAt: createdAt.toISOString(),
  }));
}

/** With its secret, for the provider alone. Throws `not_found` on field `provider`, `illegal_state`. */
export async function readProvider(db: Db, name: string, key: string) {
  const row = await db.oidcProvider.findUnique({ where: { name } });
  if (row === null) throw noProvider(name);
  const secret = await symmetricDecrypt({ key, data: row.secret }).catch((cause: unknown) => {
    const message = `the secret of ${name} is of another data folder: set it again with berth oidc set`;
    throw new AppError('illegal_state', message, { cause });
  });
  return { ...row, secret };
}

/** What is thrown for a name that is none. */
export function noProvider(name: string): AppError {
  const message = `there is no provider ${JSON.stringify(name)}: see berth oidc ls`;
  return new AppError('not_found', message, { field: ['provider'] });
}
