import { z } from 'zod';

/** Why a recording is over; null: it goes on. */
export type RecordingEnd =
  /** Somebody stopped it. */
  | 'stopped'
  /** The shell ended, or the guest of the console. */
  | 'ended'
  /** It reached the size that one may have. */
  | 'size'
  /** All recordings together reached theirs. */
  | 'quota'
  /** The disk is full, or refuses to be written. */
  | 'disk'
  /** The terminal was not there any more when the server came back. */
  | 'lost'
  /** The policy that wanted it does not apply any more, or another does. */
  | 'policy';

/** A recording as it is listed: an asciicast v2 file in the data folder. */
export interface RecordingView {
  id: string;
  guestId: string;
  /** The guest's name as it was then; it may be gone by now. */
  guest: string;
  /** Null: the guest's own console. */
  session: string | null;
  /** What was recorded, in words: the shell's name or command, or `console`. */
  title: string;
  /** Who the shell ran as; null for a console. */
  user: string | null;
  /** Who started it. */
  startedBy: string;
  /** Because the guest is always recorded, as `startedBy` has set it. */
  isAlways: boolean;
  /** By the policy of this project; null: by one's own, or by a button. */
  project: string | null;
  /** What that policy says of its size and its days; null: as of all recordings. */
  mostBytes: number | null;
  keepDays: number | null;
  /** What was typed is in it, too. */
  hasInput: boolean;
  startedAt: string;
  /** Null while it goes on. */
  endedAt: string | null;
  end: RecordingEnd | null;
  /** Who stopped it, when somebody did. */
  stoppedBy: string | null;
  /** Seconds that it plays. */
  seconds: number;
  /** Bytes of its file. */
  size: number;
}

/** What everybody in a terminal is told of its recording. */
export interface RecordingMark {
  id: string;
  startedBy: string;
  isAlways: boolean;
  /** By the policy of this project, which `startedBy` has set. */
  project: string | null;
  hasInput: boolean;
  startedAt: string;
}

export interface RecordingLimits {
  /** Bytes of one recording. */
  mostBytes: number;
  /** Bytes of all together. */
  quotaBytes: number;
  /** Days that one is kept after its end. */
  keepDays: number;
}

export interface RecordingsView {
  recordings: RecordingView[];
  limits: RecordingLimits;
  /** Bytes that all recordings have, those of other guests too. */
  usedBytes: number;
}

/** Whether a guest's shells and console are always recorded, or those of all guests, and who wanted that. */
export interface RecordingPolicy {
  always: boolean;
  /** All guests are, whatever one's own policy is. */
  everywhere: boolean;
  setBy: string | null;
  setAt: string | null;
  /** What its project says: it counts whatever is set here. Null: nothing. */
  project: ProjectPolicy | null;
}

export const recordingRef = z.object({ id: z.string().regex(/^[0-9a-f]{20}$/, 'not the id of a recording') });
const guest = z.string().min(1).max(200);
export const listRecordingsInput = z.object({
  /** Only those of this guest, by name or id. */
  guest: guest.optional(),
});
export const startRecordingInput = z.union([
  z.object({ session: z.string().min(1).max(64), input: z.boolean().default(false) }),
  /** A guest's own console. */
  z.object({ guest, input: z.boolean().default(false) }),
]);
const MIB = 1024 ** 2;
const mostBytes = z
  .number()
  .int()
  .min(MIB, 'a recording has at least 1 MiB')
  .max(1024 * MIB, 'a recording has at most 1 GiB: browsers play it');
const keepDays = z.number().int().min(1, 'a recording is kept for a day at least').max(36_500);
/** What is left out stays as it is. */
export const limitsInput = z.object({
  mostBytes: mostBytes.optional(),
  quotaBytes: z
    .number()
    .int()
    .min(MIB, 'recordings have at least 1 MiB')
    .max(1024 ** 5)
    .optional(),
  keepDays: keepDays.optional(),
});

/** How the terminals of a project's guests are always recorded. */
export const projectRecording = z.strictObject({
  /** What is typed, too: only where it is asked for. */
  input: z.boolean(),
  /** Bytes of one recording; null: as of all. */
  mostBytes: mostBytes.nullable(),
  /** Days that one is kept after its end; null: as of all. */
  keepDays: keepDays.nullable(),
});
export type ProjectRecording = z.infer<typeof projectRecording> & { setBy: string; setAt: string };
export type ProjectPolicy = ProjectRecording & { name: string };

/** Without a guest: of all of them. */
export const policyInput = z.object({ guest: guest.optional() });
export const setPolicyInput = policyInput.extend({ always: z.boolean() });
