import type { RecordingEnd, RecordingView } from '../../../server/recording/schema.ts';

const ENDS: Record<RecordingEnd, string> = {
  stopped: 'stopped',
  ended: 'the terminal ended',
  size: 'ended at the largest size that one may have',
  quota: 'ended because all recordings together had used up their room',
  disk: 'ended because the disk was full or could not be written',
  lost: 'the terminal was gone when the server came back',
  policy: 'ended because the policy is another now',
};

/** Why a recording ended, in words; null while it goes on. */
export function describeEnd({ end, stoppedBy }: Pick<RecordingView, 'end' | 'stoppedBy'>): string | null {
  if (end === null) return null;
  return end === 'stopped' && stoppedBy ? `stopped by ${stoppedBy}` : ENDS[end];
}

/** Who wanted it, in words. */
export function describeOrigin({
  isAlways,
  project,
  startedBy,
}: Pick<RecordingView, 'isAlways' | 'project' | 'startedBy'>): string {
  if (project !== null) return `by the policy of project ${project}, set by ${startedBy}`;
  return isAlways ? `always recorded, set by ${startedBy}` : `by ${startedBy}`;
}

/** What was recorded, in words. */
export function titleOf({
  title,
  guest,
  session,
}: Pick<RecordingView, 'title' | 'guest' | 'session'>): string {
  return session === null ? `console of ${guest}` : `${title} in ${guest}`;
}
