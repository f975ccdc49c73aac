'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from './client.ts';

/** The user name of who is signed in; null for nobody, or while it is not known. */
export function useMyName(): string | null {
  const trpc = useTRPC();
  return useQuery(trpc.auth.me.queryOptions()).data?.user?.username ?? null;
}
