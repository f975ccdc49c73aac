'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import type { GuestView } from '../../../server/guest/schema.ts';
import { toApiError, useMay, useTRPC } from '../../_trpc/index.ts';
import { Checkbox, notify } from '../../_ui/index.ts';
import { RecordingList } from './recording-list.tsx';
import { useRecordings } from './use-recordings.ts';

/** The recordings of one guest, and whether its terminals are always recorded. */
export function GuestRecordings({ guest }: { guest: GuestView }) {
  const trpc = useTRPC();
  const list = useRecordings(guest.id);
  const refusal = useMay()('console.use', guest.id);
  const policy = useQuery(
    trpc.recording.policy.queryOptions({ guest: guest.id }, { refetchOnMount: 'always' }),
  );
  const set = useMutation(
    trpc.recording.setPolicy.mutationOptions({
      onSuccess: () => Promise.all([policy.refetch(), list.refetch()]),
      onError: (error) =>
        notify({ title: 'that was not changed', detail: toApiError(error).message, tone: 'bad' }),
    }),
  );
  const always = set.isPending ? set.variables.always : (policy.data?.always ?? false);
  return (
    <>
      <div className="flex flex-col gap-1 px-4 py-3 sm:px-6">
        <Checkbox
          checked={always}
          disabledReason={refusal}
          label="Always record its shells and its console"
          onChange={(next) => set.mutate({ guest: guest.id, always: next })}
        />
        <p className="max-w-3xl text-muted text-sm">
          {policy.data?.setBy
            ? `Set by ${policy.data.setBy}. What is shown is written down, never what is typed; everybody in them is told.`
            : 'What is shown is written down, never what is typed; everybody in them is told. A single terminal is recorded by its own button.'}
        </p>
      </div>
      <RecordingList list={list} showsGuest={false} />
    </>
  );
}
