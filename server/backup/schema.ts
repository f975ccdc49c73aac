import { z } from 'zod';
import type { BackupSchedule, ScheduleFile, TrialView } from './schedule-schema.ts';

/** Why a back-up was made: asked for, the day's, before the schema changed, before another one was restored, before it was moved. */
export const BACKUP_REASONS = ['manual', 'daily', 'migration', 'restore', 'move'] as const;
export const backupReason = z.enum(BACKUP_REASONS);
export type BackupReason = z.infer<typeof backupReason>;

/** What lies beside each back-up and tells whether it is whole. */
export const backupFacts = z.object({
  reason: backupReason,
  /** ISO 8601: the moment that the back-up shows. */
  at: z.string(),
  bytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** The last migration of its schema; null for an empty database. */
  migration: z.string().nullable(),
});
export type BackupFacts = z.infer<typeof backupFacts>;

/** A back-up of the database, as the console and the command line show it. */
export interface BackupView extends BackupFacts {
  /** Its file in `folder`: `20261124T083000Z-daily.dump`. */
  name: string;
}

export interface BackupsView {
  /** Where they lie, root's only. */
  folder: string;
  /** Newest first. */
  backups: BackupView[];
  /** Why the last attempt at one by itself failed; null when it did not. */
  problem: string | null;
  schedule: BackupSchedule;
  /** The last attempt at one by itself; null: there was none. */
  last: ScheduleFile['last'];
  /** The last restore for a trial; null: there was none. */
  trial: TrialView | null;
  /** ISO 8601: when the next is made by itself; null: switched off. */
  nextAt: string | null;
}

/** Of a restore for a trial: its name, or the newest. */
export const tryBackupInput = z.strictObject({ backup: z.string().min(1).max(300).optional() });
