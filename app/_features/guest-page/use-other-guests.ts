'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTRPC } from '../../_trpc/index.ts';

/** More than a list to choose from can show; who has more writes the name in the YAML. */
const MOST = 200;

/** Names of the running guests but this one: those whose namespaces it could join. */
export function useOtherGuests(id: string): string[] {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.guest.list.queryOptions());
  return useMemo(
    () =>
      (data ?? [])
        .filter((guest) => guest.id !== id && guest.initPid !== null)
        .map(({ name }) => name)
        .sort()
        .slice(0, MOST),
    [data, id],
  );
}
