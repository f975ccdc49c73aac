'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { useTRPC } from '../../_trpc/index.ts';
import { EMPTY_SERIES, joinHistory, withSample } from './usage-series.ts';

/** The last ten minutes of a guest: what the server remembers, and each new sample as it comes. */
export function useUsageHistory(guest: GuestView) {
  const trpc = useTRPC();
  const remembered = useQuery(
    trpc.metrics.history.queryOptions(
      { guest: guest.id },
      // The server of another host has its own.
      { refetchOnMount: 'always', enabled: guest.elsewhere === null },
    ),
  );
  const [seen, setSeen] = useState(EMPTY_SERIES);
  const { usage } = guest;
  useEffect(() => {
    if (usage) setSeen((before) => withSample(before, Date.now() / 1000, usage));
  }, [usage]);
  const history = useMemo(() => joinHistory(remembered.data ?? EMPTY_SERIES, seen), [remembered.data, seen]);
  return { history, isLoading: remembered.isLoading, error: remembered.error };
}
