'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { NamespacePeer } from '../../../server/guest/namespace-rules-schema.ts';
import { useTRPC } from '../../_trpc/index.ts';

/** The guests but this one (null: all), by name, for who may share a namespace with whom. */
export function usePeers(id: string | null): NamespacePeer[] {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.guest.list.queryOptions());
  return useMemo(
    () =>
      (data ?? [])
        .filter((guest) => guest.id !== id)
        .map(({ name, kind, isolation, initPid }) => ({ name, kind, isolation, running: initPid !== null }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    [data, id],
  );
}
