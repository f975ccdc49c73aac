'use client';

import { useMutation } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import type { RecordingsView, RecordingView } from '../../../server/recording/schema.ts';
import { toApiError, useMay, useTRPC } from '../../_trpc/index.ts';
import {
  Button,
  buttonClass,
  Dialog,
  EmptyState,
  ErrorState,
  formatBytes,
  Icon,
  IconButton,
  notify,
  plural,
  RelativeTime,
  Skeleton,
} from '../../_ui/index.ts';
import { formatClock } from './cast.ts';
import { describeEnd, describeOrigin, titleOf } from './recording-words.ts';

interface ListQuery {
  data: RecordingsView | undefined;
  error: unknown;
  refetch: () => unknown;
}

/** Recordings, newest first: what, who, when, how long, how large; each can be seen, stopped, taken away and deleted. */
export function RecordingList({ list, showsGuest }: { list: ListQuery; showsGuest: boolean }) {
  const trpc = useTRPC();
  const [deleting, setDeleting] = useState<RecordingView | null>(null);
  const failed = (title: string) => (error: unknown) =>
    notify({ title, detail: toApiError(error).message, tone: 'bad' });
  const onSuccess = () => list.refetch();
  const stop = useMutation(
    trpc.recording.stop.mutationOptions({ onSuccess, onError: failed('the recording was not stopped') }),
  );
  const remove = useMutation(
    trpc.recording.delete.mutationOptions({ onSuccess, onError: failed('the recording was not deleted') }),
  );
  if (!list.data) {
    return list.error ? (
      <ErrorState
        title="The recordings cannot be read"
        message={toApiError(list.error).message}
        onRetry={() => void list.refetch()}
      />
    ) : (
      <div role="status" aria-label="reading the recordings" className="flex max-w-4xl flex-col gap-5 p-6">
        <Skeleton />
        <Skeleton />
      </div>
    );
  }
  if (list.data.recordings.length === 0) {
    return (
      <EmptyState title="Nothing was recorded yet">
        The button <Icon name="dot" size={12} className="inline" /> in a terminal records it from then on;
        everybody in it is told.
      </EmptyState>
    );
  }
  return (
    <>
      <ul className="mx-4 max-w-4xl border-line border-t sm:mx-6">
        {list.data.recordings.map((recording) => (
          <RecordingRow
            key={recording.id}
            recording={recording}
            showsGuest={showsGuest}
            onStop={() => stop.mutate({ id: recording.id })}
            onDelete={() => setDeleting(recording)}
          />
        ))}
      </ul>
      {deleting && (
        <Dialog
          open
          onClose={() => setDeleting(null)}
          title={`Delete the recording of ${titleOf(deleting)}?`}
          description={`${formatClock(deleting.seconds)} of what was shown, recorded by ${deleting.startedBy}, are gone for good.`}
          actions={
            <>
              <Button onClick={() => setDeleting(null)}>Keep it</Button>
              <Button
                look="danger"
                onClick={() => {
                  remove.mutate({ id: deleting.id });
                  setDeleting(null);
                }}
              >
                Delete the recording
              </Button>
            </>
          }
        />
      )}
    </>
  );
}

function RecordingRow(props: {
  recording: RecordingView;
  showsGuest: boolean;
  onStop: () => void;
  onDelete: () => void;
}) {
  const { recording, showsGuest, onStop, onDelete } = props;
  const may = useMay();
  const refusal = may('console.use', recording.guestId);
  const { id, title, guest, user, isAlways, project, keepDays, hasInput, startedAt, seconds, size } =
    recording;
  // Who is recorded by a policy does not take it away before its days are over.
  const kept = project === null ? null : may('project.manage');
  const isRunning = recording.endedAt === null;
  const name = titleOf(recording);
  return (
    <li className="flex items-start gap-2 border-line border-b py-3">
      <div className="min-w-0 flex-1">
        <h2 className="min-w-0 font-medium text-base">
          <Link
            href={`/recordings/${id}`}
            className="flex min-w-0 items-center gap-2 rounded-sm text-accent hover:underline"
          >
            <Icon name={isRunning ? 'dot' : 'play'} className={isRunning ? 'text-bad' : undefined} />
            <span className="truncate">{showsGuest ? name : title}</span>
          </Link>
        </h2>
        <p className="flex flex-wrap gap-x-4 text-muted text-sm">
          {isRunning && <span className="font-medium text-bad">recording</span>}
          {showsGuest && <span className="font-mono">{guest}</span>}
          {user && <span>as {user}</span>}
          <span>
            {describeOrigin(recording)}, <RelativeTime at={startedAt} />
          </span>
          <span className="tabular-nums">{formatClock(seconds)}</span>
          <span className="tabular-nums">{formatBytes(size)}</span>
          {hasInput && <span>with what was typed</span>}
          {keepDays !== null && <span>kept for {plural(keepDays, 'day')}</span>}
          {!isRunning && <span>{describeEnd(recording)}</span>}
        </p>
      </div>
      {isRunning && !isAlways && (
        <IconButton
          icon="stop"
          label={`Stop the recording of ${name}`}
          disabledReason={refusal}
          onClick={onStop}
        />
      )}
      <a
        href={`/api/recordings/${id}.cast`}
        download
        aria-label={`Download the recording of ${name}`}
        title="Download as asciicast"
        className={buttonClass('quiet')}
      >
        <Icon name="download" />
      </a>
      <IconButton
        icon="trash"
        label={`Delete the recording of ${name}`}
        disabledReason={refusal ?? kept ?? (isRunning ? 'it goes on: stop it first' : null)}
        onClick={onDelete}
      />
    </li>
  );
}
