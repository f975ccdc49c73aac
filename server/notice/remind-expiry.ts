import { dueReminder, expiryReminder } from '../guest/expiry-schema.ts';
import type { GuestRecord } from '../guest/record.ts';
import type { GuestServices } from '../guest/services.ts';
import type { Happening } from './notice-of.ts';
import type { NoticeServices } from './services.ts';
import { tellNotice } from './tell-notice.ts';

/** ms between two looks. */
const EVERY_MS = 60_000;

const THEN = {
  nothing: '',
  stop: '; it is stopped then',
  delete: '; it is put into the trash then',
} as const;

interface Due {
  key: string;
  record: GuestRecord;
  expires: string;
  days: number;
}

/**
 * Tells once for each of REMIND_DAYS that a guest expires, and once more for another day. What was told is written down with the notice, so
 * that neither a restart nor a crash repeats it.
 */
export class ExpiryReminders {
  readonly #services: NoticeServices;
  readonly #guests: Pick<GuestServices['guests'], 'all'>;
  /** What is known to be told, so that the database is asked for what is due alone. */
  #told: ReadonlySet<string> = new Set();

  constructor(services: NoticeServices, guests: Pick<GuestServices['guests'], 'all'>) {
    this.#services = services;
    this.#guests = guests;
  }

  /** Tell what is due at `now`, ms since 1970. Never rejects: what cannot be told now is due the next time. */
  async look(now: number): Promise<void> {
    const { database, log } = this.#services;
    if (database.awaySince() !== null) return;
    const due = this.#guests.all().flatMap((record) => dueOf(record, now));
    const told = new Set(due.filter(({ key }) => this.#told.has(key)).map(({ key }) => key));
    try {
      for (const key of await this.#written(due.filter(({ key }) => !told.has(key)))) told.add(key);
    } catch (error) {
      log.error('cannot read which reminders were told', { error });
      return;
    }
    // One after the other: thousands that expire on one day must not hold up all else.
    for (const one of due) {
      if (told.has(one.key)) continue;
      try {
        await this.#tell(one, now);
        told.add(one.key);
      } catch (error) {
        log.error('cannot tell that a guest expires', { guest: one.record.name, error });
      }
    }
    this.#told = told;
  }

  async #written(due: readonly Due[]): Promise<string[]> {
    if (due.length === 0) return [];
    const rows = await this.#services.db.expiryReminder.findMany({
      where: { guestId: { in: due.map(({ record }) => record.id) } },
    });
    return rows.map(({ guestId, expires, days }) => keyOf(guestId, expires.toISOString().slice(0, 10), days));
  }

  async #tell({ record, expires, days }: Due, now: number): Promise<void> {
    await tellNotice(this.#services, happeningOf(record, expires, now), (tx) =>
      tx.expiryReminder.create({ data: { guestId: record.id, expires: new Date(expires), days } }),
    );
  }
}

const keyOf = (id: string, expires: string, days: number) => `${id} ${expires} ${days}`;

function dueOf(record: GuestRecord, now: number): Due[] {
  const { id, expires } = record;
  const days = dueReminder(expires, now);
  if (expires === null || days === null) return [];
  return [{ key: keyOf(id, expires, days), record, expires, days }];
}

function happeningOf({ id, name, project, atExpiry }: GuestRecord, expires: string, now: number): Happening {
  const reminder = expiryReminder(expires, now);
  const then = reminder?.isOver ? '' : THEN[atExpiry];
  const text = `${name} ${reminder?.text ?? 'expires'} (${expires}, UTC)${then}`;
  return { kind: 'guest.expiry', guest: { id, name }, project, text };
}

/** Look now and each minute. Call the result to look no more, and wait for what is being written. */
export function watchReminders(
  services: NoticeServices,
  guests: Pick<GuestServices['guests'], 'all'>,
): () => Promise<void> {
  const reminders = new ExpiryReminders(services, guests);
  let looking: Promise<void> | null = null;
  const look = () => {
    looking ??= reminders.look(Date.now()).finally(() => {
      looking = null;
    });
  };
  look();
  const timer = setInterval(look, EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await looking;
  };
}
