import type { Db } from '../db/client.ts';
import type { LinkView, LoginView, PersonView } from './schema.ts';

/** Everybody, by user name. */
export async function listPeople(db: Db, where: { username?: string } = {}): Promise<PersonView[]> {
  const rows = await db.user.findMany({
    where,
    orderBy: { username: 'asc' },
    select: {
      ...{ id: true, username: true, name: true, privileged: true, disabledAt: true, createdAt: true },
      twoFactorEnabled: true,
      ...{ email: true, emailVerified: true },
      _count: { select: { passkeys: true } },
      grants: {
        select: { role: true, project: true, tag: true, guest: { select: { id: true, name: true } } },
        orderBy: { createdAt: 'asc' },
      },
      sessions: {
        where: { expiresAt: { gt: new Date() } },
        select: { updatedAt: true },
        orderBy: { updatedAt: 'desc' },
      },
    },
  });
  return rows.map(
    ({
      username,
      email,
      emailVerified,
      disabledAt,
      createdAt,
      sessions,
      twoFactorEnabled,
      _count,
      ...row
    }) => ({
      ...row,
      username: username ?? row.id,
      twoFactor: twoFactorEnabled === true,
      mail: emailVerified ? email : null,
      passkeys: _count.passkeys,
      disabledAt: disabledAt?.toISOString() ?? null,
      createdAt: createdAt.toISOString(),
      sessions: sessions.length,
      seenAt: sessions[0]?.updatedAt.toISOString() ?? null,
    }),
  );
}

/** Links that can still be used, the newest first. */
export async function listLinks(db: Db): Promise<LinkView[]> {
  const rows = await db.setupLink.findMany({
    where: { kind: { in: ['invite', 'reset'] }, expiresAt: { gt: new Date() } },
    orderBy: { createdAt: 'desc' },
    include: { guest: { select: { id: true, name: true } }, user: { select: { username: true } } },
  });
  return rows.map((row) => ({
    id: row.tokenHash,
    kind: row.kind === 'reset' ? 'reset' : 'invite',
    role: row.role,
    guest: row.guest,
    project: row.project,
    tag: row.tag,
    username: row.user?.username ?? null,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  }));
}

/** Where a person is signed in, the newest use first. */
export async function listLogins(db: Db, userId: string, current: string | null): Promise<LoginView[]> {
  const rows = await db.session.findMany({
    where: { userId, expiresAt: { gt: new Date() } },
    orderBy: { updatedAt: 'desc' },
    select: { id: true, ipAddress: true, userAgent: true, createdAt: true, updatedAt: true },
  });
  return rows.map(({ id, ipAddress, userAgent, createdAt, updatedAt }) => ({
    id,
    address: ipAddress || null,
    agent: userAgent || null,
    createdAt: createdAt.toISOString(),
    seenAt: updatedAt.toISOString(),
    current: id === current,
  }));
}
