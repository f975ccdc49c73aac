'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { useTRPC } from '../../_trpc/index.ts';
import { guestQueries, MOST } from './palette-items.ts';

/** The guests that the palette's text may be about, no more than it shows; those of the text before stay until they are known. */
export function useFoundGuests(text: string): GuestView[] {
  const trpc = useTRPC();
  const [q = '', other] = guestQueries(text);
  const options = (search: string) =>
    trpc.guest.search.queryOptions({ q: search, limit: MOST }, { gcTime: 10_000 });
  const named = useQuery({ ...options(q), placeholderData: keepPreviousData }).data;
  const rest = useQuery({ ...options(other ?? q), enabled: other !== undefined }).data;
  return useMemo(() => {
    const found = new Map<string, GuestView>();
    for (const guest of [...(named?.rows ?? []), ...(rest?.rows ?? [])]) found.set(guest.id, guest);
    return [...found.values()];
  }, [named, rest]);
}
