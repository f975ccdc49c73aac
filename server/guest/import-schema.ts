import { z } from 'zod';
import type { ErrorCode, FieldPath } from '../errors/app-error.ts';
import { fieldName, fieldValue, MOST_FIELDS } from '../project/field-schema.ts';
import { createGuestInput, guestName, guestRef } from './schema.ts';

/** Guests that a file to import has at most. */
export const MOST_IMPORT_ROWS = 1000;
/** Characters of such a file; the server takes requests of 4 MiB. */
export const MOST_IMPORT_CHARACTERS = 2 * 1024 * 1024;

const { fields: _fields, start: _start, wait: _wait, ...created } = createGuestInput.shape;

/** A guest as a file has it: what is left out stays as it is, or is as a new guest has it. */
export const importRow = z.strictObject({
  /** Where the file has it, counted from 1. */
  line: z.number().int().min(1).max(MOST_IMPORT_CHARACTERS),
  /** Counts before the name, so that a guest can be given another one. */
  id: z.string().min(1).max(63).optional(),
  ...created,
  name: guestName,
  /** Those named; null takes a value away. */
  fields: z
    .record(fieldName, fieldValue.nullable())
    .refine(
      (all) => Object.keys(all).length <= MOST_FIELDS * 2,
      `a guest has at most ${MOST_FIELDS * 2} fields`,
    )
    .optional(),
});
export type ImportRow = z.infer<typeof importRow>;

export const planImportInput = z.object({
  rows: z
    .array(importRow)
    .min(1, 'there is no guest to import')
    .max(MOST_IMPORT_ROWS, `at most ${MOST_IMPORT_ROWS} guests are imported at once`),
});

export const importChangeInput = guestRef.extend({
  /** Of the plan that was looked at: what has changed since is told and not overwritten. */
  seen: z.string().min(1).max(100),
  row: importRow,
});

/** What importing a guest of the file would do. */
export const IMPORT_VERDICTS = ['new', 'changed', 'same', 'refused'] as const;
export type ImportVerdict = (typeof IMPORT_VERDICTS)[number];

/** One setting: `limits.memory`, `tags`, `fields.cost`. A value that is not there is null; JSON knows no other nothing. */
export interface ImportChange {
  path: string;
  from?: unknown;
  to?: unknown;
}

interface ImportProblem {
  code: ErrorCode;
  message: string;
  field: FieldPath | null;
}

export interface ImportPlanRow {
  line: number;
  name: string;
  verdict: ImportVerdict;
  /** Id of the guest that it is about; null: there is none yet, or none that one sees. */
  guest: string | null;
  /** The guest as it was looked at, for `guest.importChange`; null where there is none. */
  seen: string | null;
  changes: ImportChange[];
  /** Why it is refused. */
  problem: ImportProblem | null;
  /** What brings a changed guest back to what it is now, as a row; null where nothing changes. */
  back: ImportRow | null;
}

/** What importing a file would do, guest by guest in its order; nothing of it is done. */
export interface ImportPlan {
  rows: ImportPlanRow[];
}

/** The same guest as a new one is asked for (`guest.create`). Pure. */
export function newGuestOf(row: ImportRow): z.infer<typeof createGuestInput> {
  const { line: _line, id: _id, fields = {}, ...rest } = row;
  const given = Object.entries(fields).filter(
    (entry): entry is [string, string | number] => entry[1] !== null,
  );
  return { ...rest, ...(given.length > 0 && { fields: Object.fromEntries(given) }) };
}
