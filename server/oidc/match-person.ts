import type { Db } from '../db/client.ts';
import { newId } from '../db/new-id.ts';
import { AppError } from '../errors/app-error.ts';
import type { Claims } from './ask-provider.ts';
import { accountOf } from './read-providers.ts';

/**
 * Whose account here is meant by who came from a provider: the one linked with it, else the one of which somebody who manages people has
 * said that it has this verified mail address, which is linked by that. Not so for who has a second factor or reaches the host: they link
 * it themselves, with their password. Resolves to the user's id, or to null.
 */
export async function matchPerson(
  tx: Pick<Db, 'account' | 'user'>,
  provider: string,
  { sub, mail }: Claims,
): Promise<string | null> {
  const providerId = accountOf(provider);
  const where = { providerId_accountId: { providerId, accountId: sub } };
  const linked = await tx.account.findUnique({ where, select: { userId: true } });
  if (linked) return linked.userId;
  if (mail === null) return null;
  const user = await tx.user.findFirst({
    where: {
      ...{ email: mail, emailVerified: true, privileged: false },
      // Prisma: not true is also null.
      OR: [{ twoFactorEnabled: false }, { twoFactorEnabled: null }],
      ...{ passkeys: { none: {} }, accounts: { none: { providerId } } },
    },
    select: { id: true },
  });
  if (user === null) return null;
  await linkAccount(tx, { userId: user.id, provider, sub });
  return user.id;
}

/** Throws `name_taken` when either is linked already: nobody is moved silently. */
export async function linkAccount(
  tx: Pick<Db, 'account'>,
  { userId, provider, sub }: { userId: string; provider: string; sub: string },
): Promise<void> {
  const providerId = accountOf(provider);
  const either = { providerId, OR: [{ accountId: sub }, { userId }] };
  const there = await tx.account.findMany({ where: either, select: { userId: true, accountId: true } });
  if (there.some((one) => one.userId === userId && one.accountId === sub)) return;
  if (there.length > 0)
    throw new AppError(
      'name_taken',
      `that account of ${provider} is linked already, or you are with another one`,
    );
  await tx.account.create({
    data: { id: newId(), providerId, accountId: sub, userId },
    select: { id: true },
  });
}
