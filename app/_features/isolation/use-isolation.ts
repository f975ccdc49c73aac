'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { toApiError, useTRPC } from '../../_trpc/index.ts';

/**
 * How a guest is separated at this moment. Read again when the event stream tells of a change that can be seen in it: a
 * start or stop, new settings; never by time.
 */
export function useIsolation(name: string) {
  const trpc = useTRPC();
  const query = useQuery(trpc.isolation.view.queryOptions({ guest: name }, { refetchOnMount: 'always' }));
  const guest = useQuery(trpc.guest.get.queryOptions({ guest: name })).data;
  const state =
    guest && JSON.stringify([guest.initPid, guest.state, guest.isolation, guest.init, guest.kind]);
  const seen = useRef<string | undefined>(undefined);
  const { refetch } = query;
  useEffect(() => {
    const before = seen.current;
    seen.current = state;
    if (before !== undefined && state !== undefined && before !== state) void refetch();
  }, [state, refetch]);
  return {
    view: query.data ?? null,
    error: query.error ? toApiError(query.error).message : null,
    isReading: query.isFetching,
    readAgain: () => void refetch(),
  };
}
