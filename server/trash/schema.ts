import { z } from 'zod';
import { guestName } from '../guest/schema.ts';

/** Days that a guest stays in the trash where nobody has set another time. */
export const DEFAULT_TRASH_DAYS = 7;
/** A year: what is kept longer is no trash. */
export const MOST_TRASH_DAYS = 365;

/** One in the trash, by its id alone: several can have had the same name. */
export const trashedRef = z.object({
  guest: z.string().min(1, 'name a guest in the trash by its id').max(64),
});

export const restoreGuestInput = trashedRef.extend({
  /** Another name, for when its own was taken meanwhile. */
  name: guestName.optional(),
  wait: z.boolean().optional(),
});

export const deleteTrashedInput = trashedRef.extend({ wait: z.boolean().optional() });

export const emptyTrashInput = z.object({
  /** Only those of this project. */
  project: z.string().min(1).max(64).optional(),
});

export const setTrashDaysInput = z.object({
  /** 0: what is deleted goes for good at once. */
  days: z
    .number()
    .int('days are whole ones')
    .min(0, 'the trash keeps guests for 0 days (none at all) or more')
    .max(MOST_TRASH_DAYS, `the trash keeps guests for at most ${MOST_TRASH_DAYS} days`),
});

/** A guest in the trash as clients see it. */
export interface TrashView {
  id: string;
  name: string;
  project: string;
  kind: string;
  image: string;
  tags: string[];
  owner: string | null;
  /** What it keeps for itself; null without a network. */
  ipv4: string | null;
  trashedAt: string;
  trashedBy: string;
  /** From then on it is deleted for good. */
  until: string;
  /** Bytes on the disk of what it wrote; null: not measured. */
  sizeBytes: number | null;
  /** Another guest has its name now: it needs another one to come back. */
  nameTaken: boolean;
  /** What went wrong last. */
  problem: string | null;
  /** The operation that is at work on it. */
  operation: { id: string; kind: string } | null;
}

export interface TrashList {
  /** How long what is deleted now would stay. */
  days: number;
  guests: TrashView[];
}

/** What became of one of several. */
export interface EmptiedGuest {
  id: string;
  name: string;
  error: { code: string; message: string } | null;
}
