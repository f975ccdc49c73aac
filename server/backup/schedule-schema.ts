import { z } from 'zod';

/** How often one that was made by itself is restored for a trial. */
const TRIAL_EVERY = ['never', 'day', 'week'] as const;

/** When back-ups are made by themselves, and what becomes of them. */
export const backupSchedule = z.strictObject({
  isOn: z.boolean(),
  /** Of the day, UTC: `03:30`; null: a day after the one before. */
  at: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of the day is like 03:30 (UTC)')
    .nullable(),
  /** How many of them are kept. */
  keep: z.int('a number of back-ups').min(1, 'at least one is kept').max(400, 'at most 400 are kept'),
  /** Absolute path of a folder on this host where each is copied to; null: nowhere. */
  copyTo: z
    .string()
    .regex(/^\/[^\0]*$/, 'a folder is named with its whole path')
    .max(1000)
    .nullable(),
  trial: z.enum(TRIAL_EVERY),
});
export type BackupSchedule = z.infer<typeof backupSchedule>;

export const DEFAULT_SCHEDULE: BackupSchedule = {
  ...{ isOn: true, at: null, keep: 7, copyTo: null, trial: 'week' },
};

/** What is left out stays as it is. */
export const changeScheduleInput = backupSchedule.partial();
export type ChangeScheduleInput = z.infer<typeof changeScheduleInput>;

const attempt = z.object({
  /** ISO 8601. */
  at: z.string(),
  /** Of the back-up; null where none was made. */
  name: z.string().nullable(),
  /** Why it failed; null: it did not. */
  problem: z.string().nullable(),
});

/** The last restore for a trial. */
const trial = attempt.extend({ rows: z.int(), tables: z.int(), ms: z.int(), compared: z.boolean() });
export type TrialView = z.infer<typeof trial>;

/** What a data folder remembers beside its database, which may be what is lost. */
export const scheduleFile = z.object({
  schedule: backupSchedule.default(DEFAULT_SCHEDULE),
  last: attempt.nullable().default(null),
  trial: trial.nullable().default(null),
});
export type ScheduleFile = z.infer<typeof scheduleFile>;

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/**
 * When the next is due, ms since 1970: at once where none was made since it was due; null: none will be. `lastAt`: of the newest that was
 * made by itself, not in the future. Pure.
 */
export function nextBackup({ isOn, at }: BackupSchedule, lastAt: number | null, now: number): number | null {
  if (!isOn) return null;
  if (lastAt === null) return now;
  if (at === null) return Math.max(now, lastAt + DAY);
  const minutes = Number(at.slice(0, 2)) * 60 + Number(at.slice(3));
  const today = Math.floor(now / DAY) * DAY + minutes * MINUTE;
  const due = today <= now ? today : today - DAY;
  return lastAt >= due ? due + DAY : now;
}

/** Whether a restore is to be tried of the back-up that was just made. Pure. */
export function isTrialDue({ trial }: BackupSchedule, last: TrialView | null, now: number): boolean {
  if (trial === 'never') return false;
  if (last === null || last.problem !== null || trial === 'day') return true;
  // An hour before the week is over: the one of that day is it.
  return now - Date.parse(last.at) > 7 * DAY - 60 * MINUTE;
}
