'use client';

import Link from 'next/link';
import type { RecordingMark } from '../../../server/recording/schema.ts';
import { toApiError, useTRPCClient } from '../../_trpc/index.ts';
import { Button, Icon, notify, RelativeTime } from '../../_ui/index.ts';

function originOf({ isAlways, project, startedBy }: RecordingMark): string {
  if (project !== null) return `by the policy of project ${project}, set by ${startedBy}`;
  return isAlways ? `always, as set by ${startedBy}` : `started by ${startedBy}`;
}

/** Told to everybody in a terminal while it is recorded: by whom, since when, and whether what they type is in it. */
export function RecordingBar({ mark, canStop }: { mark: RecordingMark | null; canStop: boolean }) {
  const api = useTRPCClient();
  if (mark === null) return null;
  const stop = () =>
    api.recording.stop
      .mutate({ id: mark.id })
      .catch((error: unknown) =>
        notify({ title: 'the recording was not stopped', detail: toApiError(error).message, tone: 'bad' }),
      );
  return (
    <div
      role="status"
      aria-label="recording"
      className="flex flex-wrap items-center gap-2 border-bad border-b-2 bg-bad-soft px-3 py-1 text-bad text-sm"
    >
      <Icon name="dot" />
      <span className="wrap-anywhere min-w-0 flex-1">
        <strong>Recording</strong>, {originOf(mark)}, <RelativeTime at={mark.startedAt} />:{' '}
        {mark.hasInput ? 'what is shown and what is typed' : 'what is shown'}
      </span>
      <Link href={`/recordings/${mark.id}`} className="rounded-sm underline">
        See it
      </Link>
      {canStop && !mark.isAlways && <Button onClick={() => void stop()}>Stop recording</Button>}
    </div>
  );
}
