'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useParams } from 'next/navigation';
import { toApiError, useTRPC } from '../../_trpc/index.ts';
import {
  Button,
  ButtonLink,
  buttonClass,
  EmptyState,
  ErrorState,
  formatBytes,
  Page,
  PageHeader,
  RelativeTime,
  Skeleton,
} from '../../_ui/index.ts';
import { Player } from './player.tsx';
import { describeEnd, titleOf } from './recording-words.ts';
import { useCast } from './use-cast.ts';
import { useMarks } from './use-marks.ts';

/** One recording, to be played. */
export function RecordingPage() {
  const { id } = useParams<{ id: string }>();
  const trpc = useTRPC();
  const query = useQuery(trpc.recording.get.queryOptions({ id }, { refetchOnMount: 'always' }));
  const file = useCast(id);
  const recording = query.data;
  const marks = useMarks(recording, file.data);
  if (!recording) {
    const error = query.error ? toApiError(query.error) : null;
    const isMissing = error?.code === 'not_found' || error?.code === 'bad_input';
    return (
      <Page>
        {!error && <Skeleton className="m-6 w-64" />}
        {isMissing && (
          <EmptyState
            title="There is no such recording"
            action={<ButtonLink href="/recordings">All recordings</ButtonLink>}
          >
            It was deleted or was too old, or it is of a guest that you may not enter.
          </EmptyState>
        )}
        {error && !isMissing && (
          <ErrorState
            title="The recording could not be read"
            message={error.message}
            onRetry={() => void query.refetch()}
          />
        )}
      </Page>
    );
  }
  const { guest, startedBy, startedAt, size, hasInput, endedAt } = recording;
  return (
    <Page>
      <PageHeader
        title={titleOf(recording)}
        summary={
          <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
            <Link
              href={`/guests/${encodeURIComponent(guest)}/recordings`}
              className="text-accent hover:underline"
            >
              {guest}
            </Link>
            <span>
              by {startedBy}, <RelativeTime at={startedAt} />
            </span>
            <span>{formatBytes(size)}</span>
            {hasInput && <span>with what was typed</span>}
            <span>{describeEnd(recording) ?? 'it goes on'}</span>
          </div>
        }
        actions={
          <>
            {endedAt === null && (
              <Button
                busy={file.isFetching}
                onClick={() => void Promise.all([query.refetch(), file.refetch()])}
              >
                Read what is new
              </Button>
            )}
            <a href={`/api/recordings/${id}.cast`} download className={buttonClass()}>
              Download
            </a>
          </>
        }
      />
      {file.data && <Player key={`${id} ${file.dataUpdatedAt}`} id={id} cast={file.data} marks={marks} />}
      {!file.data && file.error && (
        <ErrorState
          title="The recording cannot be played"
          message={file.error.message}
          onRetry={() => void file.refetch()}
        />
      )}
      {!file.data && !file.error && <Skeleton className="m-6 w-64" />}
    </Page>
  );
}
