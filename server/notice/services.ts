import type { Db } from '../db/client.ts';
import type { Platform } from '../platform.ts';

export interface NoticeServices extends Pick<Platform, 'db' | 'database' | 'events' | 'hosts' | 'log'> {
  /** Throws `not_found` on field `project`. */
  project(name: string): { name: string };
  /** Send what is due now. */
  hurry(): void;
}

/** A notice as it lies in the database. */
export type StoredNotice = Awaited<ReturnType<Db['notice']['findUniqueOrThrow']>>;
