'use client';

import { useQuery } from '@tanstack/react-query';
import { useParams } from 'next/navigation';
import { useTRPC } from '../../_trpc/index.ts';

/** The name in the address. */
export function useGuestName(): string {
  const { name } = useParams<{ name: string }>();
  return decodeURIComponent(name);
}

/** The guest that the address names, kept true by the event stream. */
export function useGuest() {
  const name = useGuestName();
  const trpc = useTRPC();
  // Who mounts anew sees the error that is known: asking again would draw the page anew, and so for ever.
  const query = useQuery(trpc.guest.get.queryOptions({ guest: name }, { retryOnMount: false }));
  return { name, guest: query.data ?? null, error: query.error, retry: () => void query.refetch() };
}
