import { auditWithChange } from '../audit/current-call.ts';
import type { Db } from '../db/client.ts';
import { AppError } from '../errors/app-error.ts';
import { accountOf, listOptions } from './read-providers.ts';
import type { LinkedView } from './schema.ts';

/** Providers that one is linked with. */
export async function listLinked(db: Db, userId: string): Promise<LinkedView[]> {
  const options = await listOptions(db);
  const providerId = { in: options.map(({ provider }) => accountOf(provider)) };
  const rows = await db.account.findMany({ where: { userId, providerId } });
  return options.flatMap((option) => {
    const row = rows.find((one) => one.providerId === accountOf(option.provider));
    return row ? [{ ...option, linkedAt: row.createdAt.toISOString() }] : [];
  });
}

/** One signs in with it no more. Throws `not_found`, and `illegal_state` when it is the only way in. */
export async function unlink(db: Db, userId: string, provider: string): Promise<{ provider: string }> {
  const providerId = accountOf(provider);
  await db.$transaction(async (tx) => {
    const others = await tx.account.count({ where: { userId, providerId: { not: providerId } } });
    const passkeys = await tx.passkey.count({ where: { userId } });
    if (others + passkeys === 0)
      throw new AppError(
        'illegal_state',
        'it is your only way to sign in: make a passkey, or ask who manages people for a link to set a password',
      );
    const { count } = await tx.account.deleteMany({ where: { userId, providerId } });
    if (count === 0)
      throw new AppError('not_found', `you are not linked with ${provider}`, { field: ['provider'] });
    await auditWithChange(tx);
  });
  return { provider };
}
