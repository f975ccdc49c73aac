import type { Db } from '../db/client.ts';
import { explainDatabase } from '../errors/explain-database.ts';
import { toldAt } from './quiet-hours.ts';
import { sendMail } from './send-mail.ts';
import { sendWebhook } from './send-webhook.ts';
import type { NoticeServices, StoredNotice } from './services.ts';
import { quietOf } from './tell-notice.ts';

/** Notices that go together at the most. */
const MOST_AT_ONCE = 100;
/** ms until a channel that has failed is tried again, doubled each time, and until it is given up. */
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** About a day. */
const MOST_TRIES = 30;
/** ms at the most until it is looked again, whatever happens: clocks are set. */
const LOOK_MS = 60_000;

type Channel = Awaited<ReturnType<Db['noticeChannel']['findUniqueOrThrow']>>;

/** How something is sent to a channel; throws with why it could not be. */
export type Send = (channel: Channel, notices: readonly StoredNotice[]) => Promise<void>;

export const send: Send = (channel, notices) =>
  channel.kind === 'mail' ? sendMail(channel, notices) : sendWebhook(channel, notices);

/**
 * Sends what waits, in order and each at least once: what is taken is forgotten after it was taken, so that a server that is killed in
 * between sends it again. One channel that does not answer holds up no other.
 */
export class NoticeSender {
  readonly #services: Pick<NoticeServices, 'db' | 'events' | 'log'>;
  readonly #send: Send;
  readonly #busy = new Map<string, Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(services: Pick<NoticeServices, 'db' | 'events' | 'log'>, how: Send = send) {
    this.#services = services;
    this.#send = how;
  }

  /** Look for what is due, now and from now on. */
  hurry(): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.hurry(), LOOK_MS).unref();
    this.#look().catch((error: unknown) => {
      // The database is away: it is looked again.
      if (explainDatabase(error)?.code !== 'unavailable')
        this.#services.log.error('cannot look for notices to send', { error });
    });
  }

  /** Nothing further; waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await Promise.all(this.#busy.values());
  }

  async #look(): Promise<void> {
    const due = await this.#services.db.noticeDelivery.findMany({
      where: { dueAt: { lte: new Date() }, channel: { isOn: true } },
      distinct: ['channelId'],
      select: { channelId: true },
    });
    for (const { channelId } of due) {
      if (this.#stopped || this.#busy.has(channelId)) continue;
      const work = this.#empty(channelId)
        .catch((error: unknown) => this.#services.log.error('cannot send notices', { channelId, error }))
        .finally(() => this.#busy.delete(channelId));
      this.#busy.set(channelId, work);
    }
  }

  /** Send what is due of one channel until nothing is, or it fails. */
  async #empty(channelId: string): Promise<void> {
    const { db, events } = this.#services;
    while (!this.#stopped) {
      const channel = await db.noticeChannel.findUnique({ where: { id: channelId } });
      if (!channel?.isOn) return;
      const due = await db.noticeDelivery.findMany({
        where: { channelId, dueAt: { lte: new Date() } },
        orderBy: { noticeId: 'asc' },
        take: MOST_AT_ONCE,
        include: { notice: true },
      });
      if (due.length === 0) return;
      const noticeId = { in: due.map((one) => one.noticeId) };
      const later = (await this.#heldUntil(channelId)) ?? toldAt(new Date(), quietOf(channel));
      if (later > new Date()) {
        await db.noticeDelivery.updateMany({ where: { channelId, noticeId }, data: { dueAt: later } });
        return;
      }
      const problem = await this.#try(
        channel,
        due.map(({ notice }) => notice),
      );
      if (problem === null) {
        await db.$transaction([
          db.noticeDelivery.deleteMany({ where: { channelId, noticeId } }),
          db.noticeChannel.updateMany({
            where: { id: channelId },
            data: { sentAt: new Date(), problem: null },
          }),
        ]);
      } else await this.#again(channelId, due, problem);
      events.publish({ type: 'notices.changed' });
      if (problem !== null) return;
    }
  }

  /** Older ones that wait because the channel has failed: what comes later waits with them, in order. */
  async #heldUntil(channelId: string): Promise<Date | null> {
    const held = await this.#services.db.noticeDelivery.findFirst({
      where: { channelId, tries: { gt: 0 }, dueAt: { gt: new Date() } },
      select: { dueAt: true },
    });
    return held?.dueAt ?? null;
  }

  async #try(channel: Channel, notices: readonly StoredNotice[]): Promise<string | null> {
    try {
      await this.#send(channel, notices);
      return null;
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      this.#services.log.warn('a channel takes no notices', { channel: channel.name, problem });
      return problem;
    }
  }

  /** All of them later, but those that were tried often enough: these are given up, which the channel says. */
  async #again(
    channelId: string,
    due: readonly { noticeId: bigint; tries: number }[],
    problem: string,
  ): Promise<void> {
    const { db } = this.#services;
    const tries = Math.max(...due.map((one) => one.tries)) + 1;
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(tries - 1, 20));
    const over = due.filter((one) => one.tries + 1 >= MOST_TRIES).map((one) => one.noticeId);
    const given = over.length === 0 ? '' : ` (${over.length} notices were given up)`;
    await db.$transaction([
      db.noticeDelivery.deleteMany({ where: { channelId, noticeId: { in: over } } }),
      db.noticeDelivery.updateMany({
        where: { channelId, noticeId: { in: due.map((one) => one.noticeId) } },
        data: { dueAt: new Date(Date.now() + pause), tries: { increment: 1 } },
      }),
      db.noticeChannel.updateMany({ where: { id: channelId }, data: { problem: `${problem}${given}` } }),
    ]);
    setTimeout(() => this.hurry(), pause + 50).unref();
  }
}
