'use client';

import { useMemo, useState } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { toApiError, useTRPCClient } from '../../_trpc/index.ts';
import { notify } from '../../_ui/index.ts';
import { fetchGuests } from './fetch-guests.ts';
import type { GuestSearch } from './use-guest-search.ts';

/**
 * The chosen guests. What the filter hides is not acted upon: nobody changes a guest that they do not see listed. To choose all asks
 * the server for those that were not seen yet. `rows`: null for those that are not known; `headings` stand where no guest is.
 */
export function useChoice(
  rows: readonly (GuestView | null)[],
  { q }: GuestSearch,
  headings?: ReadonlyMap<number, unknown>,
) {
  const api = useTRPCClient();
  const [selected, choose] = useState<ReadonlySet<string>>(new Set());
  const [fetched, setFetched] = useState<{ q: string; guests: GuestView[] }>({ q: '', guests: [] });

  const chosen = useMemo(() => {
    const known = new Map(fetched.q === q ? fetched.guests.map((guest) => [guest.id, guest]) : []);
    for (const row of rows) if (row) known.set(row.id, row);
    return [...known.values()].filter(({ id }) => selected.has(id));
  }, [rows, fetched, q, selected]);

  const chooseAll = async (on: boolean) => {
    if (!on) return choose(new Set());
    const isKnown = rows.every((row, index) => row !== null || headings?.has(index));
    if (isKnown) return choose(new Set(rows.flatMap((row) => (row ? [row.id] : []))));
    try {
      const guests = await fetchGuests(api, { q, sort: '', group: '' });
      setFetched({ q, guests });
      choose(new Set(guests.map(({ id }) => id)));
    } catch (error) {
      notify({ title: 'could not choose all', detail: toApiError(error).message, tone: 'bad' });
    }
  };
  return { selected, chosen, choose, chooseAll: (on: boolean) => void chooseAll(on) };
}
