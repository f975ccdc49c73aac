'use client';

import { useQuery } from '@tanstack/react-query';
import { type ApiError, useTRPC } from '../../_trpc/index.ts';
import { CommandLine, Icon } from '../../_ui/index.ts';

/** Why a change was refused; where privilege is what lacks, the command by which root grants it. */
export function DraftFailure({ failure }: { failure: ApiError | null }) {
  const trpc = useTRPC();
  const me = useQuery(trpc.auth.me.queryOptions());
  if (!failure) return null;
  return (
    <div role="alert" className="flex flex-col gap-2 rounded-md bg-bad-soft px-3 py-2 text-sm">
      <p className="wrap-anywhere flex items-start gap-2 text-bad">
        <Icon name="warning" className="mt-0.5" />
        {failure.message}
      </p>
      {failure.code === 'forbidden' && (
        <>
          <p className="text-ink">
            Whoever is root on the host can grant it to you; then apply again, the draft stays as it is.
          </p>
          <CommandLine label="CLI" text={`berth admin privileged ${me.data?.user?.username ?? 'USER'} on`} />
        </>
      )}
    </div>
  );
}
