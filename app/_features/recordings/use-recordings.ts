'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../../_trpc/index.ts';

/** ms between two looks: those that go on grow, and nobody tells the page of it. */
const LOOK_AGAIN = 3000;

/** The recordings of a guest, by its id; null: of all. */
export function useRecordings(guest: string | null) {
  const trpc = useTRPC();
  const input = guest === null ? {} : { guest };
  return useQuery(
    trpc.recording.list.queryOptions(input, { refetchOnMount: 'always', refetchInterval: LOOK_AGAIN }),
  );
}
