'use client';

import { Suspense } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { Chip } from '../../_ui/index.ts';
import { useUrlState } from '../guests/index.ts';
import { OperationList } from '../operation/index.ts';
import { GuestEventList } from './guest-event-list.tsx';
import { useGuest } from './use-guest.ts';

/** What was done to this guest, and what the kernel did to it; the choice is in the address. */
export function ActivityPage() {
  const { guest } = useGuest();
  return guest ? (
    <Suspense>
      <Activity guest={guest} />
    </Suspense>
  ) : null;
}

function Activity({ guest }: { guest: GuestView }) {
  const url = useUrlState();
  const showsEvents = url.get('show') === 'events';
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 px-4 py-2 sm:px-6">
        <Chip pressed={!showsEvents} onClick={() => url.set({ show: null })}>
          Operations
        </Chip>
        <Chip pressed={showsEvents} onClick={() => url.set({ show: 'events' })}>
          Kernel events
        </Chip>
        <span className="min-w-0 text-muted text-sm">
          {showsEvents
            ? 'What the kernel did to it, as it happens: the last 200 since the server started.'
            : 'What was done to it, by whom, and how it went.'}
        </span>
      </div>
      {showsEvents ? (
        <GuestEventList guest={guest} />
      ) : (
        // Asked by its id: operations under an earlier name belong to it too.
        <OperationList filter={{ subject: guest.id }} empty={`Nothing was done to ${guest.name} yet`} />
      )}
    </>
  );
}
