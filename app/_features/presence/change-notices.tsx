'use client';

import { useQueryClient } from '@tanstack/react-query';
import { usePathname, useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { onEvent, useMyName, useTRPC } from '../../_trpc/index.ts';
import { notify, useStable } from '../../_ui/index.ts';
import { ChangeTeller, changeOf } from './change-words.ts';
import { placeOf } from './place-of.ts';

/** Tells what another person has done to the guest whose page is open: one line at a time, with the way to all of them. Renders nothing. */
export function ChangeNotices() {
  const queries = useQueryClient();
  const trpc = useTRPC();
  const router = useRouter();
  const me = useMyName();
  const { guest: shown } = placeOf(usePathname());
  const [teller] = useState(() => new ChangeTeller());
  const take = useStable((event: Parameters<typeof changeOf>[0]) => {
    if (shown === undefined) return;
    const change = changeOf(event);
    if (!change || change.by === me) return;
    const { guest } = change;
    const known = queries.getQueryData(trpc.guest.get.queryKey({ guest: shown }));
    if (guest.name !== shown && guest.id !== known?.id) return;
    const activity = `/guests/${encodeURIComponent(known?.name ?? guest.name)}/activity`;
    const line = teller.tell(change);
    if (!line) return;
    notify({
      ...line,
      ...{ tone: 'idle', icon: 'user', about: `changes of ${guest.id}` },
      action: { label: 'Activity', run: () => router.push(activity) },
    });
  });
  useEffect(() => onEvent(take), [take]);
  return null;
}
