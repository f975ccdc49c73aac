import { projectsOf, type Rights, reachOf } from '../access/may.ts';
import type { Prisma } from '../db/generated/client.ts';
import type { Actor } from '../platform.ts';
import { ALARMS, type NoticeKind, type NoticeList, type NoticeView } from './schema.ts';
import type { NoticeServices, StoredNotice } from './services.ts';

/** So many are counted for those that somebody has not read. */
const COUNTED = 200;

/** The newest ones, of the guests that somebody sees. */
export async function listNotices(
  { db }: Pick<NoticeServices, 'db'>,
  who: { actor: Actor; rights: Rights },
  { limit }: { limit: number },
): Promise<NoticeList> {
  const seen = await db.notice.findMany({
    where: seenBy(who.rights),
    orderBy: { id: 'desc' },
    take: Math.max(limit, COUNTED),
  });
  const { actor } = who;
  const notices = seen.slice(0, limit).map(viewOf);
  if (actor.kind !== 'user') return { notices, unread: 0, readUpTo: notices[0]?.id ?? '0' };
  const upTo = (await db.noticeSeen.findUnique({ where: { userId: actor.id } }))?.upTo ?? 0n;
  const unread = seen.filter(({ id, kind }) => id > upTo && ALARMS.some((one) => one === kind)).length;
  return { notices, unread, readUpTo: `${upTo}` };
}

/** Somebody has read them up to this one; never fewer than before. */
export async function markSeen(
  { db }: Pick<NoticeServices, 'db'>,
  actor: Actor,
  { upTo }: { upTo: string },
): Promise<{ upTo: string }> {
  if (actor.kind !== 'user') return { upTo };
  const userId = actor.id;
  const before = await db.noticeSeen.findUnique({ where: { userId } });
  const newest = await db.notice.findFirst({ orderBy: { id: 'desc' }, select: { id: true } });
  // What has not happened yet was not read.
  const asked = BigInt(upTo) > (newest?.id ?? 0n) ? (newest?.id ?? 0n) : BigInt(upTo);
  const to = before && before.upTo > asked ? before.upTo : asked;
  await db.noticeSeen.upsert({ where: { userId }, create: { userId, upTo: to }, update: { upTo: to } });
  return { upTo: `${to}` };
}

/** Those of the guests that somebody sees; one of a guest that is gone is seen by who sees all of its project. */
function seenBy(rights: Rights): Prisma.NoticeWhereInput {
  const reach = reachOf(rights, 'guest.view');
  const projects = projectsOf(rights, 'guest.view');
  if (reach === 'everything' || projects === 'everything') return {};
  return { OR: [{ guestId: { in: [...reach] } }, { project: { in: [...projects] } }] };
}

function viewOf({ id, at, kind, guestId, guest, project, text }: StoredNotice): NoticeView {
  return {
    ...{ id: `${id}`, at: at.toISOString(), kind: kind as NoticeKind, project, text },
    guest: guestId === null ? null : { id: guestId, name: guest ?? '' },
  };
}
