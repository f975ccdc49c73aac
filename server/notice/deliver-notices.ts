import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from '../db/client.ts';
import { explainDatabase } from '../errors/explain-database.ts';
import { quietOf, toldAt } from './quiet-hours.ts';
import { sendMail } from './send-mail.ts';
import { sendWebhook } from './send-webhook.ts';
import type { NoticeServices, StoredNotice } from './services.ts';

/** Notices that go together at the most. */
const MOST_AT_ONCE = 100;
/** ms until a channel that has failed is tried again, doubled each time. */
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** ms after which a notice that a channel has not taken is given up, and how many wait for one at the most, the newest. */
const GIVEN_UP_MS = 86_400_000;
const MOST_WAITING = 1000;
/** ms at the most until it is looked again, whatever happens: clocks are set. */
const LOOK_MS = 60_000;
/** ms that a stop waits for what is under way; it is sent again after the next start. */
const STOP_MS = 5000;

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
  readonly #services: Pick<NoticeServices, 'db' | 'events' | 'hosts' | 'log'>;
  readonly #send: Send;
  readonly #busy = new Map<string, Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(services: Pick<NoticeServices, 'db' | 'events' | 'hosts' | 'log'>, how: Send = send) {
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
    const late = pause(STOP_MS, undefined, { ref: false });
    await Promise.race([Promise.all(this.#busy.values()), late]);
  }

  /** What another server wrote down, that one sends. */
  #own(): { installationId: string } {
    return { installationId: this.#services.hosts.own };
  }

  async #look(): Promise<void> {
    const due = await this.#services.db.noticeDelivery.groupBy({
      by: ['channelId'],
      where: { ...this.#own(), dueAt: { lte: new Date() }, channel: { isOn: true } },
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
        where: { ...this.#own(), channelId, dueAt: { lte: new Date() } },
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
        // The channel first, as who changes it does: neither waits for the other.
        await db.$transaction([
          db.noticeChannel.updateMany({
            where: { id: channelId },
            data: { sentAt: new Date(), problem: null },
          }),
          db.noticeDelivery.deleteMany({ where: { channelId, noticeId } }),
        ]);
      } else await this.#again(channel, due, problem);
      events.publish({ type: 'notices.changed' });
      if (problem !== null) return;
    }
  }

  /** Older ones that wait because the channel has failed: what comes later waits with them, in order. */
  async #heldUntil(channelId: string): Promise<Date | null> {
    const held = await this.#services.db.noticeDelivery.findFirst({
      where: { ...this.#own(), channelId, tries: { gt: 0 }, dueAt: { gt: new Date() } },
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

  /** All of them later, but those that have waited for a day, or are too many: these are given up, which the channel says. */
  async #again(
    channel: Channel,
    due: readonly { noticeId: bigint; tries: number }[],
    problem: string,
  ): Promise<void> {
    const { db } = this.#services;
    const { id: channelId, url } = channel;
    const own = this.#own();
    const tries = Math.max(...due.map((one) => one.tries)) + 1;
    const wait = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(tries - 1, 20));
    const isHere = await db.$transaction(async (tx) => {
      // It was changed while that was under way: what it has now is tried at once.
      const { count } = await tx.noticeChannel.updateMany({
        where: { id: channelId, url },
        data: { problem },
      });
      if (count === 0) return false;
      const newest = await tx.noticeDelivery.findFirst({
        ...{ where: { ...own, channelId }, orderBy: { noticeId: 'desc' }, skip: MOST_WAITING },
        select: { noticeId: true },
      });
      const over = await tx.noticeDelivery.deleteMany({
        where: {
          ...own,
          channelId,
          OR: [
            { notice: { at: { lt: new Date(Date.now() - GIVEN_UP_MS) } } },
            { noticeId: { lte: newest?.noticeId ?? -1n } },
          ],
        },
      });
      await tx.noticeDelivery.updateMany({
        where: { channelId, noticeId: { in: due.map((one) => one.noticeId) } },
        data: { dueAt: new Date(Date.now() + wait), tries },
      });
      if (over.count > 0)
        await tx.noticeChannel.updateMany({
          where: { id: channelId },
          data: { problem: `${problem} (${over.count} notices were given up)` },
        });
      return true;
    });
    setTimeout(() => this.hurry(), isHere ? wait + 50 : 0).unref();
  }
}
