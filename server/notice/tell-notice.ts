import type { Db } from '../db/client.ts';
import type { Happening } from './notice-of.ts';
import { quietOf, toldAt } from './quiet-hours.ts';
import type { NoticeServices } from './services.ts';

/** Notices that are kept, the newest; older ones go with the next. */
const MOST_NOTICES = 2000;

type Transaction = Parameters<Parameters<Db['$transaction']>[0]>[0];

/**
 * Write a notice down, and for each channel that wants it that it is due: now, or after its quiet hours. `first`: what is written
 * together with it; where that throws, nothing is.
 */
export async function tellNotice(
  services: NoticeServices,
  happening: Happening,
  first?: (tx: Transaction) => Promise<unknown>,
): Promise<void> {
  const { db, events, hosts } = services;
  const { kind, guest, project, text } = happening;
  const now = new Date();
  const id = await db.$transaction(async (tx) => {
    await first?.(tx);
    const data = { at: now, kind, guestId: guest?.id ?? null, guest: guest?.name ?? null, project, text };
    const notice = await tx.notice.create({ data, select: { id: true } });
    // Whoever deletes a channel, or its project, waits until the notice is written.
    await tx.$queryRaw`SELECT id FROM notice_channel ORDER BY id FOR KEY SHARE`;
    const channels = await tx.noticeChannel.findMany({
      where: { isOn: true, kinds: { has: kind }, OR: [{ project: null }, { project }] },
      select: { id: true, quietFrom: true, quietTo: true, timeZone: true },
    });
    await tx.noticeDelivery.createMany({
      data: channels.map(({ id: channelId, ...quiet }) => ({
        ...{ channelId, noticeId: notice.id, installationId: hosts.own },
        dueAt: toldAt(now, quietOf(quiet)),
      })),
    });
    return notice.id;
  });
  if (id % 100n === 0n) await forgetOld(services, id);
  events.publish({ type: 'notices.changed' });
  services.hurry();
}

/** What still waits for a channel stays until it is sent or given up. */
async function forgetOld({ db }: NoticeServices, newest: bigint): Promise<void> {
  await db.notice.deleteMany({
    where: { id: { lte: newest - BigInt(MOST_NOTICES) }, deliveries: { none: {} } },
  });
}
