import { type ProjectRecording, projectRecording } from '../../../server/recording/schema.ts';
import { formatBytes, parseBytes } from '../../_ui/index.ts';

/** What a project says of recording, as it is typed. */
export interface RecordingDraft {
  always: boolean;
  input: boolean;
  mostBytes: string;
  keepDays: string;
}

type Change = Pick<ProjectRecording, 'input' | 'mostBytes' | 'keepDays'>;
export type RecordingProblem = { at: 'mostBytes' | 'keepDays'; message: string };

/** Pure. */
export function draftOfRecording(recording: ProjectRecording | null): RecordingDraft {
  const { input = false, mostBytes = null, keepDays = null } = recording ?? {};
  return {
    ...{ always: recording !== null, input },
    mostBytes: mostBytes === null ? '' : formatBytes(mostBytes),
    keepDays: keepDays === null ? '' : String(keepDays),
  };
}

/** What is sent, or which field says nothing that can be read; empty is as of all. A size that was left as it was keeps its exact value. Pure. */
export function readRecordingDraft(
  draft: RecordingDraft,
  before: ProjectRecording | null,
): { recording: Change | null } | RecordingProblem {
  if (!draft.always) return { recording: null };
  const shown = draftOfRecording(before);
  const size = draft.mostBytes.trim();
  const days = draft.keepDays.trim();
  const isLeft = before !== null && size === shown.mostBytes;
  const mostBytes = isLeft ? before.mostBytes : size === '' ? null : parseBytes(size);
  const read = projectRecording.safeParse({
    ...{ input: draft.input, mostBytes, keepDays: days === '' ? null : Number(days) },
  });
  if (read.success) return { recording: read.data };
  const issue = read.error.issues[0];
  const at = issue?.path[0] === 'keepDays' ? 'keepDays' : 'mostBytes';
  const text = at === 'keepDays' ? days : size;
  const isNumber = !Number.isNaN(at === 'keepDays' ? Number(days) : mostBytes);
  const hint = at === 'keepDays' ? '1 to 36500 days' : '1 MiB to 1 GiB, such as 64 MiB';
  return { at, message: `${text} is ${isNumber ? 'out of range' : 'no amount'}: write ${hint}, or nothing` };
}
