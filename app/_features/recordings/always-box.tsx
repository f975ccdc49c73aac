'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { toApiError, useMay, useTRPC } from '../../_trpc/index.ts';
import { Checkbox, Icon, notify, plural } from '../../_ui/index.ts';

export interface AlwaysBoxProps {
  /** Null: all guests. */
  guest: Pick<GuestView, 'id' | 'project' | 'alwaysRecorded'> | null;
  /** Called when it was changed. */
  onChanged: () => unknown;
}

/** Whether the terminals of a guest, or of all, are always recorded, and who has set that. */
export function AlwaysBox({ guest, onChanged }: AlwaysBoxProps) {
  const trpc = useTRPC();
  const of = guest === null ? {} : { guest: guest.id };
  const refusal = useMay()('console.use', guest?.id);
  const { data, refetch } = useQuery(trpc.recording.policy.queryOptions(of, { refetchOnMount: 'always' }));
  // Moved meanwhile: another policy.
  const project = guest?.project;
  useEffect(() => {
    if (project !== undefined) void refetch();
  }, [project, refetch]);
  const set = useMutation(
    trpc.recording.setPolicy.mutationOptions({
      onSuccess: () => Promise.all([refetch(), onChanged()]),
      onError: (error) =>
        notify({ title: 'that was not changed', detail: toApiError(error).message, tone: 'bad' }),
    }),
  );
  const team = data?.project ?? null;
  const byAll = guest !== null && data?.everywhere === true;
  // A guest's own policy is in its view, which is true also when it was set elsewhere.
  const now = guest === null ? (data?.always ?? false) : byAll || guest.alwaysRecorded;
  const always = set.isPending ? set.variables.always : now;
  const setBy = data?.always === always ? data.setBy : null;
  return (
    <div className="flex flex-col gap-1 px-4 py-3 sm:px-6">
      <Checkbox
        checked={always}
        disabledReason={refusal ?? (byAll ? 'every guest is: that is turned off under Recordings' : null)}
        label={guest === null ? 'Always record every guest' : 'Always record its shells and its console'}
        onChange={(next) => set.mutate({ ...of, always: next })}
      />
      {team && (
        <p className="flex max-w-3xl items-baseline gap-2 font-medium text-bad text-sm">
          <Icon name="dot" />
          <span className="wrap-anywhere min-w-0">
            The policy of project {team.name}, set by {team.setBy}, records them whatever is set here:{' '}
            {team.input ? 'what is shown and what is typed' : 'what is shown, never what is typed'}
            {team.keepDays !== null && `, kept for ${plural(team.keepDays, 'day')}`}.
          </span>
        </p>
      )}
      <p className="max-w-3xl text-muted text-sm">
        {setBy
          ? `Set by ${setBy}${byAll ? ' for every guest' : ''}. What is shown is written down, never what is typed; everybody in them is told.`
          : `What is shown is written down, never what is typed; everybody in them is told. ${guest === null ? 'A guest has a policy of its own under its recordings.' : 'A single terminal is recorded by its own button.'}`}
      </p>
    </div>
  );
}
