import type { z } from 'zod';
import { auditWithChange } from '../audit/current-call.ts';
import { hashToken } from '../auth/create-link.ts';
import { hashPassword } from '../auth/hash-password.ts';
import { newId } from '../db/new-id.ts';
import { AppError } from '../errors/app-error.ts';
import { endSessions } from './change-people.ts';
import { insertUser } from './create-user.ts';
import type { acceptLinkInput, OpenLink } from './schema.ts';
import type { Transaction, UserServices } from './services.ts';

async function findLink(tx: Pick<Transaction, 'setupLink'>, token: string) {
  const link = await tx.setupLink.findFirst({
    where: {
      tokenHash: hashToken(token),
      kind: { in: ['invite', 'reset'] },
      expiresAt: { gt: new Date() },
      // A reset does not let in who is disabled.
      OR: [{ userId: null }, { user: { disabledAt: null } }],
    },
    include: {
      user: { select: { id: true, username: true } },
      guest: { select: { id: true, name: true } },
    },
  });
  if (link) return link;
  throw new AppError('forbidden', 'the link was used, withdrawn or is too old: ask for another', {
    field: ['token'],
  });
}

/** What a link is for. Throws `forbidden` for one that does not work. */
export async function readLink(services: UserServices, input: { token: string }): Promise<OpenLink> {
  const { kind, role, user, guest, project, tag } = await findLink(services.db, input.token);
  return {
    kind: kind === 'reset' ? 'reset' : 'invite',
    role,
    username: user?.username ?? null,
    guest: guest?.name ?? null,
    project,
    tag,
  };
}

/**
 * Use up a link: make the user, or set the password and end all sessions of the user. Both or neither. Throws `forbidden` for a
 * link that does not work, `bad_input` and `name_taken` on field `username`.
 */
export async function acceptLink(
  services: UserServices,
  input: z.output<typeof acceptLinkInput>,
): Promise<{ username: string }> {
  const { db, events } = services;
  const { token, password, name } = input;
  // A wrong token costs no hash.
  await findLink(db, token);
  const hash = await hashPassword(password);
  const username = await db.$transaction(async (tx) => {
    const link = await findLink(tx, token);
    const { count } = await tx.setupLink.deleteMany({ where: { tokenHash: link.tokenHash } });
    if (count !== 1) await findLink(tx, token);
    if (link.user) {
      await setPassword(tx, link.user.id, hash);
      await auditWithChange(tx, { type: 'user', id: link.user.id, name: link.user.username ?? link.user.id });
      return link.user.username ?? link.user.id;
    }
    if (input.username === undefined) {
      throw new AppError('bad_input', 'choose a user name to sign in with', { field: ['username'] });
    }
    const { guestId, project, tag, createdBy } = link;
    const user = { username: input.username, name, hash };
    await insertUser(tx, user, { role: link.role ?? 'viewer', guestId, project, tag, createdBy });
    await auditWithChange(tx, { type: 'user', id: null, name: input.username });
    return input.username;
  });
  events.publish({ type: 'people.changed' });
  return { username };
}

/** Every session of the user ends, but for one that is named. */
export async function setPassword(
  tx: Transaction,
  userId: string,
  hash: string,
  keep: string | null = null,
): Promise<void> {
  await tx.account.upsert({
    where: { providerId_accountId: { providerId: 'credential', accountId: userId } },
    create: { id: newId(), userId, accountId: userId, providerId: 'credential', password: hash },
    update: { password: hash },
    select: { id: true },
  });
  await tx.setupLink.deleteMany({ where: { userId } });
  if (keep === null) {
    await endSessions(tx, userId);
    // Whoever had the old password may have made some.
    await tx.apiToken.deleteMany({ where: { userId } });
    await tx.passkey.deleteMany({ where: { userId } });
    await tx.account.deleteMany({ where: { userId, providerId: { not: 'credential' } } });
  } else await tx.session.deleteMany({ where: { userId, id: { not: keep } } });
}
