import type { RecordingEnd, RecordingView } from '../../../server/recording/schema.ts';

const ENDS: Record<RecordingEnd, string> = {
  stopped: 'stopped',
  ended: 'the terminal ended',
  size: 'ended at the largest size that one may have',
  quota: 'ended because all recordings together had used up their room',
  disk: 'ended because the disk was full or could not be written',
  lost: 'the terminal was gone when the server came back',
};

/** Why a recording ended, in words; null while it goes on. */
export function describeEnd({ end, stoppedBy }: Pick<RecordingView, 'end' | 'stoppedBy'>): string | null {
  if (end === null) return null;
  return end === 'stopped' && stoppedBy ? `stopped by ${stoppedBy}` : ENDS[end];
}

/** What was recorded, in words. */
export function titleOf({
  title,
  guest,
  session,
}: Pick<RecordingView, 'title' | 'guest' | 'session'>): string {
  return session === null ? `console of ${guest}` : `${title} in ${guest}`;
}
