import { may, type Rights, reachOf } from '../access/may.ts';
import type { Actor } from '../platform.ts';
import { ALARMS, type NoticeKind, type NoticeList, type NoticeView } from './schema.ts';
import type { NoticeServices, StoredNotice } from './services.ts';

/** Notices that are looked at for those that somebody may see. */
const LOOKED_AT = 500;

/** The newest ones, of the guests that somebody sees. */
export async function listNotices(
  { db }: Pick<NoticeServices, 'db'>,
  who: { actor: Actor; rights: Rights },
  { limit }: { limit: number },
): Promise<NoticeList> {
  const rows = await db.notice.findMany({ orderBy: { id: 'desc' }, take: LOOKED_AT });
  const seesAll = reachOf(who.rights, 'guest.view') === 'everything';
  const seen = seesAll ? rows : rows.filter((row) => isSeen(row, who.rights));
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

/** One of a guest that is gone is seen by who sees all of its project. */
function isSeen({ guestId, project }: StoredNotice, rights: Rights): boolean {
  if (guestId === null) return false;
  return (
    may(rights, 'guest.view', { guest: guestId }) ||
    (project !== null && may(rights, 'guest.view', { project }))
  );
}

function viewOf({ id, at, kind, guestId, guest, project, text }: StoredNotice): NoticeView {
  return {
    ...{ id: `${id}`, at: at.toISOString(), kind: kind as NoticeKind, project, text },
    guest: guestId === null ? null : { id: guestId, name: guest ?? '' },
  };
}
