const DAY = 24 * 60;
const MINUTE_MS = 60_000;

/** `HH:MM`. Pure. */
export function timeOf(minutes: number): string {
  const two = (value: number) => `${value}`.padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** The columns of a channel as quiet hours. Pure. */
export function quietOf(row: { quietFrom: number | null; quietTo: number | null; timeZone: string }) {
  const { quietFrom: from, quietTo: to, timeZone } = row;
  return from === null || to === null ? null : { from, to, timeZone };
}

/**
 * When something that happens at `now` may be told: then, or when the quiet hours end that it falls into. `from` and `to` are minutes of
 * the day in the time zone; over midnight where `to` is before `from`. On a day when clocks change it may be told that hour
 * early, and is held again then: who sends asks once more. Pure.
 */
export function toldAt(now: Date, quiet: { from: number; to: number; timeZone: string } | null): Date {
  if (quiet === null) return now;
  const minute = minuteIn(now, quiet.timeZone);
  const { from, to } = quiet;
  const isQuiet = from < to ? minute >= from && minute < to : minute >= from || minute < to;
  if (!isQuiet) return now;
  const wait = (to - minute + DAY) % DAY;
  const start = now.getTime() - (now.getTime() % MINUTE_MS);
  return new Date(start + wait * MINUTE_MS);
}

function minuteIn(at: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at);
  const number = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return number('hour') * 60 + number('minute');
}
