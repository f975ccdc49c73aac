'use client';

import { Suspense } from 'react';
import { Skeleton } from '../../_ui/index.ts';
import { ConsolePage, TerminalPage } from '../terminal/index.ts';
import { useGuest } from './use-guest.ts';

/** The Terminal tab. It shows before the guest is read: an operation's steps need no guest. */
export function GuestTerminalPage() {
  const { name, guest } = useGuest();
  return (
    <Suspense>
      <TerminalPage guest={name} view={guest} />
    </Suspense>
  );
}

/** The Console tab. */
export function GuestConsolePage() {
  const { guest } = useGuest();
  return guest ? <ConsolePage key={guest.id} guest={guest} /> : <Skeleton className="m-4 w-48" />;
}
