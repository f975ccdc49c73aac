import { z } from 'zod';
import { calendarDate } from '../project/field-schema.ts';

/** What happens to a guest as its day comes; `delete`: it goes into the trash. */
export const AT_EXPIRY = ['nothing', 'stop', 'delete'] as const;
export const atExpiry = z.enum(AT_EXPIRY, {
  error: `what happens as a guest expires is ${AT_EXPIRY.join(', ')}`,
});
export type AtExpiry = z.infer<typeof atExpiry>;

/** The day from whose beginning (UTC) on a guest has expired; null: it does not. */
export const expires = calendarDate.nullable();

/** Days before that a guest is marked, first and last. */
export const REMIND_DAYS = [7, 1] as const;

const DAY_MS = 24 * 3600 * 1000;

/** The day (UTC) of a moment, ms since 1970: `2026-12-31`. Pure. */
export const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

/** A day so many days later. Pure. */
export const dayAfter = (day: string, days: number) => dayOf(Date.parse(day) + days * DAY_MS);

/** Whole days from now until a guest expires: 0 and less, it has. Pure. */
export const daysUntil = (day: string, now: number) => (Date.parse(day) - Date.parse(dayOf(now))) / DAY_MS;

/** Which reminder is due: its days before (REMIND_DAYS). Null: none yet, or the day is over. Pure. */
export function dueReminder(day: string | null, now: number): number | null {
  const days = day === null ? -1 : daysUntil(day, now);
  return days < 0 ? null : (REMIND_DAYS.findLast((before) => days <= before) ?? null);
}

/** How a reminder says it: null where there is nothing to remind of yet. Pure. */
export function expiryReminder(
  day: string | null,
  now: number,
): { text: string; isLast: boolean; isOver: boolean } | null {
  if (day === null) return null;
  const days = daysUntil(day, now);
  if (days > REMIND_DAYS[0]) return null;
  const isOver = days <= 0;
  const text =
    days < 0
      ? `expired on ${day}`
      : days === 0
        ? 'has expired today'
        : days === 1
          ? 'expires tomorrow'
          : `expires in ${days} days`;
  return { text, isLast: days <= REMIND_DAYS[1], isOver };
}
