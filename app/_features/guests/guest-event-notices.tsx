'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type GuestEvent, onGuestEvent, useTRPC } from '../../_trpc/index.ts';
import { notify, type Tone } from '../../_ui/index.ts';
import { openGuestDialog } from './guest-dialog-store.ts';

/** Those that somebody should know of wherever they are; the others show on the guest's own pages. */
const TOLD: Partial<Record<GuestEvent['kind'], Tone>> = {
  'oom-kill': 'bad',
  'memory-full': 'wait',
  'pids-refused': 'wait',
};

/** Tells on any page what the kernel did to a guest: one notice of each kind and guest, the newest. Renders nothing. */
export function GuestEventNotices() {
  const queries = useQueryClient();
  const trpc = useTRPC();
  useEffect(
    () =>
      onGuestEvent((event) => {
        const tone = TOLD[event.kind];
        if (!tone) return;
        const decide = () => {
          const asked = queries.fetchQuery(trpc.guest.get.queryOptions({ guest: event.guest }));
          // One that is gone meanwhile has nothing left to decide.
          asked.then((guest) => openGuestDialog({ kind: 'memory', guest })).catch(() => undefined);
        };
        notify({
          title: event.name,
          detail: event.message,
          tone,
          about: `${event.guest} ${event.kind}`,
          ...(event.kind === 'memory-full' && { action: { label: 'Decide…', run: decide } }),
        });
      }),
    [queries, trpc],
  );
  return null;
}
